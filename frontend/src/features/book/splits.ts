import { compare, type DecimalString } from '@/domain/decimal'
import { shareOf } from '@/domain/shares'

/** A share of an assignment as it is typed, in percent. */
export interface SplitLine {
  key: number
  bookId: string | null
  percent: string
}

/** Places of a split in the books. */
const PLACES = 8

/** "62.5" is 0.625, exactly; null for what is no share above 0 and up to the whole, or finer than the books keep. */
export function splitOf(typed: string): DecimalString | null {
  const share = shareOf(typed)
  if (share === null || compare(share, '0') <= 0 || compare(share, '1') > 0) return null
  return (share.split('.')[1]?.length ?? 0) <= PLACES ? share : null
}
