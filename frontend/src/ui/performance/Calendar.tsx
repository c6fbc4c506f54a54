import { useMemo, useState } from 'react'
import { formatDate } from '@/domain/dates'
import { cx } from '../cx'
import { useEnvironment } from '../environment'
import { Figure, figureText } from '../Figure'
import { SectionHeading } from '../Heading'
import { useNarrow } from '../useNarrow'
import type { MonthReturn } from './types'
import { perfWords } from './words'

const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const

interface YearOfMonths {
  year: number
  months: ReadonlyMap<number, MonthReturn>
  whole: MonthReturn | null
}

function byYear(all: readonly MonthReturn[]): YearOfMonths[] {
  const years = new Map<number, { months: Map<number, MonthReturn>; whole: MonthReturn | null }>()
  for (const each of all) {
    const year = years.get(each.year) ?? { months: new Map(), whole: null }
    if (each.month === null) year.whole = each
    else year.months.set(each.month, each)
    years.set(each.year, year)
  }
  return [...years].sort(([a], [b]) => b - a).map(([year, found]) => ({ year, ...found }))
}

/** "Jan" in the reader's own writing. */
function monthName(locale: string, month: number): string {
  return formatDate(locale, `2021-${String(month).padStart(2, '0')}-01`, 'short').replace(/[\d.\s]/g, '')
}

/** Twelve months a year, net of fees; on a phone a year is four rows of three. The chosen month is told in full above. */
export function Calendar({ months }: { months: readonly MonthReturn[] }) {
  const { locale } = useEnvironment()
  const narrow = useNarrow()
  const years = useMemo(() => byYear(months), [months])
  const hasWhole = years.some((year) => year.whole !== null)
  const [chosen, setChosen] = useState<MonthReturn | null>(null)
  if (years.length === 0) return null
  const cell = (found: MonthReturn | undefined) => (found ? <MonthCell found={found} isChosen={found === chosen} onChoose={() => setChosen(found)} /> : null)
  return (
    <section aria-label={perfWords('calendarTitle')} className="min-w-0">
      <SectionHeading aside={perfWords('calendarNote')}>{perfWords('calendarTitle')}</SectionHeading>
      <p role="status" className="min-h-7 py-1 text-text-2">
        {chosen ? <Told found={chosen} /> : null}
      </p>
      {narrow ? (
        years.map(({ year, months: known, whole }) => (
          <div key={year} className="border-b border-line py-2">
            <div className="flex justify-between font-semibold">
              <span>{year}</span>
              {whole ? <Figure kind="percent" value={whole.net} sign="always" tone="gain" /> : null}
            </div>
            <ul className="grid grid-cols-3 gap-x-3">
              {MONTHS.filter((month) => known.has(month)).map((month) => (
                <li key={month} className="flex items-center justify-between gap-1 text-12">
                  <span className="text-text-3">{monthName(locale, month)}</span>
                  {cell(known.get(month))}
                </li>
              ))}
            </ul>
          </div>
        ))
      ) : (
        <div role="region" aria-label={perfWords('calendarLabel')} tabIndex={0} className="overflow-x-auto">
          <table className="w-full">
            <caption className="sr-only">{perfWords('calendarLabel')}</caption>
            <thead className="text-12 text-text-2">
              <tr className="border-b border-line">
                <th scope="col" className="h-8 text-left font-medium">
                  {perfWords('year')}
                </th>
                {MONTHS.map((month) => (
                  <th key={month} scope="col" className="h-8 pl-2 text-right font-medium">
                    {monthName(locale, month)}
                  </th>
                ))}
                {hasWhole ? (
                  <th scope="col" className="h-8 pl-3 text-right font-medium">
                    {perfWords('wholeYear')}
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {years.map(({ year, months: known, whole }) => (
                <tr key={year} className="border-b border-line">
                  <th scope="row" className="h-8 text-left font-medium">
                    {year}
                  </th>
                  {MONTHS.map((month) => (
                    <td key={month} className="pl-2 text-right text-12">
                      {cell(known.get(month))}
                    </td>
                  ))}
                  {whole ? (
                    <td className="pl-3 text-right font-semibold">
                      <Figure kind="percent" value={whole.net} sign="always" tone="gain" absent={perfWords('notYet')} />
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function MonthCell({ found, isChosen, onChoose }: { found: MonthReturn; isChosen: boolean; onChoose: () => void }) {
  return (
    <button type="button" aria-pressed={isChosen} onClick={onChoose} className={cx('min-h-6 rounded-chip px-1 whitespace-nowrap hover:bg-hover max-sm:min-h-8', isChosen && 'bg-accent-soft')}>
      <Figure kind="percent" value={found.net} sign="always" tone="gain" absent={perfWords('notYet')} />
    </button>
  )
}

/** Net, gross and benchmark of the month that was asked for. */
function Told({ found }: { found: MonthReturn }) {
  const { locale, currency } = useEnvironment()
  const text = (value: string | null) => (value === null ? perfWords('notYet') : figureText({ kind: 'percent', value, sign: 'always' }, locale, currency))
  const month = formatDate(locale, `${found.year}-${String(found.month ?? 1).padStart(2, '0')}-01`, 'month')
  return found.gross === null
    ? perfWords('calendarMonthNet', { month, net: text(found.net), benchmark: text(found.benchmark) })
    : perfWords('calendarMonth', { month, net: text(found.net), gross: text(found.gross), benchmark: text(found.benchmark) })
}
