/** The public description of the firm whose host was asked for; the server inlines it into the page. */
export interface Firm {
  slug: string
  name: string
  legalName: string
  locale: string
  timeZone: string
  currency: string
  support: { email: string; phone: string | null }
  legalFooter: string
  brand: Brand
  features: string[]
  businessDate: string | null
  demo: boolean
  environment: string
}

export interface Brand {
  hue: number
  chroma: number
  radius: number
  font: string
  density: 'compact' | 'calm'
  illustration: string
}

/** The allowed span of each brand value; outside it the value is brought back to the nearest end. */
export const BRAND_LIMITS = { hue: [0, 360], chroma: [0, 0.16], radius: [0, 16] } as const

function within(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value))
}

/** Reads the inlined firm. Throws when the page was opened without the server that fills it in. */
export function parseFirm(json: string | null | undefined): Firm {
  if (!json || json.startsWith('__')) {
    throw new Error('The page carries no firm: open it through the WealthNexus server, not as a file')
  }
  const firm = JSON.parse(json) as Firm
  return {
    ...firm,
    brand: {
      ...firm.brand,
      hue: within(Number(firm.brand.hue), BRAND_LIMITS.hue),
      chroma: within(Number(firm.brand.chroma), BRAND_LIMITS.chroma),
      radius: within(Number(firm.brand.radius), BRAND_LIMITS.radius),
    },
  }
}
