/** Calendar dates are ISO strings ("2021-03-31") and never pass through a time zone; instants are ISO date-times. */
export type DateString = string
export type InstantString = string

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/

const formats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options)
    formats.set(key, format)
  }
  return format
}

/** Midnight UTC of a calendar date; only ever formatted in UTC. */
function utc(date: DateString): Date {
  const match = DATE.exec(date)
  if (!match) throw new RangeError(`"${date}" is not a date: expected YYYY-MM-DD; nothing was formatted`)
  const [, year, month, day] = match
  const value = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (value.getUTCMonth() !== Number(month) - 1) throw new RangeError(`"${date}" is not a day of the calendar; nothing was formatted`)
  return value
}

function named(parts: Intl.DateTimeFormatPart[]): Record<string, string> {
  return Object.fromEntries(parts.map((part) => [part.type, part.value]))
}

export type DateStyle = 'full' | 'short' | 'weekday' | 'month'

/** full "31 Mar 2021", short "31 Mar", weekday "Wednesday, 31 March", month "Mar 21". */
export function formatDate(locale: string, date: DateString, style: DateStyle = 'full'): string {
  const at = utc(date)
  const long = style === 'weekday'
  const p = named(
    dateFormat(locale, {
      timeZone: 'UTC',
      weekday: 'long',
      day: 'numeric',
      month: long ? 'long' : 'short',
      year: 'numeric',
    }).formatToParts(at),
  )
  switch (style) {
    case 'full':
      return `${p['day']} ${p['month']} ${p['year']}`
    case 'short':
      return `${p['day']} ${p['month']}`
    case 'weekday':
      return `${p['weekday']}, ${p['day']} ${p['month']}`
    case 'month':
      return `${p['month']} ${p['year']?.slice(-2)}`
  }
}

/** "31 Mar 2021, 16:42" in the given time zone. */
export function formatInstant(locale: string, instant: InstantString, timeZone: string, withSeconds = false): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) throw new RangeError(`"${instant}" is not a date-time; nothing was formatted`)
  const p = named(
    dateFormat(locale, {
      timeZone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      ...(withSeconds ? { second: '2-digit' } : {}),
      hourCycle: 'h23',
    }).formatToParts(at),
  )
  const time = withSeconds ? `${p['hour']}:${p['minute']}:${p['second']}` : `${p['hour']}:${p['minute']}`
  return `${p['day']} ${p['month']} ${p['year']}, ${time}`
}

/** How long ago, in the largest whole unit. */
export interface Age {
  unit: 'second' | 'minute' | 'hour' | 'day'
  count: number
}

export function ageBetween(from: InstantString, to: Date): Age {
  const seconds = Math.max(0, Math.floor((to.getTime() - new Date(from).getTime()) / 1000))
  if (seconds < 60) return { unit: 'second', count: seconds }
  if (seconds < 3600) return { unit: 'minute', count: Math.floor(seconds / 60) }
  if (seconds < 86400) return { unit: 'hour', count: Math.floor(seconds / 3600) }
  return { unit: 'day', count: Math.floor(seconds / 86400) }
}

/** The calendar day at an instant in a time zone. */
export function dayAt(instant: Date, timeZone: string): DateString {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant)
}

/** The day before: the last on which something that ends on this day still holds. */
export function dayBefore(date: DateString): DateString {
  return new Date(utc(date).getTime() - 86_400_000).toISOString().slice(0, 10)
}

/** Whole calendar days from one date to another. */
export function daysBetween(from: DateString, to: DateString): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / 86_400_000)
}

/** "1" to "12". */
export const MONTHS_OF_A_YEAR: readonly string[] = Array.from({ length: 12 }, (_, at) => String(at + 1))

/** "3" is "March"; what is no month stays. */
export function monthName(locale: string, month: string): string {
  if (!MONTHS_OF_A_YEAR.includes(month)) return month
  return new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2021, Number(month) - 1, 1)))
}
