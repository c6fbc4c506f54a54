/** The verdict on a bundle, as the job that read it leaves it. */
export interface ImportProblem {
  file: string
  line: number
  column: string | null
  value: string | null
  message: string
}

export interface ImportRows {
  file: string
  created: number
  changed: number
  unchanged: number
}

export interface ImportReport {
  ok: boolean
  dryRun: boolean
  problemCount: number
  /** Not necessarily all of them: a long list is cut. */
  problems: ImportProblem[]
  warningCount: number
  rows: ImportRows[]
  bookVersion: string | null
}

/** The order in which a bundle is read; anything else follows. */
const FILES = ['households', 'accounts', 'securities', 'prices', 'fx_rates', 'transactions']
const place = (file: string) => (FILES.includes(file) ? FILES.indexOf(file) : FILES.length)

type Raw = Record<string, unknown>

const record = (value: unknown): Raw | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : null)
const count = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : Array.isArray(value) ? value.length : 0)
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function problemsIn(value: unknown): ImportProblem[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each) => {
    const raw = record(each)
    const message = text(raw?.['message']) ?? text(each)
    if (message === null) return []
    return [{ file: text(raw?.['file']) ?? '', line: count(raw?.['line']), column: text(raw?.['column']), value: text(raw?.['value']), message }]
  })
}

/** Reads the report out of a job's result; null when the job has left none. */
export function importReport(result: unknown): ImportReport | null {
  const raw = record(result)
  const counts = record(raw?.['counts'])
  if (!raw || !counts) return null
  const problemCount = count(raw['problems'])
  const version = raw['bookVersion']
  return {
    ok: problemCount === 0,
    dryRun: raw['dryRun'] === true,
    problemCount,
    problems: problemsIn(raw['problemList']),
    warningCount: count(raw['warnings']),
    rows: Object.entries(counts)
      .flatMap(([file, each]) => {
        const rows = record(each)
        return rows ? [{ file, created: count(rows['created']), changed: count(rows['changed']), unchanged: count(rows['unchanged']) }] : []
      })
      .sort((a, b) => place(a.file) - place(b.file)),
    bookVersion: typeof version === 'number' ? String(version) : text(version),
  }
}
