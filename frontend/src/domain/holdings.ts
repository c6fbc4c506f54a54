import { knownAtIn } from './asOf'

/** What holdings can be told apart by. */
export const HOLDING_GROUPS = ['ACCOUNT', 'ASSET_CLASS', 'SECTOR', 'CURRENCY'] as const
export type HoldingGroupName = (typeof HOLDING_GROUPS)[number]

/** What the address of a page of holdings keeps besides its day. */
export interface HoldingsSearch {
  /** "sector"; the first of the choices when absent. */
  by?: string
  /** The moment whose knowledge is shown. */
  knownAt?: string
}

export function holdingsSearch(search: Record<string, unknown>): HoldingsSearch {
  const by = typeof search['by'] === 'string' ? search['by'].toUpperCase() : ''
  const knownAt = knownAtIn(search['knownAt'])
  return { ...(HOLDING_GROUPS.some((each) => each === by) ? { by: by.toLowerCase() } : {}), ...(knownAt ? { knownAt } : {}) }
}

/** The grouping an address asks for, among those the page has. */
export function groupingIn<Group extends HoldingGroupName>({ by }: HoldingsSearch, choices: readonly Group[]): Group {
  const found = choices.find((each) => each.toLowerCase() === by) ?? choices[0]
  if (!found) throw new Error('A page of holdings has at least one way to group them')
  return found
}
