import CalendarDays from 'lucide-react/icons/calendar-days'
import { lazy, Suspense, useRef, useState, type KeyboardEvent } from 'react'
import { formatDate } from '@/domain/dates'
import { moveDate, parseDate } from '@/domain/parseDate'
import { cx } from './cx'
import { useEnvironment } from './environment'
import { Icon } from './Icon'
import { words } from './words'

const CalendarPopover = lazy(() => import('./CalendarPopover').then((m) => ({ default: m.CalendarPopover })))

export interface DateInputProps {
  id: string
  /** What the date is, for the calendar's name. */
  label: string
  /** ISO date, or empty. */
  value: string
  onChange: (value: string) => void
  min?: string | undefined
  max?: string | undefined
  /** What happens to a text that is no day when the field is left: the last day comes back, or the field counts as empty and says so. */
  unread?: 'revert' | 'clear'
  onUnread?: (isUnread: boolean) => void
  /** What stands where no day is chosen; a day as an example if nothing else is said. */
  placeholder?: string
  describedBy?: string | undefined
  isInvalid?: boolean
  className?: string
}

const MOVES: Record<string, { days?: number; months?: number }> = { ArrowUp: { days: 1 }, ArrowDown: { days: -1 }, PageUp: { months: 1 }, PageDown: { months: -1 } }

/** One date as text, in the firm's own writing whatever the browser's: typed, moved by the arrow keys, or picked from a month. */
export function DateInput({ id, label, value, onChange, min, max, unread = 'revert', onUnread, placeholder, describedBy, isInvalid, className }: DateInputProps) {
  const { locale, businessDate, now } = useEnvironment()
  const [draft, setDraft] = useState<string | null>(null)
  const [picking, setPicking] = useState(false)
  const anchor = useRef<HTMLSpanElement>(null)
  const within = (day: string | null): day is string => day !== null && (!min || day >= min) && (!max || day <= max)
  const take = (day: string) => {
    setDraft(null)
    onUnread?.(false)
    onChange(day)
  }
  const type = (text: string) => {
    setDraft(text)
    onUnread?.(false)
    const day = parseDate(locale, text)
    // A year half written is not yet the year meant.
    if (text.trim() === '') onChange('')
    else if (/\d{4}/.test(text) && within(day)) onChange(day)
    else if (unread === 'clear') onChange('')
  }
  const leave = () => {
    if (draft === null) return
    const day = parseDate(locale, draft)
    if (draft.trim() === '') take('')
    else if (within(day)) take(day)
    else if (unread === 'revert') setDraft(null)
    else onUnread?.(true)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' && event.altKey) setPicking(true)
    else if (event.key === 'Enter') return leave()
    else {
      const by = MOVES[event.key]
      if (!by) return
      const next = moveDate(value || businessDate || now().toISOString().slice(0, 10), by)
      if (within(next)) take(next)
    }
    event.preventDefault()
  }
  return (
    <span ref={anchor} className={cx('relative inline-flex', className)}>
      <input
        id={id}
        type="text"
        autoComplete="off"
        value={draft ?? (value ? formatDate(locale, value) : '')}
        placeholder={placeholder ?? formatDate(locale, businessDate ?? '2021-03-31')}
        aria-describedby={describedBy}
        aria-invalid={isInvalid || undefined}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
        onKeyDown={onKeyDown}
        className="min-w-0 flex-1 bg-transparent outline-none placeholder:font-normal placeholder:text-text-3"
      />
      <button
        type="button"
        aria-label={words('pickDate', { label })}
        aria-haspopup="dialog"
        aria-expanded={picking}
        onClick={() => setPicking(true)}
        className="inline-flex min-h-6 min-w-6 items-center justify-center self-center rounded-chip text-text-2 hover:text-text"
      >
        <Icon of={CalendarDays} size={14} />
      </button>
      {picking ? (
        <Suspense fallback={null}>
          <CalendarPopover
            anchor={anchor}
            label={label}
            value={value}
            min={min}
            max={max}
            onPick={(day) => {
              take(day)
              setPicking(false)
            }}
            onClose={() => setPicking(false)}
          />
        </Suspense>
      ) : null}
    </span>
  )
}
