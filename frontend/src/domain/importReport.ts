/** The verdict on a bundle, as the job that read it leaves it. */
export interface ImportProblem {
  file: string
  line: number
  column: string | null
  value: string | null
  message: string
}

export interface ImportReport {
  ok: boolean
  problemCount: number
  problems: ImportProblem[]
  warningCount: number
  warnings: ImportProblem[]
  /** Rows read per file; and how many of them were new, when the bundle was written. */
  rows: { file: string; read: number; created: number | null }[]
  bookVersion: string | null
}

type Raw = Record<string, unknown>

const record = (value: unknown): Raw | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : null)
const count = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function problems(value: unknown): ImportProblem[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each) => {
    const raw = record(each)
    const message = text(raw?.['message'])
    if (!raw || message === null) return []
    return [{ file: text(raw['file']) ?? '', line: count(raw['line']) ?? 0, column: text(raw['column']), value: text(raw['value']), message }]
  })
}

/** Reads the report out of a job's result; null when the job has left none. */
export function importReport(result: unknown): ImportReport | null {
  const outer = record(result)
  const raw = record(outer?.['report']) ?? outer
  if (!raw || !('rowCounts' in raw || 'problemCount' in raw)) return null
  const read = record(raw['rowCounts']) ?? {}
  const created = record(outer?.['created']) ?? record(outer?.['inserted']) ?? record(raw['created']) ?? record(raw['inserted']) ?? {}
  const version = outer?.['bookVersion'] ?? raw['bookVersion']
  const found = problems(raw['problems'])
  const problemCount = count(raw['problemCount']) ?? found.length
  const warnings = problems(raw['warnings'])
  return {
    ok: raw['ok'] === true || (raw['ok'] === undefined && problemCount === 0),
    problemCount,
    problems: found,
    warningCount: count(raw['warningCount']) ?? warnings.length,
    warnings,
    rows: Object.entries(read).flatMap(([file, rows]) => {
      const number = count(rows)
      return number === null ? [] : [{ file, read: number, created: count(created[file]) }]
    }),
    bookVersion: typeof version === 'number' ? String(version) : text(version),
  }
}
