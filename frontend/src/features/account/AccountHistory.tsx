import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { AccountHistoryDocument } from '@/generated/graphql'
import { codeName } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { partyWord } from '@/ui/party/words'
import { SkeletonRows } from '@/ui/States'
import { t } from './words'

/** The books' word for "as long as anybody knows". */
const SINCE_EVER = '1900-01-01'

/** The days something held, in the reader's writing. */
export function useSpan(): (from: string, to: string | null) => string {
  const { locale } = useEnvironment()
  return (from, to) => {
    const first = from > SINCE_EVER ? formatDate(locale, from) : t('sinceEver')
    if (to !== null) return t('span', { from: first, to: formatDate(locale, to) })
    return from > SINCE_EVER ? t('spanOpen', { from: first }) : first
  }
}

/** Everybody who has owned the account or was to have it, with the days. */
export function AccountHistory({ id }: { id: string }) {
  const { data, loading, reload } = useRead(AccountHistoryDocument, { id })
  useChanged('clients', reload)
  const span = useSpan()
  const account = data?.account
  if (loading || !account) return <SkeletonRows rows={4} />
  return (
    <>
      <Course
        title={t('historyOwners')}
        rows={account.ownerHistory.map((owner) => ({
          key: `${owner.party.id} ${owner.role} ${owner.effectiveFrom}`,
          name: owner.party.name,
          as: partyWord('owner', owner.role),
          share: owner.share,
          span: span(owner.effectiveFrom, owner.effectiveTo),
        }))}
      />
      <Course
        title={t('historyTerms')}
        rows={account.termsHistory.map((terms) => ({
          key: terms.effectiveFrom,
          name: [terms.accountType, terms.taxStatus, terms.lotMethod].map(codeName).join(', '),
          as: [terms.authorName, terms.reason].filter(Boolean).join(': '),
          share: null,
          span: span(terms.effectiveFrom, terms.effectiveTo),
        }))}
      />
      <Course
        title={t('historyHeirs')}
        rows={account.beneficiaryHistory.map((heir) => ({
          key: `${heir.name} ${heir.tier} ${heir.effectiveFrom}`,
          name: heir.name,
          as: partyWord('tier', heir.tier),
          share: heir.share,
          span: span(heir.effectiveFrom, heir.effectiveTo),
        }))}
      />
    </>
  )
}

interface CourseRow {
  key: string
  name: string
  as: string
  share: string | null
  span: string
}

function Course({ title, rows }: { title: string; rows: readonly CourseRow[] }) {
  if (rows.length === 0) return null
  return (
    <section aria-label={title}>
      <SectionHeading>{title}</SectionHeading>
      <ul>
        {rows.map((row) => (
          <li key={row.key} className="flex min-h-10 flex-wrap items-center justify-between gap-x-3 border-b border-line py-1">
            <span className="min-w-0">
              <span className="font-medium">{row.name}</span> <span className="text-12 text-text-2">{row.as}</span>
            </span>
            <span className="text-12 text-text-2">
              {row.share ? <Figure kind="percent" value={row.share} sign="never" /> : null} {row.span}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
