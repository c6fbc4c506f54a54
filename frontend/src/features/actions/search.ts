/** What the address of the desk of corporate actions holds. Anything malformed is dropped, never an error. */

export const STATES = ['DUE', 'CONTRADICTED', 'ANNOUNCED', 'POSTED', 'NOT_HELD', 'NOTHING_TO_POST'] as const
export type ActionState = (typeof STATES)[number]
/** What moves units or divides a basis; cash dividends are the custodian's to pay. */
export const MOVING = ['SPLIT', 'STOCK_DIVIDEND', 'SPIN_OFF', 'MERGER', 'SYMBOL_CHANGE', 'IDENTIFIER_CHANGE', 'RETURN_OF_CAPITAL'] as const

export interface ActionsSearch {
  state?: ActionState
  /** Cash dividends, too. */
  all?: true
  security?: string
  action?: string
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined)
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function compact(search: { [K in keyof ActionsSearch]: ActionsSearch[K] | undefined }): ActionsSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as ActionsSearch
}

/** Findings name what they are about by its bare key; the API knows it by kind and key. */
function known(kind: string, value: string | undefined): string | undefined {
  return value && UUID.test(value) ? btoa(`${kind}:${value.toLowerCase()}`) : value
}

export function actionsSearch(search: Record<string, unknown>): ActionsSearch {
  const state = text(search['state'])?.toUpperCase()
  return compact({
    state: STATES.find((each) => each === state),
    all: search['all'] === true ? true : undefined,
    security: known('Security', text(search['security'])),
    action: known('CorporateAction', text(search['action'])),
  })
}

export function deskFilter(search: ActionsSearch) {
  return {
    states: search.state ? [search.state] : null,
    types: search.all ? null : [...MOVING],
    securityId: search.security ?? null,
  }
}
