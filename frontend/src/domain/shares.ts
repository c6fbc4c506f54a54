import { shift, type DecimalString } from './decimal'

/** Places of a share in the books. */
export const SHARE_PLACES = 12
const PERCENT = /^(\d{1,3})(?:\.(\d{1,10}))?\s*%?$/
const FRACTION = /^(\d{1,4})\s*\/\s*(\d{1,4})$/

/** A share as it is typed: "60", "33.3 %" or "1/3"; null for what is none. Whether it is above 0 and at most the whole is the server's to say. */
export function shareOf(text: string): DecimalString | null {
  const typed = text.trim()
  const percent = PERCENT.exec(typed)
  if (percent) return trimmed(shift(percent[2] === undefined ? (percent[1] ?? '0') : `${percent[1]}.${percent[2]}`, -2))
  const fraction = FRACTION.exec(typed)
  if (!fraction || Number(fraction[2]) === 0) return null
  const units = (BigInt(fraction[1] ?? '0') * scale) / BigInt(fraction[2] ?? '1')
  return ofUnits(units)
}

/** "0.6" is "60", as a person types it. */
export function percentOf(share: DecimalString): string {
  return trimmed(shift(share, 2))
}

/** The shares added up. */
export function sumOfShares(shares: readonly DecimalString[]): DecimalString {
  return ofUnits(shares.reduce((sum, share) => sum + unitsOf(share), 0n))
}

const scale = 10n ** BigInt(SHARE_PLACES)

function unitsOf(share: DecimalString): bigint {
  const [whole = '0', rest = ''] = share.split('.')
  return BigInt(whole) * scale + BigInt(rest.slice(0, SHARE_PLACES).padEnd(SHARE_PLACES, '0'))
}

function ofUnits(units: bigint): DecimalString {
  const digits = units.toString().padStart(SHARE_PLACES + 1, '0')
  return trimmed(`${digits.slice(0, -SHARE_PLACES)}.${digits.slice(-SHARE_PLACES)}`)
}

function trimmed(value: string): string {
  const short = value.includes('.') ? value.replace(/0+$/, '').replace(/\.$/, '') : value
  return short === '' ? '0' : short
}
