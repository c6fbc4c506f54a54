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
  'due',
  'contradicted',
  'suspectedSplits',
  'accounts',
  'valued',
  'summaries',
  'households',
  'published',
  'lotFindings',
  'invariantAccounts',
  'invariantsBroken',
  'publicationsLookedAt',
  'publicationsDiffering',
] as const
/** Told only where there are any. */
const ONLY_IF_ANY: ReadonlySet<string> = new Set(['closed', 'contradicted', 'suspectedSplits', 'summaries', 'publicationsLookedAt', 'publicationsDiffering'])

/** What a stage counted, as a reader says it. */
export function countWords(counts: readonly { name: string; value: string }[], locale: string): string[] {
  return counts.flatMap(({ name, value }) => {
    if (name === 'month') return [t('month', { date: formatDate(locale, value) })]
    const known = COUNTS.find((each) => each === name)
    const count = Number(value)
    if (known === undefined || Number.isNaN(count)) return [t('other', { name: wordsOfCode(name.toUpperCase()), value })]
    return count === 0 && ONLY_IF_ANY.has(name) ? [] : [t(known, { count })]
  })
}

export function tookWords(seconds: number): string {
  return seconds < 1 ? t('underOne') : t('took', { seconds: Math.round(seconds) })
}
