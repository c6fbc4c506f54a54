import { lazy, Suspense, useMemo, useState } from 'react'
import { useRead } from '@/data/hooks'
import { formatDate } from '@/domain/dates'
import { gainOf } from '@/domain/performance'
import { texts } from '@/domain/text'
import { PortalPerformanceDocument, type PerformanceScope, type PortalPerformanceQuery } from '@/generated/graphql'
import { ExplainFoot } from '@/performance/ExplainFoot'
import { useExplainLoad, type Asked, type FaceWords } from '@/performance/explain'
import { AnswerView } from '@/ui/AnswerView'
import { cx } from '@/ui/cx'
import { LineChart, SeriesKey, type ChartSeries } from '@/ui/Chart'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, FigureBlock } from '@/ui/Figure'
import { ExplainAside } from '@/ui/explain/ExplainAside'
import type { ExplainAccountLink } from '@/ui/explain/ExplainEvidence'
import { percentTick } from '@/ui/performance/GrowthChart'
import { ReturnFigure } from '@/ui/performance/ReturnFigure'
import { QualityNote } from '@/ui/QualityNote'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { CapacityChoice } from './Capacity'
import type { Viewer } from './Home'
import { moveText } from './moves'
import { NothingShared } from './Nothing'
import { PortalLink } from './path'
import messages from './performance.messages'
import { isOwnIn, scopeOf } from './scope'

const WhatMoved = lazy(() => import('./WhatMoved').then((m) => ({ default: m.WhatMoved })))

const perfText = texts(messages)

const FACE: FaceWords = { entry: (type, security) => moveText(`move_${type}`, { what: security ?? '' }).trim(), isPlain: true }

const accountLink: ExplainAccountLink = ({ id }, name) => (
  <PortalLink to={`/accounts/${encodeURIComponent(id)}`} className="inline-flex min-h-11 items-center text-accent underline">
    {name}
  </PortalLink>
)

const KINDS = ['YTD', 'ONE_YEAR', 'THREE_YEARS', 'FIVE_YEARS', 'ITD'] as const
const CHOICES = ['YTD', 'ONE_YEAR', 'THREE_YEARS', 'ITD'] as const
type Kind = (typeof KINDS)[number]
type Choice = (typeof CHOICES)[number]
type Performance = NonNullable<PortalPerformanceQuery['performance']>
type PeriodOf = Performance['periods'][number]

/** What was earned after fees: one period drawn, the usual ones beside the benchmark, and what moved it. */
export function PerformancePage({ viewer, capacity }: { viewer: Viewer; capacity: string | null }) {
  usePageTitle(perfText('performance'))
  const [period, setPeriod] = useState<Choice>('YTD')
  const scope = useMemo(() => scopeOf(viewer.accesses, capacity), [viewer.accesses, capacity])
  const isNothing = !viewer.worth || viewer.worth.accounts.length === 0
  return (
    <>
      <h1 className="pb-3 text-24 font-semibold display">{perfText('performance')}</h1>
      <CapacityChoice accesses={viewer.accesses} chosen={capacity} path="/performance" />
      {isNothing ? <NothingShared viewer={viewer} /> : <PerformanceOf scope={scope} isOwn={isOwnIn(viewer.accesses, capacity)} period={period} onPeriod={setPeriod} />}
    </>
  )
}

interface PerformanceOfProps {
  scope: PerformanceScope
  /** Whether it is the person's own, and may be called so. */
  isOwn: boolean
  period: Choice
  onPeriod: (period: Choice) => void
}

function PerformanceOf({ scope, isOwn, period, onPeriod }: PerformanceOfProps) {
  const { data, loading, failure, stale, reload } = useRead(PortalPerformanceDocument, { scope, kinds: [...KINDS], period })
  const asked = useMemo<Asked>(() => ({ scope, asOf: null, knownAt: null, benchmarkId: null, report: null }), [scope])
  const load = useExplainLoad(asked, FACE)
  // The last answer stays in sight while another period is read: only the chart waits for it.
  const [shown, setShown] = useState(data?.performance)
  if (data?.performance && data.performance !== shown) setShown(data.performance)
  return (
    <AnswerView value={data?.performance ?? (loading ? shown : null)} loading={loading} failure={failure} onRetry={reload} isPage="framed" skeleton={<SkeletonRows rows={8} />}>
      {(performance) => (
        <ExplainAside touch load={load} link={accountLink} foot={({ facts }) => <ExplainFoot asked={asked} path={facts.path ?? null} policy={performance.policy} />}>
          <div className="grid gap-x-12 min-[900px]:grid-cols-[minmax(0,1fr)_360px] min-[900px]:items-start" aria-busy={stale || loading}>
            <div className="min-w-0">
              <Periods period={period} onPeriod={onPeriod} />
              <Chosen performance={performance} period={period} isOwn={isOwn} />
              <Table performance={performance} />
            </div>
            <div className="min-w-0 pt-8 min-[900px]:pt-0">
              <Suspense fallback={<SkeletonRows rows={6} />}>
                <WhatMoved scope={scope} period={period} periodName={perfText(period)} />
              </Suspense>
            </div>
          </div>
        </ExplainAside>
      )}
    </AnswerView>
  )
}

function Periods({ period, onPeriod }: { period: Choice; onPeriod: (period: Choice) => void }) {
  return (
    <div role="group" aria-label={perfText('periods')} className="flex overflow-hidden rounded-control border border-line-strong">
      {CHOICES.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === period}
          onClick={() => onPeriod(each)}
          className={cx(
            'min-h-11 flex-1 border-r border-line px-1 text-14 last:border-r-0 focus-visible:-outline-offset-2',
            each === period ? 'bg-accent-mid font-semibold text-accent' : 'text-text-2 hover:bg-hover',
          )}
        >
          {perfText(each)}
        </button>
      ))}
    </div>
  )
}

function Keyed({ line, children }: { line: ChartSeries['role']; children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-14">
      <SeriesKey role={line} />
      {children}
    </span>
  )
}

const TOUCHED = 'inline-flex min-h-11 min-w-11 items-center'

function Chosen({ performance, period, isOwn }: { performance: Performance; period: Choice; isOwn: boolean }) {
  const { locale } = useEnvironment()
  const chosen = performance.periods.find((each) => each.kind === period)
  const { days } = performance.course
  const series = useMemo(() => seriesOf(days, performance.benchmark !== null), [days, performance.benchmark])
  const first = days[0]?.day
  const last = days[days.length - 1]?.day
  if (!chosen) return null
  if (performance.inception === null && chosen.net.value === null) {
    return (
      <EmptyState kind="first" title={perfText('never')}>
        {perfText('neverHint')}
      </EmptyState>
    )
  }
  const from = chosen.net.measuredFrom ?? chosen.begin ?? chosen.end
  const lead = (
    <>
      <div className="flex flex-wrap gap-x-10 gap-y-1">
        <FigureBlock size="hero" label={<Keyed line="own">{perfText(isOwn ? 'yours' : 'afterFees')}</Keyed>}>
          <ReturnFigure figure={chosen.net} name={perfText('figureOf', { figure: perfText('afterFees'), period: perfText(period) })} className={TOUCHED} absent={perfText('noFigure')} />
        </FigureBlock>
        {performance.benchmark ? (
          <FigureBlock size="hero" secondary label={<Keyed line="benchmark">{performance.benchmark.name}</Keyed>}>
            <ReturnFigure figure={chosen.benchmark} name={performance.benchmark.name} className={TOUCHED} absent={perfText('noFigure')} />
          </FigureBlock>
        ) : null}
      </div>
      {chosen.net.value === null && chosen.net.reason ? <p className="text-14 text-text-2 first-letter:uppercase">{chosen.net.reason.message}</p> : null}
      <p className="text-14 text-text-3">{perfText('span', { from: formatDate(locale, from), to: formatDate(locale, chosen.end) })}</p>
      {chosen.net.value === null ? null : <QualityNote figure={chosen.net} className="mt-2 text-14" />}
    </>
  )
  return (
    <div className="pt-4">
      {first && last && days.filter((day) => day.growthNet !== null).length > 1 ? (
        <LineChart
          key={period}
          label={perfText('chartLabel', { from: formatDate(locale, first), to: formatDate(locale, last) })}
          kind="percent"
          axis="right"
          height={220}
          lead={lead}
          series={series}
          axisText={(value, step) => percentTick(locale, value, step)}
        />
      ) : (
        <>
          {lead}
          <p className="py-4 text-text-2">{perfText('noCourse')}</p>
        </>
      )}
    </div>
  )
}

function seriesOf(days: Performance['course']['days'], hasBenchmark: boolean): ChartSeries[] {
  const points = (pick: (day: Performance['course']['days'][number]) => string | null) => days.map((day) => ({ date: day.day, value: gainOf(pick(day)) }))
  return [
    { id: 'net', name: perfText('yours'), role: 'own', sign: 'always', points: points((day) => day.growthNet) },
    ...(hasBenchmark ? [{ id: 'benchmark', name: perfText('benchmark'), role: 'benchmark', sign: 'always', points: points((day) => day.benchmarkGrowth) } as const] : []),
  ]
}

/** After fees beside the benchmark; per year only where a year has passed. */
function Table({ performance }: { performance: Performance }) {
  const { locale } = useEnvironment()
  const { benchmark, inception, measuredTo, currency } = performance
  const rowName = (kind: Kind) => (kind === 'ITD' ? (inception ? perfText('row_ITD', { year: inception.slice(0, 4) }) : perfText('row_ITD_never')) : perfText(`row_${kind}`))
  return (
    <div className="pt-8">
      <table className="w-full">
        <caption className="sr-only">{perfText('timeWeighted')}</caption>
        <thead className="text-14 text-text-2">
          <tr className="border-b border-line-strong">
            <th scope="col" className="h-10 text-left font-medium">
              {perfText('timeWeighted')}
            </th>
            <th scope="col" className="h-10 text-right font-medium">
              {perfText('afterFees')}
            </th>
            {benchmark ? (
              <th scope="col" className="h-10 pl-3 text-right font-medium">
                {perfText('benchmark')}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {performance.periods.map((each) => (
            <Row key={each.kind} of={each} name={rowName(each.kind as Kind)} hasBenchmark={benchmark !== null} />
          ))}
        </tbody>
      </table>
      <p className="pt-2 text-14 text-text-3">
        {[measuredTo ? perfText('measured', { date: formatDate(locale, measuredTo), currency }) : null, benchmark ? null : perfText('noBenchmark'), perfText('notPromise')].filter((each) => each !== null).join(' ')}
      </p>
      {performance.periods[0] ? <BasisLine figure={performance.periods[0].net} className="pt-1" /> : null}
    </div>
  )
}

function Row({ of, name, hasBenchmark }: { of: PeriodOf; name: string; hasBenchmark: boolean }) {
  // A year is told as it is; more than one, per year.
  const isYearly = of.kind !== 'ONE_YEAR' && of.kind !== 'YTD' && of.netAnnualised.value !== null
  const net = isYearly ? of.netAnnualised : of.net
  const beside = isYearly ? of.benchmarkAnnualised : of.benchmark
  const shown = isYearly ? perfText('perYear', { period: name }) : name
  const figureName = (figure: string) => perfText('figureOf', { figure, period: shown })
  return (
    <tr className="border-b border-line">
      <th scope="row" className="py-1 text-left font-normal">
        {shown}
        {net.value === null && net.reason ? <span className="block text-14 text-text-3 first-letter:uppercase">{net.reason.message}</span> : null}
      </th>
      <td className="py-1 text-right font-semibold">
        <ReturnFigure figure={net} name={figureName(perfText('afterFees'))} className={cx(TOUCHED, 'justify-end')} absent={perfText('noFigure')} />
      </td>
      {hasBenchmark ? (
        <td className="py-1 pl-3 text-right text-text-2">
          <ReturnFigure figure={beside} name={figureName(perfText('benchmark'))} className={cx(TOUCHED, 'justify-end')} absent={perfText('noFigure')} />
        </td>
      ) : null}
    </tr>
  )
}

