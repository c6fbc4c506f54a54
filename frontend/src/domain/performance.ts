import { asOfIn, knownAtIn } from './asOf'
import { signOf, type DecimalString } from './decimal'

/** Periods that end with the chosen day, in the order people meet them. */
export const PERIODS = ['MTD', 'QTD', 'YTD', 'ONE_YEAR', 'THREE_YEARS', 'FIVE_YEARS', 'TEN_YEARS', 'ITD'] as const
export type FixedPeriod = (typeof PERIODS)[number]
export type PeriodName = FixedPeriod | 'CUSTOM'

/** How the parts of a whole are told apart. */
export const BREAKDOWNS = ['SECURITY', 'ASSET_CLASS', 'SECTOR', 'CURRENCY', 'ACCOUNT'] as const
export type Breakdown = (typeof BREAKDOWNS)[number]

const IN_ADDRESS: Record<string, FixedPeriod> = {
  mtd: 'MTD',
  qtd: 'QTD',
  ytd: 'YTD',
  '1y': 'ONE_YEAR',
  '3y': 'THREE_YEARS',
  '5y': 'FIVE_YEARS',
  '10y': 'TEN_YEARS',
  itd: 'ITD',
}
const FIRST: FixedPeriod = 'YTD'

/** What the address of a performance page holds beside its day. */
export interface PerformanceSearch {
  /** "3y"; the year to date when absent. */
  period?: string
  /** The first day of a period of one's own; the chosen day ends it. */
  from?: string
  /** What the parts are told apart by: "account"; securities when absent. */
  by?: string
}

export function performanceSearch(search: Record<string, unknown>): PerformanceSearch {
  const from = asOfIn(search['from'])
  const period = typeof search['period'] === 'string' ? search['period'].toLowerCase() : ''
  const by = typeof search['by'] === 'string' ? search['by'].toUpperCase() : ''
  return {
    ...(from ? { from } : period in IN_ADDRESS && IN_ADDRESS[period] !== FIRST ? { period } : {}),
    ...(by !== BREAKDOWNS[0] && (BREAKDOWNS as readonly string[]).includes(by) ? { by: by.toLowerCase() } : {}),
  }
}

/** The same, with the moment whose knowledge is shown. */
export interface PerformancePageSearch extends PerformanceSearch {
  knownAt?: string
  /** The id of what it is measured beside, where that is not what was agreed. */
  benchmark?: string
  /** The name of the report by whose conventions it is measured, where that is not by what was agreed. */
  report?: string
}

export function performancePage(search: Record<string, unknown>): PerformancePageSearch {
  const knownAt = knownAtIn(search['knownAt'])
  const { benchmark, report } = search
  return {
    ...performanceSearch(search),
    ...(knownAt ? { knownAt } : {}),
    ...(typeof benchmark === 'string' && benchmark !== '' ? { benchmark } : {}),
    ...(typeof report === 'string' && report !== '' ? { report } : {}),
  }
}

/** Part of an address changed; what is undefined is taken out. */
export type SearchChange<Search> = { [Key in keyof Search]?: Search[Key] | undefined }

/** The period an address asks for. */
export function periodIn({ period, from }: PerformanceSearch): { period: PeriodName; from: string | null } {
  if (from) return { period: 'CUSTOM', from }
  return { period: IN_ADDRESS[period ?? ''] ?? FIRST, from: null }
}

export function breakdownIn({ by }: PerformanceSearch): Breakdown {
  return BREAKDOWNS.find((each) => each.toLowerCase() === by) ?? BREAKDOWNS[0]
}

/** The same page with another period. */
export function withPeriod(period: FixedPeriod): SearchChange<Pick<PerformanceSearch, 'period' | 'from'>> {
  const word = Object.keys(IN_ADDRESS).find((each) => IN_ADDRESS[each] === period)
  return { period: period === FIRST ? undefined : word, from: undefined }
}

/** The moment at which a clock of the time zone shows this day and time ("16:42", or "16:42:30"). */
export function momentOf(day: string, time: string, timeZone: string): string | null {
  const wanted = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`)
  if (Number.isNaN(wanted)) return null
  // The zone's distance from UTC depends on the moment sought: twice is enough, but for an hour that a change of clocks leaves out.
  let at = wanted
  for (let round = 0; round < 2; round += 1) at = wanted - (clockOf(at, timeZone) - at)
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** Day and time a clock of the time zone shows at a moment. */
export function clockAt(moment: string, timeZone: string): { day: string; time: string } {
  const shown = new Date(clockOf(Date.parse(moment), timeZone)).toISOString()
  return { day: shown.slice(0, 10), time: shown.slice(11, 16) }
}

function clockOf(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(new Date(at))
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'), new Date(at).getUTCMilliseconds())
}

/** A growth of 1 as what was gained: "1.0642" is "0.0642". Exactly, digit by digit. */
export function gainOf(growth: DecimalString | null): DecimalString | null {
  if (growth === null) return null
  const [whole = '0', fraction = ''] = growth.split('.')
  const unit = 10n ** BigInt(fraction.length)
  const digits = BigInt(whole.replace('-', '') + fraction) * (growth.startsWith('-') ? -1n : 1n) - unit
  const positive = (digits < 0n ? -digits : digits).toString().padStart(fraction.length + 1, '0')
  const at = positive.length - fraction.length
  const text = fraction ? `${positive.slice(0, at)}.${positive.slice(at)}` : positive
  return digits < 0n ? `-${text}` : text
}

/** How long a bar is beside the longest of its list, from 0 to 1. For geometry only. */
export function barShare(value: DecimalString | null, all: readonly (DecimalString | null)[]): number {
  const longest = Math.max(...all.map((each) => (each === null ? 0 : Math.abs(Number(each)))), 0)
  return value === null || longest === 0 || signOf(value) === 0 ? 0 : Math.abs(Number(value)) / longest
}
