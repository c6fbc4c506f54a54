/** A share of an assignment as it is typed, in percent. */
export interface SplitLine {
  key: number
  bookId: string | null
  percent: string
}

const PERCENT = /^\d{1,3}(\.\d{1,6})?$/

/** "62.5" is 0.625, exactly; null for what is no percent above 0 and up to 100. */
export function shareOf(percent: string): string | null {
  const typed = percent.trim().replace(/\s*%$/, '')
  if (!PERCENT.test(typed)) return null
  const [whole = '0', part = ''] = typed.split('.')
  const digits = `${whole.padStart(3, '0')}${part.padEnd(6, '0')}`
  const share = `${digits.slice(0, 1)}.${digits.slice(1)}`.replace(/\.?0+$/, '')
  const value = BigInt(digits)
  return value > 0n && value <= 100_000_000n ? share : null
}
