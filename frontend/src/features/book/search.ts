import { isDecimal } from '@/domain/decimal'
import { columnsText, columnsIn, type ColumnChoice } from './columnSet'

/** What about a household asks for attention, in the server's words and order. */
export const NEEDS = ['OPEN_ITEMS', 'OPEN_BREAKS', 'UNPRICED', 'STALE', 'KYC_OVERDUE', 'KYC_DUE', 'NO_OWNER', 'HIGH_CASH', 'NO_CONTACT', 'COMING_OF_AGE', 'JOINED', 'LEFT'] as const
export type Need = (typeof NEEDS)[number]

/** Column of the grid, its name in the address, and the server's field. */
export const SORTS = {
  name: { field: 'NAME', first: 'ASC' },
  value: { field: 'MARKET_VALUE', first: 'DESC' },
  cash: { field: 'CASH', first: 'DESC' },
  accounts: { field: 'ACCOUNT_COUNT', first: 'DESC' },
  opened: { field: 'OPENED_ON', first: 'ASC' },
} as const
export type SortColumn = keyof typeof SORTS

export const STANDINGS = ['left', 'all'] as const
export type StandingChoice = (typeof STANDINGS)[number]

/** Percent of the value from which on cash is high, when nothing else is said. */
export const CASH_PERCENT = 10

export interface BookSearch {
  /** "name" or "-value": the minus is descending. */
  sort?: string
  q?: string
  min?: number
  max?: number
  /** "stale,kyc_due": all of them must hold. */
  needs?: string
  /** Percent of the value above which cash is high. */
  cash?: number
  tag?: string
  /** A branch, a team or a representative. */
  book?: string
  /** Left out: those the firm looks after. */
  standing?: StandingChoice
  /** "name,value.160": which columns, in which order, how wide. */
  cols?: string
  /** "household:ID" */
  peek?: string
}

const DEFAULT_SORT = 'name'

function sortIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const column = value.replace(/^-/, '')
  return column in SORTS && value !== DEFAULT_SORT ? value : undefined
}

function needsIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const asked = value.toUpperCase().split(',')
  const known = NEEDS.filter((each) => asked.includes(each))
  return known.length > 0 ? known.join(',').toLowerCase() : undefined
}

function amountIn(value: unknown): number | undefined {
  const typed = typeof value === 'number' ? value : typeof value === 'string' && isDecimal(value) ? Number(value) : Number.NaN
  return Number.isFinite(typed) && typed > 0 && typed < 1e15 ? typed : undefined
}

function percentIn(value: unknown): number | undefined {
  const percent = amountIn(value)
  return percent !== undefined && percent <= 100 && Number.isInteger(percent) && percent !== CASH_PERCENT ? percent : undefined
}

function textIn(value: unknown, limit: number): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  return text === '' ? undefined : text.slice(0, limit)
}

/** Anything malformed in the address is dropped, never an error. */
export function bookSearch(search: Record<string, unknown>): BookSearch {
  const peek = search['peek']
  const standing = search['standing']
  return compact({
    sort: sortIn(search['sort']),
    q: textIn(search['q'], 100),
    min: amountIn(search['min']),
    max: amountIn(search['max']),
    needs: needsIn(search['needs']),
    cash: percentIn(search['cash']),
    tag: textIn(search['tag'], 40),
    book: textIn(search['book'], 200),
    standing: STANDINGS.find((each) => each === standing),
    cols: columnsText(columnsIn(search['cols'])),
    peek: typeof peek === 'string' && /^household:.+/.test(peek) ? peek : undefined,
  })
}

export function compact(search: { [K in keyof BookSearch]: BookSearch[K] | undefined }): BookSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as BookSearch
}

export function sortOf(search: BookSearch): { column: SortColumn; direction: 'ASC' | 'DESC' } {
  const sort = search.sort ?? DEFAULT_SORT
  return { column: sort.replace(/^-/, '') as SortColumn, direction: sort.startsWith('-') ? 'DESC' : 'ASC' }
}

export function sortText({ column, direction }: { column: string; direction: 'ASC' | 'DESC' }): string | undefined {
  return sortIn(direction === 'DESC' ? `-${column}` : column)
}

export function needsOf(search: BookSearch): Need[] {
  const asked = search.needs?.toUpperCase().split(',') ?? []
  return NEEDS.filter((each) => asked.includes(each))
}

export function orderOf(search: Pick<BookSearch, 'sort'>) {
  const { column, direction } = sortOf(search)
  return { field: SORTS[column].field, direction }
}

export type Filtered = Pick<BookSearch, 'q' | 'min' | 'max' | 'needs' | 'cash' | 'tag' | 'book' | 'standing'>

/** Who left is hidden until somebody asks for them, by the filter or by the tile. */
export function standingOf(search: Filtered): 'CURRENT' | 'LEFT' | null {
  if (search.standing === 'left') return 'LEFT'
  if (search.standing === 'all' || needsOf(search).includes('LEFT')) return null
  return 'CURRENT'
}

/** The filter without the tiles: what the counts on the tiles are taken over. */
export function baseFilter(search: Filtered) {
  return {
    nameContains: search.q ?? null,
    minValue: search.min === undefined ? null : String(search.min),
    maxValue: search.max === undefined ? null : String(search.max),
    tag: search.tag ?? null,
    bookId: search.book ?? null,
    highCashShare: search.cash === undefined ? null : String(search.cash / 100),
    standing: standingOf({ ...search, needs: undefined } as Filtered),
  }
}

export function filterOf(search: Filtered) {
  const needs = needsOf(search)
  return { ...baseFilter(search), standing: standingOf(search), attention: needs.length > 0 ? needs : null }
}

export function isFiltered({ sort: _sort, peek: _peek, cols: _cols, ...filters }: BookSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined)
}

export function peekedId(search: BookSearch): string | null {
  return search.peek?.slice('household:'.length) ?? null
}

export type TileId = 'all' | Need

/** A tile pressed: they combine, "All" takes every tile off. */
export function withTile(search: BookSearch, tile: TileId): BookSearch {
  if (tile === 'all') return compact({ ...search, needs: undefined })
  const now = needsOf(search)
  const next = now.includes(tile) ? now.filter((each) => each !== tile) : [...now, tile]
  return compact({ ...search, needs: needsIn(next.join(',')) })
}

/** A view is a name for what stands in the address, the open peek left out. */
export interface BookView {
  id: string
  name: string
  search: BookSearch
}

export function sameView(a: BookSearch, b: BookSearch): boolean {
  return queryOf(a) === queryOf(b)
}

/** The address of a view, in one spelling. */
export function queryOf({ peek: _peek, ...search }: BookSearch): string {
  const entries = Object.entries(compact(search)).map(([name, value]) => [name, String(value)] as [string, string])
  return new URLSearchParams(entries.sort(([a], [b]) => (a < b ? -1 : 1))).toString()
}

export function searchOf(query: string): BookSearch {
  const { peek: _peek, ...search } = bookSearch(Object.fromEntries(new URLSearchParams(query)))
  return search
}

export type { ColumnChoice }
