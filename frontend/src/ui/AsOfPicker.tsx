import { useId } from 'react'
import { formatDate } from '@/domain/dates'
import { Button } from './Button'
import { DateInput } from './DateInput'
import { useEnvironment } from './environment'
import { words } from './words'

interface AsOfPickerProps {
  /** The chosen day; null follows the business date. */
  value: string | null
  /** The latest day that can be asked for. */
  latest: string
  earliest?: string | undefined
  onChange: (value: string | null) => void
}

/** Any day of the book, or the business date. The chosen day is part of the address. */
export function AsOfPicker({ value, latest, earliest, onChange }: AsOfPickerProps) {
  const id = useId()
  const { locale } = useEnvironment()
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label htmlFor={id} className="flex items-center gap-1.5 text-12 text-text-2">
        {words('asOfPick')}
      </label>
      <DateInput
        id={id}
        label={words('asOfPick')}
        value={value ?? latest}
        max={latest}
        min={earliest}
        onChange={(day) => {
          if (day !== '') onChange(day === latest ? null : day)
        }}
        className="h-7 w-36 items-center rounded-control border border-control bg-canvas px-2 text-12 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent hover:border-text-3"
      />
      {value ? (
        <Button size="sm" look="link" onPress={() => onChange(null)}>
          {words('asOfLatest', { date: formatDate(locale, latest) })}
        </Button>
      ) : null}
    </div>
  )
}
