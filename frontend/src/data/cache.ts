import { cacheExchange, type KeyingConfig } from '@urql/exchange-graphcache'

/** Types that are the same thing wherever they are answered: changed at one place, changed on every page. */
export const KEYED: readonly string[] = [
  'AccessGrant', 'Approval', 'AuditEvent', 'Book', 'CorporateAction', 'Finding', 'Firm', 'ImportDraft', 'Job', 'Note', 'PastImport',
  'ReconciliationBreak', 'SavedView', 'Security', 'Session', 'Transaction', 'User', 'Viewer', 'WorkItem',
]
/** The same, but of a day. */
export const DATED: readonly string[] = ['Account', 'Household', 'Party', 'Sleeve']

/**
 * A dated answer is a different object: a household as of March is not the household as of today. What carries its own
 * `asOf` is keyed by it, so that two dates on one page never mix.
 */
function dated(data: { id?: unknown; asOf?: unknown }): string | null {
  if (typeof data.id !== 'string') return null
  return typeof data.asOf === 'string' ? `${data.id}@${data.asOf}` : data.id
}

const byId = (data: { id?: unknown }) => (typeof data.id === 'string' ? data.id : null)
const known: KeyingConfig = { ...Object.fromEntries(KEYED.map((name) => [name, byId])), ...Object.fromEntries(DATED.map((name) => [name, dated])) }
const embedded = () => null

/** What is not named above lives inside what holds it, whether it tells an id or not. */
const keys: KeyingConfig = new Proxy(known, { get: (named, name: string) => named[name] ?? embedded })

/** Which types a fragment on an interface reads; without it the cache would guess, and drop what a refusal says. */
export const POSSIBLE_TYPES = {
  Error: ['Conflict', 'Expired', 'LimitExceeded', 'NotFound', 'PermissionDenied', 'PolicyBlocked', 'StepUpRequired', 'ValidationFailed'],
  Node: ['AccessGrant', 'Account', 'Approval', 'AuditEvent', 'Finding', 'Household', 'Job', 'Liability', 'Party', 'ReconciliationBreak', 'Security', 'Sleeve', 'Transaction', 'User', 'WorkItem'],
}

/** Normalised answers for pages of up to 200 rows; bigger grids use the bulk client. */
export const normalisedCache = () => cacheExchange({ keys, possibleTypes: POSSIBLE_TYPES })
