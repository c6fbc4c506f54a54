/** What the address of the desk holds. Anything malformed is dropped, never an error. */

export const KINDS = ['QUANTITY', 'CASH', 'MARKET_VALUE', 'LOTS'] as const
export type Kind = (typeof KINDS)[number]
export const SHOWN = ['open', 'signed-off', 'cleared', 'all'] as const
export type Shown = (typeof SHOWN)[number]

/** "Over three days" begins with the fourth. */
export const OLD_DAYS = 4

export interface DeskSearch {
  view?: 'accounts'
  mine?: true
  old?: true
  waiting?: true
  matched?: true
  silent?: true
  state?: Exclude<Shown, 'open'>
  kind?: Kind
  custodian?: string
  account?: string
  break?: string
}

const flag = (value: unknown): true | undefined => (value === true || value === 'true' ? true : undefined)
const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined)

export function compact<S extends object>(search: S): S {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as S
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Work items and findings name things by their bare key; the API knows them by kind and key. */
function globalId(kind: string, value: unknown): string | undefined {
  const given = text(value)
  return given && UUID.test(given) ? btoa(`${kind}:${given.toLowerCase()}`) : given
}

export function deskSearch(search: Record<string, unknown>): DeskSearch {
  const state = text(search['state'])?.toLowerCase()
  const kind = text(search['kind'])?.toUpperCase()
  return compact<{ [K in keyof DeskSearch]: DeskSearch[K] | undefined }>({
    view: search['view'] === 'accounts' ? 'accounts' : undefined,
    mine: flag(search['mine']),
    old: flag(search['old']),
    waiting: flag(search['waiting']),
    matched: flag(search['matched']),
    silent: flag(search['silent']),
    state: SHOWN.find((each): each is Exclude<Shown, 'open'> => each !== 'open' && each === state),
    kind: KINDS.find((each) => each === kind),
    custodian: text(search['custodian']),
    account: globalId('Account', search['account']),
    break: globalId('ReconciliationBreak', search['break']),
  }) as DeskSearch
}

const STATES = { open: ['OPEN'], 'signed-off': ['SIGNED_OFF'], cleared: ['CLEARED'], all: null } as const

export interface BreakFilter {
  states: ('OPEN' | 'SIGNED_OFF' | 'CLEARED')[] | null
  kinds: Kind[] | null
  custodian: string | null
  accountId: string | null
  ownerId: string | null
  minAgeDays: number | null
  awaitsSecondPerson: boolean | null
}

/** `me` is the signed-in person. */
export function breakFilter(search: DeskSearch, me: string): BreakFilter {
  const states = STATES[search.state ?? 'open']
  return {
    states: states ? [...states] : null,
    kinds: search.kind ? [search.kind] : null,
    custodian: search.custodian ?? null,
    accountId: search.account ?? null,
    ownerId: search.mine ? me : null,
    minAgeDays: search.old ? OLD_DAYS : null,
    awaitsSecondPerson: search.waiting ? true : null,
  }
}

export function accountFilter(search: DeskSearch, businessDate: string | null) {
  return {
    custodian: search.custodian ?? null,
    hasEvidence: search.silent ? false : null,
    matchedOn: search.matched ? businessDate : null,
  }
}

/** One question for the counts of all tiles: each over the list without the tiles. */
export function tileVariables(search: DeskSearch, me: string, businessDate: string | null) {
  const base: DeskSearch = compact({ custodian: search.custodian, account: search.account, kind: search.kind } as DeskSearch)
  return {
    open: breakFilter(base, me),
    mine: breakFilter({ ...base, mine: true }, me),
    old: breakFilter({ ...base, old: true }, me),
    waiting: breakFilter({ ...base, waiting: true }, me),
    matched: accountFilter({ ...base, matched: true }, businessDate),
    silent: accountFilter({ ...base, silent: true }, businessDate),
  }
}

export type TileId = 'open' | 'mine' | 'old' | 'waiting' | 'matched' | 'silent'
const OF_ACCOUNTS: ReadonlySet<TileId> = new Set(['matched', 'silent'])

export function isOn(search: DeskSearch, tile: TileId): boolean {
  if (tile === 'open') return search.view !== 'accounts' && !search.mine && !search.old && !search.waiting && search.state === undefined
  return search[tile] === true
}

/** A tile pressed: those of differences combine; those of accounts show accounts. "Open" takes every tile off. */
export function withTile(search: DeskSearch, tile: TileId): DeskSearch {
  const { view: _view, mine, old, waiting, matched: _matched, silent: _silent, state: _state, break: _break, ...rest } = search
  if (tile === 'open') return compact(rest)
  if (OF_ACCOUNTS.has(tile)) return compact({ ...rest, view: 'accounts', [tile]: search[tile] ? undefined : true } as DeskSearch)
  return compact({ ...rest, mine, old, waiting, [tile]: search[tile] ? undefined : true } as DeskSearch)
}

export function isFiltered(search: DeskSearch): boolean {
  const { break: _break, view: _view, ...rest } = search
  return Object.keys(rest).length > 0
}
