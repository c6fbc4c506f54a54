import { wordsOfCode } from '@/domain/codes'
import type { Breakdown, PeriodName } from '@/domain/performance'
import { texts, type Text } from '@/domain/text'
import messages from './performance.messages'

/** The words of returns, for the firm's staff. */
export const perfWords: Text<typeof messages> = texts(messages)

export function periodWord(period: PeriodName): string {
  return perfWords(`long_${period}`)
}

export function breakdownWord(by: Breakdown): string {
  return perfWords(by)
}

/** "flow_timing" and "SPLIT" as words. */
export function conventionWords(code: string): string {
  return /^[A-Za-z_/]+$/.test(code) ? wordsOfCode(code.toUpperCase()) : code
}
