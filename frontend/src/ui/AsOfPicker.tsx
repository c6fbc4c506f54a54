import CalendarDays from 'lucide-react/icons/calendar-days'
import { useId } from 'react'
import { formatDate } from '@/domain/dates'
import { Button } from './Button'
import { useEnvironment } from './environment'
import { Icon } from './Icon'
import { FIELD_CLASS } from './TextField'
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
        <Icon of={CalendarDays} size={14} />
        {words('asOfPick')}
      </label>
      <input
        id={id}
        type="date"
        value={value ?? latest}
        max={latest}
        min={earliest}
        onChange={(event) => {
          const day = event.target.value
          if (day === '' || day > latest || (earliest && day < earliest)) return
          onChange(day === latest ? null : day)
        }}
        className={`${FIELD_CLASS} h-7 !w-36 px-2 !text-12`}
      />
      {value ? (
        <Button size="sm" look="link" onPress={() => onChange(null)}>
          {words('asOfLatest', { date: formatDate(locale, latest) })}
        </Button>
      ) : null}
    </div>
  )
}
