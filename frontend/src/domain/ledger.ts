import { amountOf, isDecimal, plain, signOf } from './decimal'
import { minorPlaces } from './format'

/** The kinds of entry the ledger knows, in the order people meet them. */
export const TRANSACTION_TYPES = [
  'DEPOSIT',
  'WITHDRAWAL',
  'TRANSFER_IN',
  'TRANSFER_OUT',
  'BUY',
  'SELL',
  'SHORT',
  'COVER',
  'DIVIDEND',
  'REINVEST',
  'INTEREST',
  'ADVISORY_FEE',
  'EXPENSE',
  'TAX',
  'RETURN_OF_CAPITAL',
  'JOURNAL',
  'EXERCISE',
  'ASSIGNMENT',
  'EXPIRATION',
  'SPLIT',
  'STOCK_DIVIDEND',
  'SPIN_OFF',
  'MERGER',
  'SYMBOL_CHANGE',
  'CASH_IN_LIEU',
] as const

export type TransactionTypeName = (typeof TRANSACTION_TYPES)[number]

type Need = 'yes' | 'no' | 'maybe'
/** in: cash arrives; out: cash leaves; none: 0; any: the entry says. */
type CashSide = 'in' | 'out' | 'any'

export interface TransactionNeeds {
  security: Need
  quantity: Need
  cash: CashSide
}

/** What each kind asks for before it is sent. The server judges again and its judgement counts. */
export const TRANSACTION_NEEDS: Record<TransactionTypeName, TransactionNeeds> = {
  DEPOSIT: { security: 'no', quantity: 'no', cash: 'in' },
  WITHDRAWAL: { security: 'no', quantity: 'no', cash: 'out' },
  TRANSFER_IN: { security: 'maybe', quantity: 'maybe', cash: 'any' },
  TRANSFER_OUT: { security: 'maybe', quantity: 'maybe', cash: 'any' },
  BUY: { security: 'yes', quantity: 'yes', cash: 'out' },
  SELL: { security: 'yes', quantity: 'yes', cash: 'in' },
  SHORT: { security: 'yes', quantity: 'yes', cash: 'in' },
  COVER: { security: 'yes', quantity: 'yes', cash: 'out' },
  DIVIDEND: { security: 'yes', quantity: 'maybe', cash: 'any' },
  REINVEST: { security: 'yes', quantity: 'yes', cash: 'out' },
  INTEREST: { security: 'maybe', quantity: 'maybe', cash: 'any' },
  ADVISORY_FEE: { security: 'maybe', quantity: 'maybe', cash: 'any' },
  EXPENSE: { security: 'maybe', quantity: 'maybe', cash: 'any' },
  TAX: { security: 'maybe', quantity: 'maybe', cash: 'any' },
  RETURN_OF_CAPITAL: { security: 'yes', quantity: 'maybe', cash: 'in' },
  JOURNAL: { security: 'maybe', quantity: 'maybe', cash: 'any' },
  EXERCISE: { security: 'yes', quantity: 'yes', cash: 'any' },
  ASSIGNMENT: { security: 'yes', quantity: 'yes', cash: 'any' },
  EXPIRATION: { security: 'yes', quantity: 'yes', cash: 'any' },
  SPLIT: { security: 'yes', quantity: 'yes', cash: 'any' },
  STOCK_DIVIDEND: { security: 'yes', quantity: 'yes', cash: 'any' },
  SPIN_OFF: { security: 'yes', quantity: 'yes', cash: 'any' },
  MERGER: { security: 'yes', quantity: 'yes', cash: 'any' },
  SYMBOL_CHANGE: { security: 'yes', quantity: 'yes', cash: 'any' },
  CASH_IN_LIEU: { security: 'yes', quantity: 'maybe', cash: 'any' },
}

/** A journal entry and what a corporate action posts carry a sign in their quantity: negative when units leave. */
const SIGNED_QUANTITIES: ReadonlySet<TransactionTypeName> = new Set([
  'JOURNAL',
  'SPLIT',
  'STOCK_DIVIDEND',
  'SPIN_OFF',
  'MERGER',
  'SYMBOL_CHANGE',
  'CASH_IN_LIEU',
])

export function isQuantitySigned(type: TransactionTypeName): boolean {
  return SIGNED_QUANTITIES.has(type)
}

/** With a bond, interest may be bought or sold. */
export const WITH_INTEREST: ReadonlySet<TransactionTypeName> = new Set(['BUY', 'SELL', 'SHORT', 'COVER'])
/** Of these a person may say which lots go. */
export const TAKES_LOTS: ReadonlySet<TransactionTypeName> = new Set(['SELL', 'COVER', 'TRANSFER_OUT'])

/** What a person typed. Every value is text until it is sent; the amount carries its own sign. */
export interface TransactionEntry {
  type: TransactionTypeName
  tradeDate: string
  settlementDate: string
  securityId: string | null
  quantity: string
  price: string
  amount: string
  fees: string
  description: string
  /** Few entries say these; a correction keeps what it does not name. */
  accruedInterest?: string
  lotSelection?: string
  relatedExternalId?: string
  /** Where the same entry may come from two places: the ledger takes it once. */
  externalId?: string
}

export type EntryField = Exclude<keyof TransactionEntry, 'type' | 'externalId'>
export type EntryProblem = 'required' | 'notDecimal' | 'notPositive' | 'mustArrive' | 'mustLeave' | 'beforeTrade' | 'afterToday'

/** "1,204.50" and "−1204.50" as people paste them become "1204.50" and "-1204.50"; "1,50" is no number, and stays. */
export function plainDecimal(typed: string): string {
  const text = typed.trim().replace(/^[−–]/, '-')
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  const amount = amountOf(text.slice(sign.length))
  return amount === null ? text : sign + amount
}

function decimalProblem(typed: string, required: boolean, positive: boolean): EntryProblem | undefined {
  const plain = plainDecimal(typed)
  if (plain === '') return required ? 'required' : undefined
  if (!isDecimal(plain)) return 'notDecimal'
  return positive && signOf(plain) <= 0 ? 'notPositive' : undefined
}

/** What stands in the way of sending the entry, by field; empty when nothing does. `today` is the business date. */
export function entryProblems(entry: TransactionEntry, today: string): Partial<Record<EntryField, EntryProblem>> {
  const needs = TRANSACTION_NEEDS[entry.type]
  const found: Partial<Record<EntryField, EntryProblem>> = {}
  if (!entry.tradeDate) found.tradeDate = 'required'
  else if (entry.tradeDate > today) found.tradeDate = 'afterToday'
  if (entry.settlementDate && entry.tradeDate && entry.settlementDate < entry.tradeDate) found.settlementDate = 'beforeTrade'
  if (needs.security === 'yes' && !entry.securityId) found.securityId = 'required'
  const quantity = decimalProblem(entry.quantity, needs.quantity === 'yes', !isQuantitySigned(entry.type))
  if (quantity && needs.quantity !== 'no') found.quantity = quantity
  const price = decimalProblem(entry.price, false, false)
  if (price) found.price = price
  const fees = decimalProblem(entry.fees, false, false)
  if (fees) found.fees = fees
  const accrued = decimalProblem(entry.accruedInterest ?? '', false, false)
  if (accrued) found.accruedInterest = accrued
  const amount = decimalProblem(entry.amount, true, false)
  if (amount) found.amount = amount
  else if (needs.cash === 'in' && signOf(plainDecimal(entry.amount)) < 0) found.amount = 'mustArrive'
  else if (needs.cash === 'out' && signOf(plainDecimal(entry.amount)) > 0) found.amount = 'mustLeave'
  return found
}

/** The entry as the API takes it: empty optional values are null, decimals plain. */
export function entryInput(entry: TransactionEntry) {
  const needs = TRANSACTION_NEEDS[entry.type]
  const optional = (typed: string) => plainDecimal(typed) || null
  return {
    type: entry.type,
    tradeDate: entry.tradeDate,
    settlementDate: entry.settlementDate || null,
    securityId: needs.security === 'no' ? null : entry.securityId,
    quantity: needs.quantity === 'no' ? null : optional(entry.quantity),
    price: needs.security === 'no' ? null : optional(entry.price),
    amount: plainDecimal(entry.amount),
    fees: optional(entry.fees),
    description: entry.description.trim() || null,
    ...(entry.accruedInterest === undefined || !WITH_INTEREST.has(entry.type) ? {} : { accruedInterest: optional(entry.accruedInterest) }),
    ...(entry.lotSelection === undefined || !TAKES_LOTS.has(entry.type) ? {} : { lotSelection: entry.lotSelection.trim() || null }),
    ...(entry.relatedExternalId === undefined || needs.security === 'no' ? {} : { relatedExternalId: entry.relatedExternalId.trim() || null }),
  }
}

/** fresh: priced on the day, or near enough. stale: older than the firm's rule allows. unpriced: no price at all. */
export type Staleness = 'fresh' | 'stale' | 'unpriced'

export function stalenessOf(position: { price: string | null; marketValue: { quality: string } }): Staleness {
  if (position.price === null) return 'unpriced'
  return position.marketValue.quality === 'STALE' ? 'stale' : 'fresh'
}

interface HistoryEntry {
  id: string
  reversesId: string | null
  replacesId: string | null
}

export type HistoryPart = 'original' | 'reversal' | 'replacement'

/**
 * The history of one entry among loaded rows: the original, its reversal, its replacement, and on through later
 * corrections. In the order they were made; a single row when nothing was corrected.
 */
export function correctionChain<T extends HistoryEntry>(rows: readonly T[], id: string): { part: HistoryPart; row: T }[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  let first = byId.get(id)
  if (!first) return []
  const seen = new Set<string>()
  while (!seen.has(first.id)) {
    seen.add(first.id)
    const before: T | undefined = byId.get(first.reversesId ?? first.replacesId ?? '')
    if (!before) break
    first = before
  }
  const chain: { part: HistoryPart; row: T }[] = []
  let at: T | undefined = first
  const walked = new Set<string>()
  let part: HistoryPart = 'original'
  while (at && !walked.has(at.id)) {
    const current: T = at
    walked.add(current.id)
    chain.push({ part, row: current })
    const reversal = rows.find((row) => row.reversesId === current.id)
    if (reversal && !walked.has(reversal.id)) {
      walked.add(reversal.id)
      chain.push({ part: 'reversal', row: reversal })
    }
    at = rows.find((row) => row.replacesId === current.id)
    part = 'replacement'
  }
  return chain
}

/** What the same code that will write the entry says it would change. */
export interface TransactionPreview {
  cashBefore: string
  cashAfter: string
  currency: string
  quantityBefore: string | null
  quantityAfter: string | null
  securityName: string | null
  warnings: readonly { code: string; message: string }[]
}

export interface TransactionSubmission {
  /** Null when a correction only reverses. */
  entry: TransactionEntry | null
  reason: string
  dryRun: boolean
}

export type SubmitAnswer =
  | { kind: 'preview'; preview: TransactionPreview }
  | { kind: 'done' }
  /** Refused, with what is wrong and where; the same key makes a second try safe. */
  | {
      kind: 'refused'
      refusal: {
        message: string
        problems: readonly { path: readonly string[]; message: string }[]
        requestId: string | null
        applied: 'refused' | 'unknown'
      }
    }
  /** The person declined to confirm who they are. */
  | { kind: 'declined' }

/** An entry nobody has typed into yet. */
export function emptyEntry(today: string): TransactionEntry {
  return { type: 'DEPOSIT', tradeDate: today, settlementDate: '', securityId: null, quantity: '', price: '', amount: '', fees: '', description: '' }
}

interface PostedEntry {
  type: TransactionTypeName
  currency: string
  tradeDate: string
  settlementDate: string | null
  security: { id: string } | null
  quantity: string | null
  price: string | null
  amount: string
  fees: string
  description: string | null
}

/** A posted entry as the form shows it: what a correction starts from. */
export function entryOf(row: PostedEntry): TransactionEntry {
  return {
    type: row.type,
    tradeDate: row.tradeDate,
    settlementDate: row.settlementDate ?? '',
    securityId: row.security?.id ?? null,
    quantity: row.quantity === null ? '' : plain(row.quantity),
    price: row.price === null ? '' : plain(row.price, minorPlaces(row.currency)),
    amount: plain(row.amount, minorPlaces(row.currency)),
    fees: plain(row.fees, minorPlaces(row.currency)),
    description: row.description ?? '',
  }
}
