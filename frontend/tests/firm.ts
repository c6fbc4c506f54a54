import type { Firm } from '@/domain/firm'

export const FIRM: Firm = {
  slug: 'harbor',
  name: 'Harbor & Pine',
  legalName: 'Harbor & Pine, LLC',
  locale: 'en-US',
  timeZone: 'America/New_York',
  currency: 'USD',
  support: { email: 'help@harborpine.example', phone: '+1 555 0142' },
  legalFooter: 'Harbor & Pine, LLC is a registered investment adviser.',
  brand: { hue: 160, chroma: 0.095, radius: 8, font: 'inter', density: 'compact', illustration: 'pines' },
  features: [],
  businessDate: '2021-03-31',
  demo: true,
  environment: 'development',
}
