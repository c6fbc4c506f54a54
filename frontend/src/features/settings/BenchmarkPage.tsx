import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useMay, useRead } from '@/data'
import { useViewer } from '@/data/viewer'
import { dayBefore, formatDate, formatInstant } from '@/domain/dates'
import { formatQuantity } from '@/domain/format'
import { BenchmarkPageDocument, type BenchmarkFactsFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { LineChart, type ChartSeries } from '@/ui/Chart'
import { codeName } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock } from '@/ui/Figure'
import { PageHeading, SectionHeading } from '@/ui/Heading'
import { MenuChip } from '@/ui/MenuChip'
import { PathLink } from '@/ui/PathLink'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Toolbar } from '@/ui/Toolbar'
import { usePageTitle } from '@/ui/title'
import { AssignBenchmarkDialog, ChangeBlendDialog } from './BenchmarkDialogs'
import { b } from './blend'
import { benchmarkRoute } from './routes'
import { t as settingsWords } from './words'

const CRUMBS = [
  { label: settingsWords('title'), to: '/settings' },
  { label: b('title'), to: '/settings/benchmarks' },
]
const YEARS = { '1': 'ONE_YEAR', '3': 'THREE_YEARS', '10': 'TEN_YEARS' } as const

/** The first day of so many years up to a day: they run from the close of the same day, as returns of 1Y and 3Y do. */
function firstDayOf(day: string, years: number): string {
  const [year = '', month = '', date = ''] = day.split('-')
  const last = new Date(Date.UTC(Number(year) - years, Number(month), 0)).getUTCDate()
  const from = new Date(Date.UTC(Number(year) - years, Number(month) - 1, Math.min(Number(date), last) + 1))
  return from.toISOString().slice(0, 10)
}

/** Levels, what it is made of from day to day, and whom it stands beside. */
export function BenchmarkPage() {
  const { id } = benchmarkRoute.useParams()
  const { years = 1 } = benchmarkRoute.useSearch()
  const navigate = useNavigate()
  const { businessDate, now } = useEnvironment()
  const today = businessDate ?? now().toISOString().slice(0, 10)
  const { data, loading, failure, reload } = useRead(BenchmarkPageDocument, { id, firstDay: firstDayOf(today, years) })
  usePageTitle(data?.benchmark?.name ?? b('title'), CRUMBS)
  const viewer = useViewer()
  const manages = useMay('performance.manage') && viewer.scope === 'FIRM'
  const [dialog, setDialog] = useState<'change' | 'assign' | null>(null)
  const close = () => setDialog(null)
  return (
    <AnswerView
      value={data?.benchmark}
      loading={loading}
      failure={failure}
      onRetry={reload}
      isPage="framed"
      skeleton={<SkeletonRows rows={12} />}
      forbidden={b('forbidden')}
      missing={{
        title: b('missing'),
        hint: b('missingHint'),
        action: (
          <Link to="/settings/benchmarks" className="font-medium text-accent hover:underline">
            {b('all')}
          </Link>
        ),
      }}
    >
      {(benchmark) => (
        <div className="grid min-w-0 gap-8">
          <PageHeading
            actions={
              manages ? (
                <>
                  <Button look="primary" onPress={() => setDialog('assign')}>
                    {b('assign')}
                  </Button>
                  <Button onPress={() => setDialog('change')}>{b('change')}</Button>
                </>
              ) : null
            }
          >
            {benchmark.name}
          </PageHeading>
          <Levels benchmark={benchmark} years={years} onYears={(next) => void navigate({ to: '/settings/benchmarks/$id', params: { id }, search: next === 1 ? {} : { years: next }, replace: true })} />
          <Blends benchmark={benchmark} />
          <Uses benchmark={benchmark} />
          {dialog === 'change' ? <ChangeBlendDialog benchmark={benchmark} onClose={close} onChanged={reload} /> : null}
          {dialog === 'assign' ? <AssignBenchmarkDialog benchmark={benchmark} onClose={close} onChanged={reload} /> : null}
        </div>
      )}
    </AnswerView>
  )
}

interface LevelsProps {
  benchmark: BenchmarkFactsFragment
  years: 1 | 3 | 10
  onYears: (years: 1 | 3 | 10) => void
}

function Levels({ benchmark, years, onYears }: LevelsProps) {
  const { locale } = useEnvironment()
  const { course } = benchmark
  const series = useMemo<ChartSeries[]>(() => [{ id: 'level', name: b('level'), role: 'own', points: course.days.map(({ day, level }) => ({ date: day, value: level })) }], [course])
  const from = course.days[0]?.day
  return (
    <section aria-label={b('levels')} className="grid min-w-0 gap-3">
      <SectionHeading>{b('levels')}</SectionHeading>
      <Toolbar label={b('since')}>
        <MenuChip
          label={b('since')}
          value={String(years)}
          choices={(['1', '3', '10'] as const).map((value) => ({ value, label: b(YEARS[value]) }))}
          onChange={(value) => onYears(value === '10' ? 10 : value === '3' ? 3 : 1)}
        />
      </Toolbar>
      {from === undefined || course.days.filter(({ level }) => level !== null).length < 2 ? (
        <EmptyState kind="none" title={b('noLevels')}>
          <span className="inline-block first-letter:uppercase">{course.reason?.message ?? b('noneHint')}</span>
        </EmptyState>
      ) : (
        <LineChart
          label={b('levelsLabel', { from: formatDate(locale, from) })}
          kind="quantity"
          height={240}
          series={series}
          axisText={(value) => formatQuantity(locale, value.toFixed(value < 10 ? 2 : 0))}
          lead={
            <FigureBlock label={b('growth', { from: formatDate(locale, from) })} size="lg">
              <Figure kind="percent" value={course.change} sign="always" tone="gain" reasons={course.reason ? [course.reason] : []} />
            </FigureBlock>
          }
        />
      )}
      {course.reason && course.days.length > 1 ? <p className="text-12 text-text-2 first-letter:uppercase">{course.reason.message}</p> : null}
      <p className="text-12 text-text-3">{b('levelsNote', { currency: course.currency })}</p>
    </section>
  )
}

const CELL = 'py-1.5 pl-4 text-right'

/** The blends, the latest first. */
function Blends({ benchmark }: { benchmark: BenchmarkFactsFragment }) {
  const { locale } = useEnvironment()
  return (
    <section aria-label={b('blends')} className="grid min-w-0 gap-4">
      <SectionHeading>{b('blends')}</SectionHeading>
      {[...benchmark.blends].reverse().map((blend) => {
        const title = b('blendFrom', { date: formatDate(locale, blend.firstDay) })
        return (
          <table key={blend.firstDay} className="w-full max-w-2xl text-14">
            <caption className="pb-1 text-left font-medium">
              {title} <span className="font-normal text-text-2">{b(`rebalance_${blend.rebalance}`)}</span>
            </caption>
            <thead className="sr-only">
              <tr>
                <th scope="col">{b('part')}</th>
                <th scope="col">{b('weight')}</th>
              </tr>
            </thead>
            <tbody>
              {blend.parts.map((part) => (
                <tr key={`${part.securityId ?? ''} ${part.label}`} className="border-t border-line">
                  <th scope="row" className="py-1.5 text-left font-normal">
                    {part.securityId ? (
                      <PathLink to={`/securities/${encodeURIComponent(part.securityId)}`} className="font-medium text-accent hover:underline">
                        {part.label}
                      </PathLink>
                    ) : (
                      <span className="font-medium">{part.label}</span>
                    )}{' '}
                    {part.assetClass ? <span className="text-12 text-text-3">{[codeName(part.assetClass), part.currency].filter(Boolean).join(', ')}</span> : null}
                  </th>
                  <td className={CELL}>
                    <Figure kind="percent" value={part.weight} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      })}
    </section>
  )
}

function Uses({ benchmark }: { benchmark: BenchmarkFactsFragment }) {
  const { locale, timeZone } = useEnvironment()
  return (
    <section aria-label={b('uses')} className="min-w-0">
      <SectionHeading aside={benchmark.uses.length}>{b('uses')}</SectionHeading>
      {benchmark.uses.length === 0 ? (
        <EmptyState kind="first" title={b('unused')}>
          {b('unusedHint')}
        </EmptyState>
      ) : (
        <ul>
          {benchmark.uses.map((use) => {
            const path = use.householdId ? `/households/${encodeURIComponent(use.householdId)}/performance` : use.accountId ? `/accounts/${encodeURIComponent(use.accountId)}/performance` : null
            const when = formatInstant(locale, use.recordedAt, timeZone)
            return (
              <li key={use.id} className="flex flex-wrap justify-between gap-x-6 gap-y-0.5 border-b border-line py-2">
                <span>
                  {path && use.name ? (
                    <PathLink to={path} className="font-medium text-accent hover:underline">
                      {use.name}
                    </PathLink>
                  ) : (
                    <span className="font-medium">{use.name ?? b('theFirm')}</span>
                  )}{' '}
                  <span className="text-text-2">
                    {use.effectiveTo ? b('fromTo', { from: formatDate(locale, use.effectiveFrom), to: formatDate(locale, dayBefore(use.effectiveTo)) }) : b('from', { from: formatDate(locale, use.effectiveFrom) })}
                  </span>
                </span>
                <span className="text-12 text-text-3">{use.authorName ? b('said', { author: use.authorName, when, reason: use.reason }) : b('saidBy', { when, reason: use.reason })}</span>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
