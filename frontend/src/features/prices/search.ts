/** What the address of the price desk holds. Anything malformed is dropped, never an error. */

export const TILES = {
  zero: ['ZERO_PRICE'],
  jump: ['PRICE_JUMP'],
  missing: ['MISSING_PRICE', 'PRICE_GAP'],
  stale: ['STALE_PRICE'],
  currency: ['WRONG_CURRENCY'],
  conflict: ['SOURCE_CONFLICT'],
} as const
export type TileId = keyof typeof TILES
export const TILE_IDS = Object.keys(TILES) as TileId[]
export const STATES = ['OPEN', 'RESOLVED', 'DISMISSED'] as const

export interface PricesSearch {
  view?: 'coverage'
  /** "jump,stale" */
  fault?: string
  state?: 'resolved' | 'dismissed'
  security?: string
  finding?: string
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined)
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function compact<S extends object>(search: S): S {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as S
}

export function tilesOf(search: PricesSearch): TileId[] {
  const asked = search.fault?.split(',') ?? []
  return TILE_IDS.filter((each) => asked.includes(each))
}

export function pricesSearch(search: Record<string, unknown>): PricesSearch {
  const state = text(search['state'])?.toLowerCase()
  const security = text(search['security'])
  const fault = text(search['fault'])?.toLowerCase()
  const known = tilesOf(fault ? { fault } : {})
  return compact<{ [K in keyof PricesSearch]: PricesSearch[K] | undefined }>({
    view: search['view'] === 'coverage' ? 'coverage' : undefined,
    fault: known.length > 0 ? known.join(',') : undefined,
    state: state === 'resolved' || state === 'dismissed' ? state : undefined,
    // Findings and work items name a security by its bare key; the API knows it by kind and key.
    security: security && UUID.test(security) ? btoa(`Security:${security.toLowerCase()}`) : security,
    finding: text(search['finding']),
  }) as PricesSearch
}

export function deskFilter(search: PricesSearch) {
  const tiles = tilesOf(search)
  return {
    codes: tiles.length > 0 ? tiles.flatMap((each) => [...TILES[each]]) : null,
    states: search.state ? [search.state.toUpperCase() as 'RESOLVED' | 'DISMISSED'] : null,
    securityId: search.security ?? null,
  }
}

export function withTile(search: PricesSearch, tile: TileId | 'all'): PricesSearch {
  const { fault: _fault, view: _view, finding: _finding, ...rest } = search
  if (tile === 'all') return rest
  const now = tilesOf(search)
  const next = now.includes(tile) ? now.filter((each) => each !== tile) : [...now, tile]
  return next.length > 0 ? { ...rest, fault: TILE_IDS.filter((each) => next.includes(each)).join(',') } : rest
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** The day a price is wanted of: where there is none, or an old one alone, it is the day of the books. */
export function dayWanted(code: string, params: unknown, businessDate: string | null): string | null {
  const wanted = dayOf(params)
  return code === 'STALE_PRICE' || code === 'MISSING_PRICE' ? (businessDate ?? wanted) : wanted
}

/** The day of the price a finding is about; null where it is about none. */
export function dayOf(params: unknown): string | null {
  const day: unknown = typeof params === 'object' && params !== null && 'day' in params ? params.day : null
  return typeof day === 'string' && DAY.test(day) ? day : null
}
