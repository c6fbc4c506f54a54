import { useId, useState, type ReactNode } from 'react'
import { formatDate } from '@/domain/dates'
import { cx } from './cx'
import { DateInput } from './DateInput'
import { useEnvironment } from './environment'
import { words } from './words'

interface DateFieldProps {
  label: ReactNode
  /** The label in plain words, where it holds more than text. */
  name: string
  value: string
  onChange: (value: string) => void
  error?: ReactNode
  /** What an empty field means, or what is wanted. */
  hint?: ReactNode
}

/** A date of a form: label above, what is wrong below. A text that is no day counts as empty and is said to be none. */
export function DateField({ label, name, value, onChange, error, hint }: DateFieldProps) {
  const id = useId()
  const { locale, businessDate } = useEnvironment()
  const [isUnread, setUnread] = useState(false)
  const example = formatDate(locale, businessDate ?? '2021-03-31')
  const wrong = isUnread ? words('dateUnread', { example }) : error
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-14 font-medium">
        {label}
      </label>
      <DateInput
        id={id}
        label={name}
        value={value}
        onChange={onChange}
        placeholder={words('dateLike', { example })}
        unread="clear"
        onUnread={setUnread}
        isInvalid={Boolean(wrong)}
        describedBy={wrong ? `${id}-wrong` : hint ? `${id}-hint` : undefined}
        className={cx(
          'h-9 w-full items-center rounded-control border bg-canvas pr-1.5 pl-3 text-14 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent',
          wrong ? 'border-negative' : 'border-control hover:border-text-3',
        )}
      />
      {hint && !wrong ? (
        <p id={`${id}-hint`} className="text-12 text-text-3">
          {hint}
        </p>
      ) : null}
      {wrong ? (
        <p id={`${id}-wrong`} className="text-12 text-negative">
          {wrong}
        </p>
      ) : null}
    </div>
  )
}
