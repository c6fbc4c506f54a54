import { useMemo } from 'react'
import { useBookChanged } from '@/data/changes'
import { useRead } from '@/data/hooks'
import { useMay } from '@/data/viewer'
import type { Breakdown, PeriodName } from '@/domain/performance'
import { PerformanceCalendarDocument, PerformancePartsDocument, type PerformancePartsQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { Calendar } from '@/ui/performance/Calendar'
import { Charges } from '@/ui/performance/Charges'
import { GainSplit } from '@/ui/performance/GainSplit'
import { MoneyWeighted } from '@/ui/performance/MoneyWeighted'
import { Risk } from '@/ui/performance/Risk'
import { periodWord, perfWords } from '@/ui/performance/words'
import { Skeleton, SkeletonRows } from '@/ui/States'
import { AttributionOf, ContributionOf } from './Breakdown'
import type { Asked } from './explain'
import { Published } from './Published'

interface PerformancePartsProps {
  asked: Asked
  period: PeriodName
  from: string | null
  by: Breakdown
  onBy: (by: Breakdown) => void
  hasBenchmark: boolean
}

type Parts = NonNullable<PerformancePartsQuery['performance']>

/** Of what the return was made, why it differs from the benchmark, at which risk, and month by month. */
export function PerformanceParts({ asked, period, from, by, onBy, hasBenchmark }: PerformancePartsProps) {
  const { data, loading, failure, reload } = useRead(PerformancePartsDocument, { ...asked, period, from })
  useBookChanged(reload)
  const { businessDate } = useEnvironment()
  const manages = useMay('performance.manage')
  return (
    <>
      <div className="grid gap-x-10 gap-y-8 xl:grid-cols-2">
        <div className="min-w-0">
          <AnswerView value={data?.performance} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={8} />}>
            {(parts) => <Earned parts={parts} period={periodWord(period)} />}
          </AnswerView>
        </div>
        <div className="min-w-0">
          <ContributionOf asked={asked} period={period} from={from} by={by} onBy={onBy} />
        </div>
      </div>
      {hasBenchmark ? <AttributionOf asked={asked} period={period} from={from} /> : null}
      {data?.performance?.chosen[0] ? <Charges charges={data.performance.chosen[0].charges} period={periodWord(period)} currency={data.performance.currency} /> : null}
      {data?.performance ? <RiskOf risk={data.performance.risk} period={periodWord(period)} /> : null}
      <Months asked={asked} />
      <Published asked={asked} asOf={asked.asOf ?? businessDate ?? ''} mayPublish={manages} />
    </>
  )
}

/** The gain by its parts, and the rate that the flows solve. */
function Earned({ parts, period }: { parts: Parts; period: string }) {
  const chosen = parts.chosen[0]
  if (!chosen) return null
  return (
    <div className="grid content-start gap-8">
      <GainSplit gain={chosen} period={period} />
      <section aria-label={perfWords('moneyWeighted')}>
        <SectionHeading aside={period}>{perfWords('moneyWeighted')}</SectionHeading>
        <div className="pt-2 text-20 font-semibold display">
          <MoneyWeighted figure={chosen.moneyWeighted} roots={chosen.moneyWeightedRoots} name={perfWords('figureOf', { figure: perfWords('moneyWeighted'), period })} />
        </div>
      </section>
    </div>
  )
}

function RiskOf({ risk, period }: { risk: Parts['risk']; period: string }) {
  return <Risk risk={{ ...risk, maxDrawdown: risk.maxDrawdown.figure, drawdown: risk.maxDrawdown }} period={period} />
}

function Months({ asked }: { asked: Asked }) {
  const { data, loading, failure } = useRead(PerformanceCalendarDocument, { ...asked })
  const months = useMemo(
    () => data?.performance?.calendar.map(({ year, month, net, gross, benchmark }) => ({ year, month, net: net.value, gross: gross?.value ?? null, benchmark: benchmark?.value ?? null })) ?? [],
    [data],
  )
  if (loading) return <Skeleton className="h-40 w-full" />
  // Beside everything else it is no more than that: where it cannot be read, the rest has said why.
  if (failure && months.length === 0) return null
  return <Calendar months={months} />
}
