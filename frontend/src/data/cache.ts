import { cacheExchange, type KeyingConfig } from '@urql/exchange-graphcache'

const embedded = () => null

/** Types that have no identity of their own: they live inside what holds them. */
const EMBEDDED = [
  'Money', 'MoneyFigure', 'FigureReason', 'Explain', 'ExplainInput', 'ExplainSource', 'FirmLimit', 'HouseholdRef', 'AccountRef',
  'ValuePoint', 'Identifier', 'Price', 'Provenance', 'SearchResults', 'SearchGroup', 'SearchHit', 'ActorRef', 'SubjectRef',
  'AuditChainStatus', 'WorkSummary', 'WorkGroup', 'FindingEvidence', 'FindingFix', 'ApprovalDecision', 'PageInfo',
  'WorkQueueEvent', 'JobProgressEvent', 'ValidationProblem',
] as const

/**
 * A dated answer is a different object: a household as of March is not the household as of today. What carries its own
 * `asOf` is keyed by it, so that two dates on one page never mix.
 */
function dated(data: { id?: unknown; asOf?: unknown }): string | null {
  if (typeof data.id !== 'string') return null
  return typeof data.asOf === 'string' ? `${data.id}@${data.asOf}` : data.id
}

const keys: KeyingConfig = {
  ...Object.fromEntries(EMBEDDED.map((name) => [name, embedded])),
  Household: dated,
  Account: dated,
}

/** Normalised answers for pages of up to 200 rows; bigger grids use the bulk client. */
export const normalisedCache = () => cacheExchange({ keys })
