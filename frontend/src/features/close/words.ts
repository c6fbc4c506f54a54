import { wordsOfCode } from '@/domain/codes'
import { formatDate } from '@/domain/dates'
import { texts } from '@/domain/text'
import messages from './close.messages'

export const t = texts(messages)

const COUNTS = [
  'securities',
  'faults',
  'closed',
  'posted',
  'failed',
  'due',
  'contradicted',
  'suspectedSplits',
  'accounts',
  'valued',
  'summaries',
  'households',
  'published',
  'leftOut',
  'month',
  'lotFindings',
  'invariantAccounts',
  'invariantsBroken',
  'publicationsLookedAt',
  'publicationsDiffering',
  'publicationsBeyond',
] as const
/** Told only where there are any. */
const ONLY_IF_ANY: ReadonlySet<string> = new Set(['closed', 'publicationsBeyond', 'leftOut', 'failed', 'contradicted', 'suspectedSplits', 'summaries', 'publicationsLookedAt', 'publicationsDiffering'])

/** What a stage counted, as a reader says it: in the order above, what is new last. */
export function countWords(counts: readonly { name: string; value: string }[], locale: string): string[] {
  const known = COUNTS.flatMap((name) => counts.filter((each) => each.name === name).flatMap(({ value }) => knownWords(name, value, locale)))
  const others = counts.filter(({ name }) => !COUNTS.some((each) => each === name)).map(({ name, value }) => t('other', { name: wordsOfCode(name.toUpperCase()), value }))
  return [...known, ...others]
}

function knownWords(name: (typeof COUNTS)[number], value: string, locale: string): string[] {
  if (name === 'month') return [t('month', { date: formatDate(locale, value) })]
  const count = Number(value)
  return count === 0 && ONLY_IF_ANY.has(name) ? [] : [t(name, { count })]
}

export function tookWords(seconds: number): string {
  return seconds < 1 ? t('underOne') : t('took', { seconds: Math.round(seconds) })
}
