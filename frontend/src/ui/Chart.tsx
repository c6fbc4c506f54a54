import { scaleLinear, scalePoint } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { toPosition } from '@/domain/decimal'
import { daysBetween, formatDate } from '@/domain/dates'
import type { Sign } from '@/domain/format'
import { cx } from './cx'
import { useEnvironment } from './environment'
import { Figure, FigureBlock, figureText, type FigureKind } from './Figure'
import { usePreferences } from './preferences'
import { words } from './words'

export interface ChartPoint {
  date: string
  /** Decimal string; null where there is no value, which leaves a gap. */
  value: string | null
}

export interface ChartSeries {
  id: string
  name: string
  points: readonly ChartPoint[]
  /** own: 2 px accent. beside: 1.5 px, dotted. benchmark: 1.5 px dashed. contributions: 1 px grey steps. */
  role: 'own' | 'beside' | 'benchmark' | 'contributions'
  /** Where it is not what the chart draws: an amount told beside returns. */
  kind?: FigureKind
  sign?: Sign
}

interface LineChartProps {
  label: string
  series: readonly ChartSeries[]
  kind: FigureKind
  currency?: string
  /** How axis values are written, given the distance between two ticks: "$2.50B". */
  axisText: (value: number, step: number) => string
  axis?: 'left' | 'right'
  height?: number
  /** Told in the readout, the table and to the ear, and not drawn: of another kind, or of another size. */
  told?: readonly ChartSeries[]
  /** Stands in the place of the readout while no day is read: the figures the chart leads to. */
  lead?: ReactNode
  /** What happened on the way: a diamond on the axis, and words in the table. */
  marks?: readonly ChartMark[]
}

export interface ChartMark {
  date: string
  label: string
}

const GAP = { top: 8, bottom: 28, left: 64, right: 12 }
const LABEL_WIDTH = 72
const NONE: readonly ChartSeries[] = []

const STROKES = {
  own: { className: 'stroke-accent', width: 2, dash: undefined },
  beside: { className: 'stroke-accent', width: 1.5, dash: '1 3' },
  benchmark: { className: 'stroke-benchmark', width: 1.5, dash: '4 3' },
  contributions: { className: 'stroke-control', width: 1, dash: undefined },
} as const

/** The width the chart really has; drawing in a fixed view box would shrink the labels on a phone. */
function useMeasuredWidth() {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver((entries) => {
      const measured = entries[0]?.contentRect.width ?? 0
      setWidth(Math.round(measured))
    })
    setWidth(Math.round(element.getBoundingClientRect().width))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { box, width }
}

function geometry(series: readonly ChartSeries[], width: number, height: number, axis: 'left' | 'right') {
  const left = axis === 'left' ? GAP.left : GAP.right
  const right = axis === 'left' ? GAP.right : GAP.left
  const dates = series[0]?.points.map((point) => point.date) ?? []
  const numbers = series.flatMap((one) => one.points.flatMap((point) => (point.value === null ? [] : [toPosition(point.value)])))
  const x = scalePoint<string>().domain(dates).range([left, Math.max(left, width - right)])
  const low = Math.min(...numbers)
  const high = Math.max(...numbers)
  const y = scaleLinear()
    .domain(low === high ? [low - 1, high + 1] : [low, high])
    .nice(height < 180 ? 3 : 4)
    .range([height - GAP.bottom, GAP.top])
  return { x, y, dates, left, right, empty: numbers.length === 0 }
}

/** A line chart drawn at its measured width, with a readout above, a keyboard scrub and a table. */
export function LineChart(props: LineChartProps) {
  const { label, series, told = NONE, kind, currency, height = 220, axis = 'left', lead } = props
  const { locale } = useEnvironment()
  const heard = useHeard(props)
  const { box, width } = useMeasuredWidth()
  const [asTable, setAsTable] = useState(false)
  const [scrubbed, setScrubbed] = useState<number | null>(null)
  const last = (series[0]?.points.length ?? 1) - 1
  const at = Math.min(scrubbed ?? last, last)
  const date = series[0]?.points[at]?.date

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, PageUp: at - 10, PageDown: at + 10 }
    const next = moves[event.key]
    if (next === undefined) return
    event.preventDefault()
    setScrubbed(Math.max(0, Math.min(last, next)))
  }

  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 pb-2">
        <Lead lead={lead} isReading={scrubbed !== null}>
          {series.length + told.length > 1 && date ? (
            <FigureBlock size="sm" secondary label={words('atClose')}>
              <Figure kind="date" value={date} />
            </FigureBlock>
          ) : null}
          {[...series, ...told].map((one) => (
            <FigureBlock
              key={one.id}
              size="sm"
              secondary={one.role !== 'own'}
              className={lead && told.includes(one) ? 'max-sm:hidden' : ''}
              label={
                <span className="inline-flex items-center gap-1.5">
                  {series.includes(one) ? <SeriesKey role={one.role} /> : null}
                  {one.name}
                </span>
              }
              sub={series.length + told.length === 1 && date ? formatDate(locale, date) : null}
            >
              <Figure kind={one.kind ?? kind} value={one.points[at]?.value} currency={currency ?? undefined} sign={one.sign ?? 'auto'} absent={words('noValue')} />
            </FigureBlock>
          ))}
        </Lead>
        <button type="button" className={cx('rounded-chip text-12 font-medium text-accent hover:underline', axis === 'right' ? 'min-h-11 min-w-11' : 'min-h-6')} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? words('showAsChart') : words('showAsTable')}
        </button>
      </figcaption>
      {asTable ? (
        <ChartTable {...props} />
      ) : (
        <div
          ref={box}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-description={words('chartHelp')}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={at}
          aria-valuetext={heard(at)}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setScrubbed(null)}
          onPointerMove={(event) => {
            const { dates, x } = geometry(series, width, height, axis)
            const step = x.step() || 1
            const offset = event.clientX - event.currentTarget.getBoundingClientRect().left - (x(dates[0] ?? '') ?? 0)
            setScrubbed(Math.max(0, Math.min(last, Math.round(offset / step))))
          }}
          className="w-full touch-pan-y rounded-chip"
          style={{ height }}
        >
          {width > 0 ? <Lines {...props} width={width} height={height} axis={axis} at={scrubbed} /> : null}
        </div>
      )}
    </figure>
  )
}

/** Both stand in one place, as high as the higher of them: the chart never moves under the finger. */
function Lead({ lead, isReading, children }: { lead: ReactNode; isReading: boolean; children: ReactNode }) {
  const row = 'flex flex-wrap gap-x-8 gap-y-2'
  if (!lead) return <div className={row}>{children}</div>
  return (
    <div className="grid min-w-0 flex-1 *:[grid-area:1/1]">
      <div className={cx(isReading && 'invisible')}>{lead}</div>
      <div className={cx(row, 'content-start', !isReading && 'invisible')}>{children}</div>
    </div>
  )
}

/** What a screen reader says at a point: the day and the value of each series, unless amounts are hidden. */
function useHeard({ series, told = NONE, kind, currency }: LineChartProps): (at: number) => string {
  const { locale, currency: own } = useEnvironment()
  const { privacy } = usePreferences()
  return (at) => {
    const date = series[0]?.points[at]?.date
    if (!date) return ''
    const all = [...series, ...told]
    const values = all.map((one) => {
      const value = one.points[at]?.value ?? null
      const is = one.kind ?? kind
      const text = value === null ? words('noValue') : privacy && is !== 'percent' ? words('hidden') : figureText({ kind: is, value, currency: currency ?? own, sign: one.sign ?? 'auto' }, locale, own)
      return all.length > 1 ? `${one.name} ${text}` : text
    })
    return [formatDate(locale, date), ...values].join(', ')
  }
}

/** The line of a series, small: beside its name wherever that stands. */
export function SeriesKey({ role }: { role: ChartSeries['role'] }) {
  const stroke = STROKES[role]
  return (
    <svg width="14" height="4" aria-hidden="true">
      <path d="M0 2H14" className={stroke.className} strokeWidth={stroke.width} strokeDasharray={stroke.dash} />
    </svg>
  )
}

interface LinesProps extends LineChartProps {
  width: number
  height: number
  axis: 'left' | 'right'
  at: number | null
}

/** The first drawn day at or after the mark; none when it lies outside the course. */
function markedDay(dates: readonly string[], mark: ChartMark): string | undefined {
  return mark.date < (dates[0] ?? '') ? undefined : dates.find((date) => date >= mark.date)
}

function isSameMonth(day: string, other: string | undefined): boolean {
  return day.slice(0, 7) === other?.slice(0, 7)
}

function Lines({ series, kind, width, height, axis, axisText, at, marks = [] }: LinesProps) {
  const { locale } = useEnvironment()
  const { privacy } = usePreferences()
  const clip = useId()
  const { x, y, dates, left, right, empty } = geometry(series, width, height, axis)
  if (empty) return null
  const ticks = y.ticks(height < 180 ? 3 : 4)
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0)
  const style = daysBetween(dates[0] ?? '', dates[dates.length - 1] ?? '') > 300 ? 'month' : 'short'
  const every = Math.max(1, Math.ceil(dates.length / Math.max(1, Math.floor((width - left - right) / LABEL_WIDTH))))
  return (
    <svg width={width} height={height} aria-hidden="true" className="block" data-chart={clip}>
      {ticks.map((tick) => (
        <g key={tick}>
          <path d={`M${left} ${y(tick)}H${width - right}`} className={kind === 'percent' && tick === 0 ? 'stroke-line-strong' : 'stroke-line'} />
          {privacy && kind !== 'percent' ? null : (
            <text
              x={axis === 'left' ? left - 8 : width - right + 8}
              y={y(tick)}
              dy="0.32em"
              textAnchor={axis === 'left' ? 'end' : 'start'}
              className="fill-text-3 text-12"
            >
              {axisText(tick, step)}
            </text>
          )}
        </g>
      ))}
      {dates.map((date, index) =>
        (dates.length - 1 - index) % every === 0 && !(style === 'month' && isSameMonth(date, dates[index + every])) ? (
          <text key={date} x={x(date)} y={height - 8} textAnchor={index === 0 ? 'start' : index === dates.length - 1 ? 'end' : 'middle'} className="fill-text-3 text-12">
            {formatDate(locale, date, style)}
          </text>
        ) : null,
      )}
      {series.map((one) => {
        const stroke = STROKES[one.role]
        const draw = line<ChartPoint>()
          .defined((point) => point.value !== null)
          .x((point) => x(point.date) ?? 0)
          .y((point) => y(toPosition(point.value ?? '0')))
        if (one.role === 'contributions') draw.curve(curveStepAfter)
        const end = one.points.findLast((point) => point.value !== null)
        return (
          <g key={one.id}>
            <path d={draw(one.points) ?? ''} fill="none" className={stroke.className} strokeWidth={stroke.width} strokeDasharray={stroke.dash} strokeLinejoin="round" />
            {one.role === 'own' && end?.value ? <circle cx={x(end.date)} cy={y(toPosition(end.value))} r="4" className="fill-accent" /> : null}
          </g>
        )
      })}
      {marks.map((mark) => {
        const day = markedDay(dates, mark)
        if (day === undefined) return null
        const across = x(day) ?? 0
        return (
          <g key={`${mark.date} ${mark.label}`} data-mark={mark.date}>
            <title>{mark.label}</title>
            <path d={`M${across} ${GAP.top}V${height - GAP.bottom}`} className="stroke-line-strong" strokeDasharray="2 3" />
            <path d={`M${across} ${height - GAP.bottom - 5}l5 5l-5 5l-5-5Z`} className="fill-text-3" />
          </g>
        )
      })}
      {at === null ? null : <path d={`M${x(dates[at] ?? '') ?? 0} ${GAP.top}V${height - GAP.bottom}`} className="stroke-control" />}
    </svg>
  )
}

function ChartTable({ label, series, told = NONE, kind, currency, height = 220, marks = [] }: LineChartProps) {
  const { locale } = useEnvironment()
  const dates = series[0]?.points.map((point) => point.date) ?? []
  return (
    <div className="overflow-auto" style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={label}>
      <table className="w-full text-14">
        <thead className="sticky top-0 bg-canvas text-12 text-text-2">
          <tr>
            <th scope="col" className="py-2 text-left font-medium">
              {words('date')}
            </th>
            {[...series, ...told].map((one) => (
              <th key={one.id} scope="col" className="py-2 pl-4 text-right font-medium">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series[0]?.points.map((point, index) => (
            <tr key={point.date} className="border-t border-line">
              <th scope="row" className="py-1.5 text-left font-normal">
                {formatDate(locale, point.date)}
                {marks
                  .filter((mark) => markedDay(dates, mark) === point.date)
                  .map((mark) => (
                    <span key={mark.label} className="ml-2 text-12 text-text-2">
                      {mark.label}
                    </span>
                  ))}
              </th>
              {[...series, ...told].map((one) => (
                <td key={one.id} className="py-1.5 pl-4 text-right">
                  <Figure kind={one.kind ?? kind} value={one.points[index]?.value} currency={currency ?? undefined} sign={one.sign ?? 'auto'} absent={words('noValue')} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
