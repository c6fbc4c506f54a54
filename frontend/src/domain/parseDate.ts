import type { DateString } from './dates'

/** Where day, month and year stand in a date written in numbers, such as "mdy" in the United States. */
function orderOf(locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', year: 'numeric', timeZone: 'UTC' }).formatToParts(Date.UTC(2021, 2, 31))
  return parts.flatMap(({ type }) => (type === 'day' || type === 'month' || type === 'year' ? [type.charAt(0)] : [])).join('')
}

const plainLetters = (text: string) => text.toLowerCase().replace(/\./g, '')

function monthNamed(locale: string, name: string): number | null {
  const wanted = plainLetters(name)
  for (let month = 0; month < 12; month += 1) {
    const at = Date.UTC(2021, month, 15)
    const names = (['short', 'long'] as const).map((style) => plainLetters(new Intl.DateTimeFormat(locale, { day: 'numeric', month: style, timeZone: 'UTC' }).formatToParts(at).find(({ type }) => type === 'month')?.value ?? ''))
    if (names.includes(wanted) || (wanted.length >= 3 && names[1]?.startsWith(wanted))) return month + 1
  }
  return null
}

/** Two digits of a year are of this century up to 79. */
const fullYear = (digits: string) => (digits.length > 2 ? Number(digits) : Number(digits) + (Number(digits) < 80 ? 2000 : 1900))

function made(year: number, month: number, day: number): DateString | null {
  const at = new Date(Date.UTC(year, month - 1, day))
  if (year < 1000 || at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null
  return at.toISOString().slice(0, 10)
}

/**
 * A day as a person writes it: "2021-03-31", "31 Mar 2021", "March 31, 2021", or in numbers in the order of the locale
 * ("3/31/2021", "31.3.2021"). Null for anything that is no day of the calendar.
 */
export function parseDate(locale: string, text: string): DateString | null {
  const written = text.trim()
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(written)
  if (iso) return made(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const numbers = /^(\d{1,4})[\s./-]+(\d{1,2})[\s./-]+(\d{2}|\d{4})\.?$/.exec(written)
  if (numbers) {
    const order = orderOf(locale)
    const at = (letter: string) => numbers[order.indexOf(letter) + 1] ?? ''
    return made(fullYear(at('y')), Number(at('m')), Number(at('d')))
  }
  const dayFirst = /^(\d{1,2})\.?\s+(\p{L}+\.?),?\s+(\d{2}|\d{4})$/u.exec(written)
  const monthFirst = /^(\p{L}+\.?)\s+(\d{1,2}),?\s+(\d{2}|\d{4})$/u.exec(written)
  const [day, name, year] = dayFirst ? dayFirst.slice(1) : monthFirst ? [monthFirst[2], monthFirst[1], monthFirst[3]] : []
  const month = name ? monthNamed(locale, name) : null
  return month === null ? null : made(fullYear(year ?? ''), month, Number(day))
}

/** The same day of the calendar some days or months away; the last day of a shorter month. */
export function moveDate(date: DateString, by: { days?: number; months?: number }): DateString {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 + (by.months ?? 0), 1))
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(day, length) + (by.days ?? 0))
  return first.toISOString().slice(0, 10)
}
