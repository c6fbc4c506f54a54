import type { ExplainFacts } from '../ExplainPanel'

/** A figure another one stands on: told by name and value, and opened to what it stands on itself. */
export interface ExplainPart {
  id: string
  name: string
  value: string | null
  /** "fraction", a currency, "days" and the like. */
  unit?: string | null
  note?: string | null
  /** It leads on and has no value of its own. */
  isStep?: boolean
}

/** Rows behind a figure: sub-periods, flows, observations. */
export interface ExplainTableFacts {
  columns: readonly string[]
  rows: readonly (readonly (string | null)[])[]
}

/** An entry of the ledger; what it is, and where it came from, in words. */
export interface ExplainEntryFacts {
  id: string
  accountId: string
  accountName: string
  what: string
  day: string
  amount: string
  currency: string
  units: string
  securityName: string | null
  description: string | null
  origin: string | null
}

/** What an account brought into a figure; without an entry it joined, left, or somebody else paid. */
export interface ExplainMovementFacts {
  day: string
  effect: string | null
  accountId: string | null
  accountName: string | null
  amount: string
  currency: string
  entry: ExplainEntryFacts | null
}

/** A position of a day, valued in the account's currency. */
export interface ExplainPositionFacts {
  name: string
  units: string
  close: string | null
  currency: string
  multiplier: string
  rate: string | null
  value: string | null
  valueCurrency: string
  accrued: string | null
  priceDay: string | null
  origin: string | null
}

/** Reads the explanation of one part. */
export type ExplainLoad = (id: string) => Promise<ExplainFacts>
