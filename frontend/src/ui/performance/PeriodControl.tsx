import { useId } from 'react'
import { PERIODS, type FixedPeriod, type PeriodName } from '@/domain/performance'
import { cx } from '../cx'
import { DateInput } from '../DateInput'
import { periodWord, perfWords } from './words'

interface PeriodControlProps {
  period: PeriodName
  from: string | null
  /** The latest first day there can be: the day the page shows. */
  latest: string
  onPeriod: (period: FixedPeriod) => void
  onFrom: (from: string) => void
}

/** The period all figures of the page are of: one of the usual ones, or from a day of one's own. It is part of the address. */
export function PeriodControl({ period, from, latest, onPeriod, onFrom }: PeriodControlProps) {
  const id = useId()
  return (
    <div role="group" aria-label={perfWords('periods')} className="flex min-w-0 flex-wrap items-center gap-2">
      <div className="grid w-full grid-cols-4 overflow-hidden rounded-control border border-line-strong sm:inline-flex sm:w-auto">
        {PERIODS.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={period === each}
            title={periodWord(each)}
            onClick={() => onPeriod(each)}
            className={cx(
              '-mr-px -mb-px h-8 min-w-12 flex-auto border-r border-b border-line px-3 text-14 focus-visible:-outline-offset-2',
              period === each ? 'bg-accent-mid font-semibold text-accent' : 'text-text-2 hover:bg-hover',
            )}
          >
            {perfWords(each)} <span className="sr-only">{periodWord(each)}</span>
          </button>
        ))}
      </div>
      <span className={cx('inline-flex h-8 items-center gap-1.5 rounded-control border px-2 text-14', period === 'CUSTOM' ? 'border-accent-line bg-accent-mid text-accent' : 'border-line-strong text-text-2')}>
        <label htmlFor={id}>{perfWords('customFrom')}</label>
        <DateInput
          id={id}
          label={perfWords('customFrom')}
          value={from ?? ''}
          max={latest}
          onChange={(day) => {
            if (day !== '') onFrom(day)
          }}
          placeholder={perfWords('customPick')}
          className="w-28"
        />
      </span>
    </div>
  )
}
