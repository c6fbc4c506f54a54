import { lazy, Suspense, useCallback, useMemo } from 'react'
import { useRead } from '@/data/hooks'
import { useBookChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { breakdownIn, PERIODS, periodIn, withPeriod, type PerformancePageSearch, type SearchChange } from '@/domain/performance'
import { PerformanceReturnsDocument, type PerformanceReturnsQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { SeriesKey, type ChartSeries } from '@/ui/Chart'
import { ExplainAside } from '@/ui/explain/ExplainAside'
import type { ExplainAccountLink } from '@/ui/explain/ExplainEvidence'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, Figure, FigureBlock } from '@/ui/Figure'
import { MenuChip } from '@/ui/MenuChip'
import { GrowthChart } from '@/ui/performance/GrowthChart'
import { KnownAtBanner, KnownAtControl } from '@/ui/performance/KnownAt'
import { PeriodControl } from '@/ui/performance/PeriodControl'
import { PeriodTable } from '@/ui/performance/PeriodTable'
import { PolicyNote } from '@/ui/performance/PolicyNote'
import { ReturnFigure } from '@/ui/performance/ReturnFigure'
import { periodWord, perfWords } from '@/ui/performance/words'
import { PathLink } from '@/ui/PathLink'
import { typeName } from '@/ui/ledger/words'
import { QualityNote } from '@/ui/QualityNote'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { useExplainLoad, type Asked, type FaceWords } from './explain'
import { ExplainFoot } from './ExplainFoot'

const PerformanceParts = lazy(() => import('./PerformanceParts').then((m) => ({ default: m.PerformanceParts })))

interface PerformanceScreenProps extends Asked {
  search: PerformancePageSearch
  /** Changes part of the address; undefined takes it out. */
  onSearch: (change: SearchChange<PerformancePageSearch>) => void
}

/** Measured beside what was agreed, not beside one chosen here. */
const AGREED = 'agreed'

const FACE: FaceWords = { entry: typeName }
const LINK = 'text-accent hover:underline in-data-[touch]:inline-flex in-data-[touch]:min-h-11 in-data-[touch]:items-center'

/** The entries of the account on the day. */
function activityPath({ id, day }: { id: string; day: string }, knownAt: string | null): string {
  const search = new URLSearchParams({ from: day, to: day, ...(knownAt ? { knownAt } : {}) })
  return `/accounts/${encodeURIComponent(id)}/activity?${search.toString()}`
}

type Performance = NonNullable<PerformanceReturnsQuery['performance']>

/**
 * What a scope earned: the chosen period first, all periods in a table, then of what, why, and at which risk. Figures of
 * one moment of knowledge never stand under the banner of another, not even while those are read.
 */
export function PerformanceScreen(props: PerformanceScreenProps) {
  return <KnownPerformance key={props.knownAt} {...props} />
}

function KnownPerformance({ search, onSearch, ...asked }: PerformanceScreenProps) {
  const { businessDate, now } = useEnvironment()
  const { period, from } = periodIn(search)
  const kinds = useMemo(() => [...PERIODS, ...(period === 'CUSTOM' ? (['CUSTOM'] as const) : [])], [period])
  const { data, loading, failure, stale, reload } = useRead(PerformanceReturnsDocument, { ...asked, kinds, period, from })
  useBookChanged(reload)
  const load = useExplainLoad(asked, FACE)
  const { knownAt } = asked
  const link = useCallback<ExplainAccountLink>((account, name) => <PathLink to={activityPath(account, knownAt)} className={LINK}>{name}</PathLink>, [knownAt])
  const latest = asked.asOf ?? businessDate ?? now().toISOString().slice(0, 10)
  return (
    <div className="grid min-w-0 gap-5">
      {asked.knownAt ? (
        <div className="-mx-8 -mt-5 max-sm:-mx-4">
          <KnownAtBanner value={asked.knownAt} bookVersion={data?.performance?.bookVersion ?? null} onBack={() => onSearch({ knownAt: undefined })} />
        </div>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PeriodControl
          period={period}
          from={from}
          latest={latest}
          onPeriod={(next) => onSearch({ period: undefined, from: undefined, ...withPeriod(next) })}
          onFrom={(day) => onSearch({ period: undefined, from: day })}
        />
        <span className="flex flex-wrap items-center gap-2">
          {data && data.benchmarks.length > 0 ? (
            <MenuChip
              label={perfWords('beside')}
              value={asked.benchmarkId ?? AGREED}
              active={asked.benchmarkId !== null}
              choices={[{ value: AGREED, label: perfWords('agreed') }, ...data.benchmarks.map(({ id, name }) => ({ value: id, label: name }))]}
              onChange={(id) => onSearch({ benchmark: id === AGREED ? undefined : id })}
            />
          ) : null}
          {data && data.reportPolicies.length > 0 ? (
            <MenuChip
              label={perfWords('conventions')}
              value={asked.report ?? AGREED}
              active={asked.report !== null}
              choices={[{ value: AGREED, label: perfWords('agreed') }, ...data.reportPolicies.map((name) => ({ value: name, label: perfWords('ofReport', { name }) }))]}
              onChange={(name) => onSearch({ report: name === AGREED ? undefined : name })}
            />
          ) : null}
          <KnownAtControl value={asked.knownAt} onChange={(moment) => onSearch({ knownAt: moment ?? undefined })} />
        </span>
      </div>
      <AnswerView value={data?.performance} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={12} />}>
        {(performance) => (
          <ExplainAside
            load={load}
            link={link}
            foot={({ facts }) => <ExplainFoot asked={asked} path={facts.path ?? null} policy={performance.policy} />}
          >
            <div className="grid min-w-0 gap-8" aria-busy={stale}>
              <Returns performance={performance} period={period} conventions={conventionsPath(asked)} />
              <Suspense fallback={<SkeletonRows rows={8} />}>
                <PerformanceParts
                  asked={asked}
                  period={period}
                  from={from}
                  by={breakdownIn(search)}
                  onBy={(by) => onSearch({ by: by === 'SECURITY' ? undefined : by.toLowerCase() })}
                  hasBenchmark={performance.benchmark !== null}
                />
              </Suspense>
            </div>
          </ExplainAside>
        )}
      </AnswerView>
    </div>
  )
}

function Returns({ performance, period, conventions }: { performance: Performance; period: ReturnType<typeof periodIn>['period']; conventions: string }) {
  const { periods, benchmark, currency } = performance
  const chosen = periods.find((each) => each.kind === period)
  if (performance.inception === null && periods.every((each) => each.net.value === null)) {
    return (
      <EmptyState kind="first" title={perfWords('neverFunded')}>
        {chosen?.net.reason?.message ?? perfWords('neverFundedHint')}
      </EmptyState>
    )
  }
  return (
    <>
      <div className="grid min-w-0 gap-4">
        <GrowthChart
          key={period}
          days={performance.course.days}
          currency={currency}
          benchmark={benchmark?.name ?? null}
          lead={chosen ? <Readout chosen={chosen} benchmark={benchmark?.name ?? null} /> : null}
        />
        {performance.course.reason ? <p className="text-12 text-text-3 first-letter:uppercase">{performance.course.reason.message}</p> : null}
      </div>
      <section aria-label={perfWords('tableLabel')} className="min-w-0">
        <PeriodTable periods={periods} chosen={period} hasBenchmark={benchmark !== null} />
        <Notes performance={performance} conventions={conventions} />
      </section>
    </>
  )
}

/** A name with the line that stands for it in the chart. */
function Keyed({ line, children }: { line: ChartSeries['role']; children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <SeriesKey role={line} />
      {children}
    </span>
  )
}

/** The chosen period as text above the chart: net first and largest, gross never alone. */
function Readout({ chosen, benchmark }: { chosen: Performance['periods'][number]; benchmark: string | null }) {
  const { locale } = useEnvironment()
  const word = periodWord(chosen.kind)
  const name = (figure: string) => perfWords('figureOf', { figure, period: word })
  const measuredFrom = chosen.net.measuredFrom && chosen.net.measuredFrom !== chosen.begin ? chosen.net.measuredFrom : null
  return (
    <div>
      <div className="flex flex-wrap gap-x-10 gap-y-3">
        <FigureBlock label={<Keyed line="own">{name(perfWords('net'))}</Keyed>} size="lg" sub={chosen.begin ? perfWords('span', { from: formatDate(locale, chosen.begin), to: formatDate(locale, chosen.end) }) : null}>
          <ReturnFigure figure={chosen.net} name={name(perfWords('net'))} />
        </FigureBlock>
        <FigureBlock label={<Keyed line="beside">{perfWords('gross')}</Keyed>} secondary>
          <ReturnFigure figure={chosen.gross} name={name(perfWords('gross'))} />
        </FigureBlock>
        {benchmark === null ? null : (
          <>
            <FigureBlock label={<Keyed line="benchmark">{benchmark}</Keyed>} secondary>
              <ReturnFigure figure={chosen.benchmark} name={name(benchmark)} />
            </FigureBlock>
            <FigureBlock label={perfWords('excess')} secondary>
              <ReturnFigure figure={chosen.excess} name={name(perfWords('excess'))} tone="gain" />
            </FigureBlock>
          </>
        )}
        {chosen.netAnnualised.value === null ? null : (
          <FigureBlock label={`${perfWords('net')}, ${perfWords('aYear')}`} secondary>
            <ReturnFigure figure={chosen.netAnnualised} name={perfWords('figureOfYear', { figure: perfWords('net'), period: word })} />
          </FigureBlock>
        )}
      </div>
      {chosen.net.value === null && chosen.net.reason ? <p className="pt-1 text-text-2 first-letter:uppercase">{chosen.net.reason.message}</p> : null}
      <BasisLine figure={chosen.net} className="pt-1" />
      {measuredFrom ? (
        <p className="text-12 text-text-3">
          {perfWords('measuredFrom')} <Figure kind="date" value={measuredFrom} />
        </p>
      ) : null}
      {chosen.net.value === null ? null : <QualityNote figure={chosen.net} className="mt-2" />}
    </div>
  )
}

function turnsOf(turns: Performance['benchmarkTurns'], locale: string): string {
  return turns
    .map(({ from, benchmark }) => {
      const name = benchmark?.name ?? perfWords('besideNothing')
      return from === null ? name : perfWords('turn', { name, date: formatDate(locale, from) })
    })
    .join('; ')
}

/** Where the conventions of the scope are told and changed: its household's, its report's, or the firm's. */
function conventionsPath({ scope, report }: Asked): string {
  const of = report !== null ? `?report=${encodeURIComponent(report)}` : scope.householdId ? `?household=${encodeURIComponent(scope.householdId)}` : ''
  return `/settings/conventions${of}`
}

function Notes({ performance, conventions }: { performance: Performance; conventions: string }) {
  const { locale } = useEnvironment()
  return (
    <div className="grid gap-1 pt-2 text-12 text-text-3">
      <p>
        {[
          performance.measuredTo ? perfWords('basisNote', { currency: performance.currency, date: formatDate(locale, performance.measuredTo) }) : null,
          performance.inception ? perfWords('inceptionNote', { date: formatDate(locale, performance.inception) }) : null,
          performance.benchmark ? perfWords('benchmarkNote', { name: performance.benchmark.name }) : perfWords('noBenchmarkNote'),
          performance.benchmarkTurns.length > 1 ? perfWords('turnsNote', { turns: turnsOf(performance.benchmarkTurns, locale) }) : null,
        ]
          .filter((each) => each !== null)
          .join(' ')}
      </p>
      <PolicyNote policy={performance.policy} />
      <p>
        <PathLink to={conventions} className="inline-flex min-h-6 items-center font-medium text-accent hover:underline">
          {perfWords('policyOpen')}
        </PathLink>
      </p>
    </div>
  )
}
