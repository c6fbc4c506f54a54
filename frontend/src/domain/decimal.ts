/**
 * Exact decimals as strings. The API sends every amount as a string; nothing here passes through a binary float.
 */

/** A plain decimal such as "-1204.50"; never an exponent. */
export type DecimalString = string

const SHAPE = /^([+-]?)(\d+)(?:\.(\d+))?$/

interface Parts {
  negative: boolean
  whole: string
  fraction: string
}

/** Splits a decimal. Throws a RangeError naming the value when it is not one. */
function parts(value: DecimalString): Parts {
  const match = SHAPE.exec(value)
  if (!match) throw new RangeError(`"${value}" is not a decimal: expected digits with an optional point; nothing was formatted`)
  return { negative: match[1] === '-', whole: match[2] ?? '0', fraction: match[3] ?? '' }
}

const isZero = (p: Parts) => /^0*$/.test(p.whole) && /^0*$/.test(p.fraction)

export function isDecimal(value: string): boolean {
  return SHAPE.test(value)
}

/** -1, 0 or 1. */
export function signOf(value: DecimalString): -1 | 0 | 1 {
  const p = parts(value)
  if (isZero(p)) return 0
  return p.negative ? -1 : 1
}

/** Moves the decimal point: `shift("1234.5", -3)` is "1.2345". */
export function shift(value: DecimalString, places: number): DecimalString {
  const p = parts(value)
  let { whole, fraction } = p
  if (places > 0) {
    const moved = fraction.padEnd(places, '0')
    whole += moved.slice(0, places)
    fraction = moved.slice(places)
  } else if (places < 0) {
    const moved = whole.padStart(-places + 1, '0')
    fraction = moved.slice(moved.length + places) + fraction
    whole = moved.slice(0, moved.length + places)
  }
  whole = whole.replace(/^0+(?=\d)/, '')
  const sign = p.negative && !isZero(p) ? '-' : ''
  return sign + whole + (fraction ? `.${fraction}` : '')
}

const BETWEEN = /[\s,']/g
const TYPED = /^(\d{1,3}([\s,']\d{3})+|\d+)(\.\d+)?$/

/** An amount as it is typed, its digits in groups of three or in none; null for what is none: "1,50" is not 150. */
export function amountOf(text: string): DecimalString | null {
  const typed = text.trim()
  return TYPED.test(typed) ? typed.replace(BETWEEN, '') : null
}

/** The same value without the zeros that say nothing, to at least `places` decimals: what a field is filled with. */
export function plain(value: DecimalString, places = 0): DecimalString {
  const p = parts(value)
  const fraction = p.fraction.replace(/0+$/, '').padEnd(places, '0')
  return (p.negative && !isZero(p) ? '-' : '') + p.whole + (fraction ? `.${fraction}` : '')
}

/** The value without its sign. */
export function absolute(value: DecimalString): DecimalString {
  return value.replace(/^[+-]/, '')
}

/** Compares two decimals exactly: negative, 0 or positive, as a sort callback does. */
export function compare(a: DecimalString, b: DecimalString): number {
  const left = parts(a)
  const right = parts(b)
  const scale = Math.max(left.fraction.length, right.fraction.length)
  const scaled = (p: Parts) => {
    const digits = BigInt(p.whole + p.fraction.padEnd(scale, '0'))
    return p.negative ? -digits : digits
  }
  const difference = scaled(left) - scaled(right)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** `part` over `whole` to `digits` decimals, rounded half away from zero; null when the whole is zero. */
export function ratio(part: DecimalString, whole: DecimalString, digits = 6): DecimalString | null {
  const above = parts(part)
  const below = parts(whole)
  if (isZero(below)) return null
  const scale = Math.max(above.fraction.length, below.fraction.length)
  const digitsOf = (p: Parts) => BigInt(p.whole + p.fraction.padEnd(scale, '0'))
  const divisor = digitsOf(below)
  const rounded = (digitsOf(above) * 10n ** BigInt(digits) * 2n + divisor) / (divisor * 2n)
  const negative = above.negative !== below.negative && rounded !== 0n
  return (negative ? '-' : '') + shift(String(rounded), -digits)
}

/** What `to` is more than `from`, exactly, to the places of the longer one. */
export function difference(to: DecimalString, from: DecimalString): DecimalString {
  const [left, right] = [parts(to), parts(from)]
  const scale = Math.max(left.fraction.length, right.fraction.length)
  const scaled = (p: Parts) => BigInt(p.whole + p.fraction.padEnd(scale, '0')) * (p.negative ? -1n : 1n)
  const gap = scaled(left) - scaled(right)
  return (gap < 0n ? '-' : '') + shift(String(gap < 0n ? -gap : gap), -scale)
}

/** The same amount with the other sign. */
export function negated(value: DecimalString): DecimalString {
  if (signOf(value) === 0) return value
  return value.startsWith('-') ? value.slice(1) : `-${absolute(value)}`
}

/** A float for geometry only (where a mark is drawn), never for text. */
export function toPosition(value: DecimalString): number {
  parts(value)
  return Number(value)
}
