import { useBookChanged } from '@/data/changes'
import { useRead } from '@/data/hooks'
import type { Breakdown, PeriodName } from '@/domain/performance'
import { PerformanceAttributionDocument, PerformanceContributionDocument } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { codeName } from '@/ui/codeWords'
import { Figure } from '@/ui/Figure'
import { Attribution } from '@/ui/performance/Attribution'
import { Contribution } from '@/ui/performance/Contribution'
import { periodWord } from '@/ui/performance/words'
import { SkeletonRows } from '@/ui/States'
import type { Asked } from './explain'

interface BreakdownProps {
  asked: Asked
  period: PeriodName
  from: string | null
}

/** What each part gave; told apart by what the address says. */
export function ContributionOf({ asked, period, from, by, onBy }: BreakdownProps & { by: Breakdown; onBy: (by: Breakdown) => void }) {
  const { data, loading, failure, reload } = useRead(PerformanceContributionDocument, { ...asked, period, from, by })
  useBookChanged(reload)
  return (
    <AnswerView value={data?.performance} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={8} />}>
      {({ contribution }) => (
        <Contribution parts={contribution.rows.map((row) => ({ ...row, label: by === 'ASSET_CLASS' ? codeName(row.label) : row.label, return: row.return.value }))} total={contribution.total} by={by} onBy={onBy} period={periodWord(period)} />
      )}
    </AnswerView>
  )
}

/** Why the whole differs from its benchmark. */
export function AttributionOf({ asked, period, from }: BreakdownProps) {
  const { data, loading, failure, reload } = useRead(PerformanceAttributionDocument, { ...asked, period, from })
  useBookChanged(reload)
  const effect = (value: string | null) => <Figure kind="percent" value={value} sign="always" absent="" />
  return (
    <AnswerView value={data?.performance} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={6} />}>
      {({ attribution }) => (
        <Attribution
          parts={attribution.rows.map((row) => ({ ...row, label: codeName(row.label) }))}
          totals={{ allocation: effect(attribution.allocation), selection: effect(attribution.selection), interaction: effect(attribution.interaction) }}
          reason={attribution.total.reason?.message ?? null}
          period={periodWord(period)}
        />
      )}
    </AnswerView>
  )
}
