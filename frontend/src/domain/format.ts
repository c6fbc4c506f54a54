import { shift, signOf, type DecimalString } from './decimal'

export const MINUS = '\u2212'

export type Sign = 'auto' | 'always' | 'never'

/** Money in whole cents, or scaled to millions or billions in summaries. */
export type MoneyScale = 'full' | 'whole' | 'M' | 'B'

const formatters = new Map<string, Intl.NumberFormat>()

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options)
  let format = formatters.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, options)
    formatters.set(key, format)
  }
  return format
}

const SIGNS: Record<Sign, Intl.NumberFormatOptions['signDisplay']> = { auto: 'negative', always: 'exceptZero', never: 'never' }

/** `Intl` reads a decimal string exactly, whatever its length; the minus becomes U+2212. */
function exact(locale: string, value: DecimalString, options: Intl.NumberFormatOptions, suffix = ''): string {
  signOf(value)
  const parts = numberFormat(locale, options).formatToParts(value as unknown as Intl.StringNumericLiteral)
  let text = ''
  for (const part of parts) text += part.type === 'minusSign' ? MINUS : part.value
  return text + suffix
}

const SCALES: Record<MoneyScale, { places: number; digits: number | undefined; suffix: string }> = {
  full: { places: 0, digits: undefined, suffix: '' },
  whole: { places: 0, digits: 0, suffix: '' },
  M: { places: -6, digits: 1, suffix: 'M' },
  B: { places: -9, digits: 2, suffix: 'B' },
}

export interface MoneyOptions {
  currency: string
  sign?: Sign
  scale?: MoneyScale
}

/** How many decimals the minor unit of a currency has: 2 of USD, 0 of JPY. */
export function minorPlaces(currency: string): number {
  return numberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** "$1,204.50": to the currency's own minor unit unless scaled. */
export function formatMoney(locale: string, value: DecimalString, { currency, sign = 'auto', scale = 'full' }: MoneyOptions): string {
  const { places, digits, suffix } = SCALES[scale]
  return exact(
    locale,
    shift(value, places),
    {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      signDisplay: SIGNS[sign],
      ...(digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    },
    suffix,
  )
}

/** A fraction as percent: "0.0642" is "6.42%". */
export function formatPercent(locale: string, fraction: DecimalString, digits = 2, sign: Sign = 'auto'): string {
  return exact(locale, fraction, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: SIGNS[sign],
  })
}

/** A fraction as basis points: "0.0438" is "438 bp". */
export function formatBasisPoints(locale: string, fraction: DecimalString, sign: Sign = 'auto'): string {
  return exact(locale, shift(fraction, 4), { maximumFractionDigits: 0, signDisplay: SIGNS[sign] }, ' bp')
}

/** A number of units, with as many decimals as it has, at most eight. */
export function formatQuantity(locale: string, value: DecimalString, sign: Sign = 'auto'): string {
  return exact(locale, value, { maximumFractionDigits: 8, signDisplay: SIGNS[sign] })
}

/** A price per unit: at least two decimals, no currency sign. */
export function formatPrice(locale: string, value: DecimalString): string {
  return exact(locale, value, { minimumFractionDigits: 2, maximumFractionDigits: 6, signDisplay: SIGNS.auto })
}

/** A ratio: "1.62x". */
export function formatMultiple(locale: string, value: DecimalString, digits = 2): string {
  return exact(locale, value, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: SIGNS.auto }, 'x')
}

/** A plain ratio such as beta: "1.04". */
export function formatRatio(locale: string, value: DecimalString, digits = 2, sign: Sign = 'auto'): string {
  return exact(locale, value, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: SIGNS[sign] })
}

/** A count of things. */
export function formatCount(locale: string, value: number | string): string {
  return exact(locale, String(value), { maximumFractionDigits: 0, signDisplay: SIGNS.auto })
}

/** The accepted spelling of a value for the clipboard: plain digits, ASCII minus, no grouping. */
export function plainValue(value: DecimalString): string {
  return value.replace(/^\+/, '')
}

/** A value on a money axis, as short as the distance between two ticks allows: "$3.25M", "$2.50B", "$480K". */
export function formatMoneyTick(locale: string, value: number, step: number, currency: string): string {
  if (value === 0) return exact(locale, '0', { style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0 })
  const size = Math.max(Math.abs(value), step)
  const [unit, suffix] = size >= 1e9 ? [1e9, 'B'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e4 ? [1e3, 'K'] : [1, '']
  let digits = 0
  while (digits < 3 && Math.abs((step / unit) * 10 ** digits - Math.round((step / unit) * 10 ** digits)) > 1e-9) digits += 1
  const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  return exact(locale, (value / unit).toFixed(digits), options, suffix)
}
