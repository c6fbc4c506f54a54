import { useMemo, useState, type ReactNode } from 'react'
import { gainOf } from '@/domain/performance'
import { formatDate } from '@/domain/dates'
import { formatMoneyTick, formatPercent } from '@/domain/format'
import { FilterChip } from '../Chip'
import { LineChart, type ChartSeries } from '../Chart'
import { useEnvironment } from '../environment'
import type { CourseDay } from './types'
import { perfWords } from './words'

interface GrowthChartProps {
  days: readonly CourseDay[]
  currency: string
  /** Null where there is none: the line and its words are left out. */
  benchmark: string | null
  /** The figures of the period, while no day is read. */
  lead?: ReactNode
}

/** How many decimals the ticks of an axis of percentages need to differ. */
export function percentTick(locale: string, value: number, step: number): string {
  const digits = step >= 0.01 ? 0 : step >= 0.001 ? 1 : 2
  return formatPercent(locale, value.toFixed(6), digits, 'always')
}

/** What was gained since the period began, net and gross, beside the benchmark; or the value beside what was paid in. */
export function GrowthChart({ days, currency, benchmark, lead }: GrowthChartProps) {
  const { locale } = useEnvironment()
  const [shows, setShows] = useState<'returns' | 'value'>('returns')
  const { returns, amounts } = useMemo(() => seriesOf(days, benchmark), [days, benchmark])
  const first = days[0]?.day
  if (!first || days.filter((day) => day.growthNet !== null || day.value !== null).length < 2) {
    return (
      <>
        {lead}
        <p className="py-6 text-text-2">{perfWords('noCourse')}</p>
      </>
    )
  }
  const from = formatDate(locale, first)
  return (
    <div className="min-w-0">
      <div role="group" aria-label={perfWords('chartShows')} className="flex gap-2 pb-3">
        <FilterChip isSelected={shows === 'returns'} onChange={() => setShows('returns')}>
          {perfWords('chartReturns')}
        </FilterChip>
        <FilterChip isSelected={shows === 'value'} onChange={() => setShows('value')}>
          {perfWords('chartValue')}
        </FilterChip>
      </div>
      {shows === 'returns' ? (
        <LineChart
          key="returns"
          label={perfWords('growthLabel', { from })}
          kind="percent"
          currency={currency}
          lead={lead}
          height={280}
          series={returns}
          told={amounts}
          axisText={(value, step) => percentTick(locale, value, step)}
        />
      ) : (
        <LineChart
          key="value"
          label={perfWords('valueLabel', { from })}
          kind="money"
          currency={currency}
          lead={lead}
          height={280}
          series={amounts}
          told={returns}
          axisText={(value, step) => formatMoneyTick(locale, value, step, currency)}
        />
      )}
    </div>
  )
}

function seriesOf(days: readonly CourseDay[], benchmark: string | null): { returns: ChartSeries[]; amounts: ChartSeries[] } {
  const points = (pick: (day: CourseDay) => string | null | undefined) => days.map((day) => ({ date: day.day, value: pick(day) ?? null }))
  const hasGross = days.some((day) => (day.growthGross ?? null) !== null)
  const returns: ChartSeries[] = [
    { id: 'net', name: perfWords('portfolioNet'), role: 'own', kind: 'percent', sign: 'always', points: points((day) => gainOf(day.growthNet)) },
    ...(hasGross ? [{ id: 'gross', name: perfWords('portfolioGross'), role: 'beside', kind: 'percent', sign: 'always', points: points((day) => gainOf(day.growthGross ?? null)) } as const] : []),
    ...(benchmark === null ? [] : [{ id: 'benchmark', name: benchmark, role: 'benchmark', kind: 'percent', sign: 'always', points: points((day) => gainOf(day.benchmarkGrowth)) } as const]),
  ]
  const amounts: ChartSeries[] = [
    { id: 'value', name: perfWords('value'), role: 'own', kind: 'money', points: points((day) => day.value) },
    { id: 'contributions', name: perfWords('contributions'), role: 'contributions', kind: 'money', points: points((day) => day.netContributions) },
  ]
  return { returns, amounts }
}
