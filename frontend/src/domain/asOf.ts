/** A day in an address: "2021-03-31". Anything else is dropped and the business date is used. */
export function asOfIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  const at = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value) ? value : undefined
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z$/

/** A moment in an address: "2021-03-31T20:00:00Z". Anything else is dropped, and what is known now is shown. */
export function knownAtIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || !MOMENT.test(value) || !asOfIn(value.slice(0, 10))) return undefined
  return Number.isNaN(new Date(value).getTime()) ? undefined : value
}

/** The tabs of a household or account that can be seen as known before. */
const TIMED: ReadonlySet<string> = new Set(['performance', 'holdings', 'lots', 'activity'])

/** The address of another tab: the same day, and the same moment of knowledge where the tab has one. */
export function tabSearch(tab: string, asOf: string | undefined, here: Record<string, unknown>): { asOf?: string; knownAt?: string } {
  const knownAt = TIMED.has(tab) ? knownAtIn(here['knownAt']) : undefined
  return { ...(asOf ? { asOf } : {}), ...(knownAt ? { knownAt } : {}) }
}

/** What the address of a list of entries holds. */
export interface ActivitySearch {
  type?: string
  from?: string
  to?: string
  all?: boolean
  sort?: string
  /** The moment whose knowledge is shown. */
  knownAt?: string
}

export function activitySearch(search: Record<string, unknown>, types: readonly string[]): ActivitySearch {
  const typed = typeof search['type'] === 'string' ? search['type'].toUpperCase().split(',') : []
  const type = types.filter((each) => typed.includes(each)).join(',')
  const found: ActivitySearch = {
    type: type === '' ? undefined : type.toLowerCase(),
    from: asOfIn(search['from']),
    to: asOfIn(search['to']),
    all: search['all'] === true || search['all'] === 'true' ? true : undefined,
    sort: search['sort'] === 'tradeDate' ? 'tradeDate' : undefined,
    knownAt: knownAtIn(search['knownAt']),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** The server's filter for the address; `asOf` ends the span when no end is chosen. */
export function activityFilter<T extends string>(search: ActivitySearch, types: readonly T[], asOf: string | undefined) {
  const asked = search.type?.toUpperCase().split(',') ?? []
  const chosen = types.filter((each) => asked.includes(each))
  return {
    types: chosen.length > 0 ? chosen : null,
    tradedFrom: search.from ?? null,
    tradedTo: search.to ?? asOf ?? null,
    includeReversed: search.all ?? null,
  }
}

export function activityOrder(search: ActivitySearch) {
  return { field: 'TRADE_DATE' as const, direction: search.sort === 'tradeDate' ? ('ASC' as const) : ('DESC' as const) }
}
