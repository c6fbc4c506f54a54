import { isDecimal } from '@/domain/decimal'

export const QUALITIES = ['PARTIAL', 'STALE', 'UNAVAILABLE'] as const
export type BookQuality = (typeof QUALITIES)[number]

/** Column of the grid, its name in the address, and the server's field. */
export const SORTS = {
  name: { field: 'NAME', first: 'ASC' },
  value: { field: 'MARKET_VALUE', first: 'DESC' },
  cash: { field: 'CASH', first: 'DESC' },
  accounts: { field: 'ACCOUNT_COUNT', first: 'DESC' },
  opened: { field: 'OPENED_ON', first: 'ASC' },
} as const
export type SortColumn = keyof typeof SORTS

export interface BookSearch {
  /** "name" or "-value": the minus is descending. */
  sort?: string
  q?: string
  min?: number
  /** "stale,partial" */
  quality?: string
  open?: boolean
  /** "household:ID" */
  peek?: string
}

const DEFAULT_SORT = 'name'

function sortIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const column = value.replace(/^-/, '')
  return column in SORTS && value !== DEFAULT_SORT ? value : undefined
}

function qualityIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const asked = value.toUpperCase().split(',')
  const known = QUALITIES.filter((each) => asked.includes(each))
  return known.length > 0 ? known.join(',').toLowerCase() : undefined
}

function minIn(value: unknown): number | undefined {
  const typed = typeof value === 'number' ? value : typeof value === 'string' && isDecimal(value) ? Number(value) : Number.NaN
  return Number.isFinite(typed) && typed > 0 && typed < 1e15 ? typed : undefined
}

/** Anything malformed in the address is dropped, never an error. */
export function bookSearch(search: Record<string, unknown>): BookSearch {
  const q = search['q']
  const peek = search['peek']
  const all: BookSearch = {
    sort: sortIn(search['sort']),
    q: (typeof q === 'string' || typeof q === 'number') && String(q).trim() !== '' ? String(q).trim().slice(0, 100) : undefined,
    min: minIn(search['min']),
    quality: qualityIn(search['quality']),
    open: search['open'] === true || search['open'] === 'true' ? true : undefined,
    peek: typeof peek === 'string' && /^household:.+/.test(peek) ? peek : undefined,
  }
  return compact(all)
}

export function compact(search: BookSearch): BookSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as BookSearch
}

export function sortOf(search: BookSearch): { column: SortColumn; direction: 'ASC' | 'DESC' } {
  const sort = search.sort ?? DEFAULT_SORT
  return { column: sort.replace(/^-/, '') as SortColumn, direction: sort.startsWith('-') ? 'DESC' : 'ASC' }
}

export function sortText({ column, direction }: { column: string; direction: 'ASC' | 'DESC' }): string | undefined {
  return sortIn(direction === 'DESC' ? `-${column}` : column)
}

export function qualitiesOf(search: BookSearch): BookQuality[] {
  const asked = search.quality?.toUpperCase().split(',') ?? []
  return QUALITIES.filter((each) => asked.includes(each))
}

export function orderOf(search: BookSearch) {
  const { column, direction } = sortOf(search)
  return { field: SORTS[column].field, direction }
}

/** The filter without the tiles: what the counts on the tiles are taken over. */
export function baseFilter(search: BookSearch) {
  return { nameContains: search.q ?? null, minValue: search.min === undefined ? null : String(search.min) }
}

export function filterOf(search: BookSearch) {
  const quality = qualitiesOf(search)
  return { ...baseFilter(search), quality: quality.length > 0 ? quality : null, hasOpenItems: search.open ?? null }
}

/** One question for the counts of all tiles. */
export function tileVariables(search: Pick<BookSearch, 'q' | 'min'>) {
  const base = baseFilter(search)
  return {
    all: base,
    partial: { ...base, quality: ['PARTIAL' as const] },
    stale: { ...base, quality: ['STALE' as const] },
    unavailable: { ...base, quality: ['UNAVAILABLE' as const] },
    open: { ...base, hasOpenItems: true },
  }
}

export function isFiltered(search: BookSearch): boolean {
  return search.q !== undefined || search.min !== undefined || search.quality !== undefined || search.open !== undefined
}

export function peekedId(search: BookSearch): string | null {
  return search.peek?.slice('household:'.length) ?? null
}

export type TileId = 'all' | 'open' | BookQuality

/** A tile pressed: quality tiles and open items combine, "All" takes every tile off. */
export function withTile(search: BookSearch, tile: TileId): BookSearch {
  if (tile === 'all') return compact({ ...search, quality: undefined, open: undefined })
  if (tile === 'open') return compact({ ...search, open: search.open ? undefined : true })
  const now = qualitiesOf(search)
  const next = now.includes(tile) ? now.filter((each) => each !== tile) : [...now, tile]
  return compact({ ...search, quality: qualityIn(next.join(',')) })
}

/** A view is a name for what stands in the address, the open peek left out. */
export interface BookView {
  id: string
  name: string
  search: BookSearch
}

export function sameView(a: BookSearch, b: BookSearch): boolean {
  const { peek: _a, ...left } = compact(a)
  const { peek: _b, ...right } = compact(b)
  return JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort())
}

/** What may be kept on this device: no searched name and no amount. */
export function keepable({ sort, quality, open }: BookSearch): BookSearch {
  return compact({ sort, quality, open })
}
