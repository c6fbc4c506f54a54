import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, type Oklch } from './oklch'

const css = readFileSync('src/styles/tokens.css', 'utf8')
const declared = new Map([...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((found) => [found[1] ?? '', (found[2] ?? '').trim()]))

/** Reads a token out of the style sheet itself, for one scheme and one brand. */
function token(name: string, scheme: 'light' | 'dark', h: number, c: number): Oklch {
  const text = declared.get(name)
  if (text === undefined) throw new Error(`no token --${name}`)
  return colour(text, scheme, h, c)
}

function colour(text: string, scheme: 'light' | 'dark', h: number, c: number): Oklch {
  const pair = /^light-dark\((.+)\)$/s.exec(text)
  if (pair) {
    const inner = pair[1] ?? ''
    let depth = 0
    let comma = -1
    for (let at = 0; at < inner.length && comma < 0; at++) {
      if (inner[at] === '(') depth++
      else if (inner[at] === ')') depth--
      else if (inner[at] === ',' && depth === 0) comma = at
    }
    return colour((scheme === 'light' ? inner.slice(0, comma) : inner.slice(comma + 1)).trim(), scheme, h, c)
  }
  const reference = /^var\(--([\w-]+)\)$/.exec(text)
  if (reference) return token(reference[1] ?? '', scheme, h, c)
  if (text === '#fff') return { l: 1, c: 0, h: 0 }
  const oklch = /^oklch\(([\d.]+) (calc\(var\(--c\) \* ([\d.]+)\)|[\d.]+) (var\(--h\)|[\d.]+)\)$/.exec(text)
  if (!oklch) throw new Error(`cannot read the colour "${text}"`)
  return {
    l: Number(oklch[1]),
    c: oklch[3] === undefined ? Number(oklch[2]) : c * Number(oklch[3]),
    h: oklch[4]?.startsWith('var') ? h : Number(oklch[4]),
  }
}

const HUES = Array.from({ length: 121 }, (_, index) => index * 3)
const CHROMAS = Array.from({ length: 17 }, (_, index) => index / 100)

function worst(front: string, back: string, scheme: 'light' | 'dark'): number {
  let least = Number.POSITIVE_INFINITY
  for (const h of HUES) for (const c of CHROMAS) least = Math.min(least, contrast(token(front, scheme, h, c), token(back, scheme, h, c)))
  return least
}

describe('contrast over every hue and chroma a firm may choose', () => {
  it.each([
    ['accent', 'canvas', 'light', 5.65],
    ['accent', 'accent-soft', 'light', 5.2],
    ['accent', 'accent-mid', 'light', 4.89],
    ['on-accent', 'accent', 'light', 5.65],
    ['on-accent', 'accent-hover', 'light', 5.65],
    ['accent', 'canvas', 'dark', 8.93],
    ['accent', 'accent-mid', 'dark', 6.48],
    ['on-accent', 'accent', 'dark', 8.8],
    ['text', 'canvas', 'light', 12],
    ['text-2', 'canvas', 'light', 8.1],
    ['text-2', 'accent-soft', 'light', 7],
    ['text-3', 'canvas', 'light', 5.7],
    ['text-3', 'accent-soft', 'light', 4.9],
    ['text-3', 'rail', 'light', 5.4],
    ['text-3', 'sunken', 'light', 4.9],
    ['text-2', 'canvas', 'dark', 8.1],
    ['text-3', 'canvas', 'dark', 5.7],
    ['text-3', 'accent-soft', 'dark', 4.9],
    ['text-2', 'accent-mid', 'dark', 5.5],
    ['text-3', 'raised', 'dark', 5],
    ['control', 'canvas', 'light', 3.9],
    ['control', 'canvas', 'dark', 3.9],
    ['positive', 'canvas', 'light', 4.5],
    ['positive', 'accent-soft', 'light', 4.5],
    ['negative', 'canvas', 'light', 4.5],
    ['negative', 'negative-soft', 'light', 4.5],
    ['negative', 'accent-soft', 'light', 4.5],
    ['warning', 'warning-soft', 'light', 4.5],
    ['positive', 'canvas', 'dark', 8],
    ['positive', 'accent-soft', 'dark', 4.5],
    ['negative', 'negative-soft', 'dark', 4.5],
    ['negative', 'accent-soft', 'dark', 4.5],
    ['warning', 'warning-soft', 'dark', 8],
    ['text-2', 'negative-soft', 'light', 4.5],
    ['text-2', 'warning-soft', 'light', 4.5],
    ['text-2', 'negative-soft', 'dark', 4.5],
    ['text-2', 'warning-soft', 'dark', 4.5],
  ] as const)('%s on %s, %s, is at least %d', (front, back, scheme, floor) => {
    expect(worst(front, back, scheme)).toBeGreaterThanOrEqual(floor - 0.005)
  })

  it('would notice a lighter accent', () => {
    const lighter = { ...token('accent', 'light', 255, 0.115), l: 0.6 }
    expect(contrast(lighter, token('canvas', 'light', 255, 0.115))).toBeLessThan(5.65)
  })
})
