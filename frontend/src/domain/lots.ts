import { asOfIn, knownAtIn } from './asOf'
import { isDecimal } from './decimal'

/** What the address says of the tab: which of its lists, which gains, which trade is thought of, as known when. */
export interface LotSearch {
  view?: 'gains' | 'check'
  year?: number
  term?: 'SHORT' | 'LONG'
  knownAt?: string
  /** The trade that is thought of: nothing of it is written anywhere but here. */
  account?: string
  security?: string
  side?: 'BUY' | 'SELL'
  units?: string
  price?: string
  day?: string
}

const YEAR_MIN = 1900
const YEAR_MAX = 2200

/** A number of an address is read as a number where it can be: as text it says the same. */
function decimalIn(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && isDecimal(text) ? text : undefined
}

const wordIn = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

export function lotSearch(search: Record<string, unknown>): LotSearch {
  const year = Number(search['year'])
  const { term, side, view } = search
  const found = {
    view: view === 'gains' || view === 'check' ? view : undefined,
    year: Number.isInteger(year) && year >= YEAR_MIN && year <= YEAR_MAX ? year : undefined,
    term: term === 'SHORT' || term === 'LONG' ? term : undefined,
    knownAt: knownAtIn(search['knownAt']),
    account: wordIn(search['account']),
    security: wordIn(search['security']),
    side: side === 'BUY' || side === 'SELL' ? side : undefined,
    units: decimalIn(search['units']),
    price: decimalIn(search['price']),
    day: asOfIn(search['day']),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as LotSearch
}

/** The address of the check of one trade, on a page with lots. */
export function checkPath(page: string, trade: Pick<LotSearch, 'account' | 'security' | 'side' | 'units'>): string {
  const words = Object.entries(trade).map(([name, value]) => `${name}=${encodeURIComponent(name === 'units' ? JSON.stringify(value) : String(value))}`)
  return `${page}?${['view=check', ...words].join('&')}`
}
