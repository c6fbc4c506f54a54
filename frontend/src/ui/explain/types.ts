import type { ExplainFacts } from '../ExplainPanel'

/** A figure another one stands on: told by name and value, and opened to what it stands on itself. */
export interface ExplainPart {
  id: string
  name: string
  value: string | null
  /** "fraction", a currency, "days" and the like. */
  unit?: string | null
  note?: string | null
}

/** Rows behind a figure: sub-periods, flows, observations. */
export interface ExplainTableFacts {
  columns: readonly string[]
  rows: readonly (readonly (string | null)[])[]
}

/** Reads the explanation of one part. */
export type ExplainLoad = (id: string) => Promise<ExplainFacts>
