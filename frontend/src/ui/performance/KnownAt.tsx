import History from 'lucide-react/icons/history'
import { useId, useState } from 'react'
import { Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { formatInstant } from '@/domain/dates'
import { clockAt, momentOf } from '@/domain/performance'
import { Banner } from '../Banner'
import { Button } from '../Button'
import { DateInput } from '../DateInput'
import { useEnvironment } from '../environment'
import { perfWords } from './words'

interface KnownAtProps {
  /** The moment whose knowledge is shown; null: now. */
  value: string | null
  onChange: (moment: string | null) => void
}

/** The time machine: the same day, as it was known at an earlier moment. The moment is part of the address. */
export function KnownAtControl({ value, onChange }: KnownAtProps) {
  const { locale, timeZone } = useEnvironment()
  return (
    <DialogTrigger>
      <Button size="sm" icon={History} className={value ? '!border-warning-line !bg-warning-soft' : ''}>
        {value ? `${perfWords('knownAt')} ${formatInstant(locale, value, timeZone)}` : perfWords('knownNow')}
      </Button>
      <Popover placement="bottom end" offset={6} className="w-[min(300px,calc(100vw-24px))] rounded-surface bg-raised p-4 shadow-overlay">
        <Dialog aria-label={perfWords('knownAt')} className="outline-none">
          {({ close }) => (
            <Moment
              value={value}
              onChange={(moment) => {
                onChange(moment)
                close()
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function Moment({ value, onChange }: KnownAtProps) {
  const id = useId()
  const { timeZone, now } = useEnvironment()
  // The books' own clock, not the firm's business day: what was recorded was recorded then.
  const start = clockAt(value ?? now().toISOString(), timeZone)
  const [day, setDay] = useState(start.day)
  const [time, setTime] = useState(start.time)
  const moment = day && /^\d{2}:\d{2}(:\d{2})?$/.test(time) ? momentOf(day, time, timeZone) : null
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (moment) onChange(moment)
      }}
    >
      <label htmlFor={`${id}-day`} className="text-12 text-text-2">
        {perfWords('knownDay')}
      </label>
      <DateInput id={`${id}-day`} label={perfWords('knownDay')} value={day} onChange={setDay} className="-mt-2 h-9 items-center rounded-control border border-control bg-canvas px-2" />
      <label htmlFor={`${id}-time`} className="text-12 text-text-2">
        {perfWords('knownTime')}, {timeZone.replace(/_/g, ' ')}
      </label>
      <input
        id={`${id}-time`}
        type="time"
        step={1}
        required
        value={time}
        onChange={(event) => setTime(event.target.value)}
        className="-mt-2 h-9 rounded-control border border-control bg-canvas px-2"
      />
      <Button type="submit" look="primary" size="lg" isDisabled={moment === null}>
        {perfWords('knownShow')}
      </Button>
      {value ? (
        <Button size="lg" onPress={() => onChange(null)}>
          {perfWords('knownBack')}
        </Button>
      ) : null}
    </form>
  )
}

/** Stands over everything that is not what is known now. */
export function KnownAtBanner({ value, bookVersion, onBack }: { value: string; bookVersion: string | null; onBack: () => void }) {
  const { locale, timeZone } = useEnvironment()
  return (
    <Banner
      status="attention"
      action={
        <Button size="sm" look="link" onPress={onBack}>
          {perfWords('knownBack')}
        </Button>
      }
    >
      {perfWords('knownBanner', { when: formatInstant(locale, value, timeZone, true) })}
      {bookVersion === null ? null : <span className="ml-2 text-12 text-text-3">{perfWords('knownBook', { version: bookVersion })}</span>}
    </Banner>
  )
}
