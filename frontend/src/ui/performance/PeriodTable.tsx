import { Fragment } from 'react'
import { formatDate } from '@/domain/dates'
import { cx } from '../cx'
import { useEnvironment } from '../environment'
import { useNarrow } from '../useNarrow'
import { ReturnFigure } from './ReturnFigure'
import type { PeriodReturns, ReturnFigureValue } from './types'
import { periodWord, perfWords } from './words'

interface PeriodTableProps {
  periods: readonly PeriodReturns[]
  /** Its row is tinted. */
  chosen: PeriodReturns['kind']
  /** Whether there is a benchmark to stand beside. */
  hasBenchmark: boolean
}

/** Net first and gross beside it in every row; a return per year only where there is one. */
export function PeriodTable({ periods, chosen, hasBenchmark }: PeriodTableProps) {
  const narrow = useNarrow()
  const hasExcess = hasBenchmark && !narrow
  const heads = [perfWords('net'), perfWords('gross'), ...(hasBenchmark ? [perfWords('benchmark')] : []), ...(hasExcess ? [perfWords('excess')] : [])]
  return (
    <table className="w-full text-14 max-sm:text-12">
      <caption className="sr-only">{perfWords('tableLabel')}</caption>
      <thead className="text-12 text-text-2">
        <tr className="border-b border-line-strong">
          <th scope="col" className="h-9 text-left font-medium">
            {perfWords('timeWeighted')}
          </th>
          {heads.map((head) => (
            <th key={head} scope="col" className="h-9 pl-4 text-right font-medium max-sm:pl-2">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {periods.map((period) => (
          <Fragment key={period.kind}>
            <Row period={period} isChosen={period.kind === chosen} hasBenchmark={hasBenchmark} hasExcess={hasExcess} narrow={narrow} />
            {period.netAnnualised.value === null || period.netAnnualised.value === period.net.value ? null : <YearRow period={period} isChosen={period.kind === chosen} hasBenchmark={hasBenchmark} hasExcess={hasExcess} />}
          </Fragment>
        ))}
      </tbody>
    </table>
  )
}

interface RowProps {
  period: PeriodReturns
  isChosen: boolean
  hasBenchmark: boolean
  hasExcess: boolean
}

const CELL = 'h-9 pl-4 text-right max-sm:pl-2'

function Row({ period, isChosen, hasBenchmark, hasExcess, narrow }: RowProps & { narrow: boolean }) {
  const { locale } = useEnvironment()
  const word = periodWord(period.kind)
  const name = (figure: string) => perfWords('figureOf', { figure, period: word })
  return (
    <tr className={cx('border-t border-line first:border-t-0', isChosen && 'bg-accent-soft')} data-period={period.kind}>
      <th scope="row" className="h-9 text-left font-medium">
        {word}
        <span className={cx('text-12 font-normal text-text-3', narrow ? 'sr-only' : 'ml-2')}>
          {period.begin ? perfWords('span', { from: formatDate(locale, period.begin), to: formatDate(locale, period.end) }) : null}
        </span>
      </th>
      <td className={CELL}>
        <ReturnFigure figure={period.net} name={name(perfWords('net'))} className="font-semibold" />
      </td>
      <td className={cx(CELL, 'text-text-2')}>
        <ReturnFigure figure={period.gross} name={name(perfWords('gross'))} />
      </td>
      {hasBenchmark ? (
        <td className={cx(CELL, 'text-text-2')}>
          <ReturnFigure figure={period.benchmark} name={name(perfWords('benchmark'))} />
        </td>
      ) : null}
      {hasExcess ? (
        <td className={CELL}>
          <ReturnFigure figure={period.excess} name={name(perfWords('excess'))} tone="gain" />
        </td>
      ) : null}
    </tr>
  )
}

function YearRow({ period, isChosen, hasBenchmark, hasExcess }: RowProps) {
  const name = (figure: string) => perfWords('figureOfYear', { figure, period: periodWord(period.kind) })
  const cell = (figure: ReturnFigureValue | null, word: string, strong = false) => (
    <td className={cx('h-7 pb-1 pl-4 text-right align-top max-sm:pl-2', strong ? '' : 'text-text-2')}>
      <ReturnFigure figure={figure} name={name(word)} className={strong ? 'font-semibold' : ''} />
    </td>
  )
  return (
    <tr className={cx(isChosen && 'bg-accent-soft')} data-period={`${period.kind}-year`}>
      <th scope="row" className="h-7 pb-1 pl-4 text-left align-top font-normal text-text-2">
        <span className="sr-only">{periodWord(period.kind)}, </span>
        {perfWords('aYear')}
      </th>
      {cell(period.netAnnualised, perfWords('net'), true)}
      {cell(period.grossAnnualised, perfWords('gross'))}
      {hasBenchmark ? cell(period.benchmarkAnnualised, perfWords('benchmark')) : null}
      {hasExcess ? <td>&nbsp;</td> : null}
    </tr>
  )
}
