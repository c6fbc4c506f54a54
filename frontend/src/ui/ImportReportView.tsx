import type { ImportProblem, ImportReport } from '@/domain/importReport'
import { texts } from '@/domain/text'
import { codeName } from '@/domain/codes'
import { Figure } from './Figure'
import { Findings, type FindingView } from './Findings'
import { StatusShape } from './Status'
import messages from './importReport.messages'

const t = texts(messages)
const SHOWN = 100

function views(problems: readonly ImportProblem[], severity: 'BREACH' | 'WARNING'): FindingView[] {
  return problems.slice(0, SHOWN).map((problem, index) => ({
    id: `${severity} ${index}`,
    severity,
    message: problem.message,
    evidence: [],
    subject: problem.line > 0 ? t('place', { file: problem.file, line: problem.line }) : problem.file,
  }))
}

/** What was read and what is wrong with it: file, line, column, value, expectation. */
export function ImportReportView({ report }: { report: ImportReport }) {
  const written = report.rows.some((row) => row.created !== null)
  return (
    <div className="grid gap-4">
      <p className="flex items-center gap-2 text-16 font-semibold">
        <StatusShape is={report.ok ? (report.warningCount > 0 ? 'attention' : 'fine') : 'breach'} />
        {report.ok ? t(report.bookVersion ? 'written' : 'fine') : t('refused', { count: report.problemCount })}
      </p>
      <table className="w-full max-w-md">
        <caption className="sr-only">{t('rows')}</caption>
        <thead className="border-b border-line-strong text-12 text-text-2">
          <tr>
            <th scope="col" className="h-9 text-left font-medium">
              {t('file')}
            </th>
            <th scope="col" className="text-right font-medium">
              {t('read')}
            </th>
            {written ? (
              <th scope="col" className="text-right font-medium">
                {t('created')}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => (
            <tr key={row.file} className="h-(--row) border-b border-line">
              <th scope="row" className="text-left font-normal">
                {codeName(row.file)}
              </th>
              <td className="text-right">
                <Figure kind="count" value={String(row.read)} />
              </td>
              {written ? (
                <td className="text-right">
                  <Figure kind="count" value={String(row.created ?? 0)} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {report.bookVersion ? <p className="text-12 text-text-3">{t('version', { version: report.bookVersion })}</p> : null}
      <Findings label={t('problems')} findings={[...views(report.problems, 'BREACH'), ...views(report.warnings, 'WARNING')]} empty={null} />
      {report.problemCount + report.warningCount > Math.min(report.problems.length, SHOWN) + Math.min(report.warnings.length, SHOWN) ? (
        <p className="text-12 text-text-3">{t('notListed')}</p>
      ) : null}
    </div>
  )
}
