import type { Brand } from '@/domain/firm'

/** Fonts a firm may choose; each is served from the firm's own host. */
const FONTS: Record<string, string> = {
  inter: "'Inter', ui-sans-serif, system-ui, sans-serif",
  system: "ui-sans-serif, system-ui, 'Segoe UI', sans-serif",
}

/** Gives the page the firm's hue, chroma, radius and density, through the style object: the policy refuses style text. */
export function applyBrand(root: HTMLElement, brand: Brand): void {
  root.style.setProperty('--h', String(brand.hue))
  root.style.setProperty('--c', String(brand.chroma))
  root.style.setProperty('--r', `${brand.radius}px`)
  const font = FONTS[brand.font.toLowerCase()]
  if (font) root.style.setProperty('--font-sans', font)
  if (brand.density === 'calm') root.setAttribute('data-density', 'calm')
  else root.removeAttribute('data-density')
}
