import { useId } from 'react'
import { cx } from './cx'
import { DateInput } from './DateInput'
import { words } from './words'

interface DateChipProps {
  label: string
  /** ISO date, or empty when the filter is off. */
  value: string
  onChange: (value: string) => void
  max?: string | undefined
}

/** A date as a filter: its name stands before it, a chosen day tints it. */
export function DateChip({ label, value, onChange, max }: DateChipProps) {
  const id = useId()
  return (
    <span
      className={cx(
        'inline-flex h-6 items-center gap-1.5 rounded-chip border px-2 text-12 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent',
        value ? 'border-accent-line bg-accent-soft text-accent' : 'border-line-strong text-text-2 hover:bg-hover',
      )}
    >
      <label htmlFor={id}>{label}</label>
      <DateInput id={id} label={label} value={value} max={max} onChange={onChange} placeholder={words('any')} className={cx('font-semibold', value ? 'w-28' : 'w-14 focus-within:w-28')} />
    </span>
  )
}
