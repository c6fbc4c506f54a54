import type { ImportProblem, ImportReport } from '@/domain/importReport'
import { texts } from '@/domain/text'
import { codeName } from './codeWords'
import { Figure } from './Figure'
import { Findings, type FindingView } from './Findings'
import { StatusShape } from './Status'
import messages from './importReport.messages'

const t = texts(messages)
const SHOWN = 100

function views(problems: readonly ImportProblem[]): FindingView[] {
  return problems.slice(0, SHOWN).map((problem, index) => ({
    id: String(index),
    severity: 'BREACH',
    message: problem.message,
    evidence: [],
    subject: problem.line > 0 ? t('place', { file: problem.file, line: problem.line }) : problem.file,
  }))
}

/** What the bundle holds against the books, and what is wrong with it: file, line, column, value, expectation. */
export function ImportReportView({ report }: { report: ImportReport }) {
  const verdict = report.ok ? t(report.dryRun ? 'fine' : 'written') : t('refused', { count: report.problemCount })
  return (
    <div className="grid gap-4">
      <p role="status" className="flex items-center gap-2 text-16 font-semibold">
        <StatusShape is={report.ok ? (report.warningCount > 0 ? 'attention' : 'fine') : 'breach'} />
        {verdict}
      </p>
      {report.warningCount > 0 ? <p className="text-text-2">{t('warnings', { count: report.warningCount })}</p> : null}
      {report.rows.length > 0 ? <RowsTable report={report} /> : null}
      {report.bookVersion ? <p className="text-12 text-text-3">{t('version', { version: report.bookVersion })}</p> : null}
      <Findings label={t('problems')} findings={views(report.problems)} empty={null} />
      {report.problemCount > Math.min(report.problems.length, SHOWN) ? <p className="text-12 text-text-3">{t('notListed')}</p> : null}
    </div>
  )
}

const COLUMNS = ['created', 'changed', 'unchanged'] as const

function RowsTable({ report }: { report: ImportReport }) {
  return (
    <table className="w-full max-w-[576px]">
      <caption className="sr-only">{t('rows')}</caption>
      <thead className="border-b border-line-strong text-12 text-text-2">
        <tr>
          <th scope="col" className="h-9 text-left font-medium">
            {t('file')}
          </th>
          {COLUMNS.map((column) => (
            <th key={column} scope="col" className="text-right font-medium">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {report.rows.map((row) => (
          <tr key={row.file} className="h-(--row) border-b border-line">
            <th scope="row" className="text-left font-normal">
              {codeName(row.file)}
            </th>
            {COLUMNS.map((column) => (
              <td key={column} className="text-right">
                <Figure kind="count" value={String(row[column])} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
