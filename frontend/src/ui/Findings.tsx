import Lock from 'lucide-react/icons/lock'
import type { ReactNode } from 'react'
import { cx } from './cx'
import { Icon } from './Icon'
import { StatusShape, type StatusKind } from './Status'
import { words } from './words'

export type Severity = 'INFO' | 'WARNING' | 'BREACH'

export const SEVERITY_STATUS: Record<Severity, StatusKind> = { INFO: 'fact', WARNING: 'attention', BREACH: 'breach' }

export interface FindingView {
  id: string
  severity: Severity
  message: string
  /** At most four lines of plain evidence are shown. */
  evidence: readonly { label: string; value: string }[]
  subject?: string | null
}

interface FindingItemProps {
  finding: FindingView
  fix?: ReactNode
  alternative?: ReactNode
  className?: string
}

const GROUNDS: Record<Severity, string> = {
  BREACH: 'border-negative-line bg-negative-soft',
  WARNING: 'border-warning-line bg-warning-soft',
  INFO: 'border-line',
}

const SEVERITY_WORDS = { BREACH: 'severityBreach', WARNING: 'severityWarning', INFO: 'severityInfo' } as const

/** A statement begins with a capital; a name such as iShares is left as it is. */
const sentence = (message: string) => message.replace(/^[a-z](?=[a-z]*[\s,;:])/, (letter) => letter.toUpperCase())

/** A judgement: bold statement, plain evidence, one fix and one alternative. Tinted for warning and breach only. */
export function FindingItem({ finding, fix, alternative, className }: FindingItemProps) {
  return (
    <li className={cx('rounded-surface border p-3', GROUNDS[finding.severity], className)}>
      <p className="flex items-baseline gap-2 font-semibold">
        <StatusShape is={SEVERITY_STATUS[finding.severity]} />
        <span className={finding.severity === 'BREACH' ? 'text-negative' : undefined}>
          <span className="sr-only">{words(SEVERITY_WORDS[finding.severity])}: </span>
          {sentence(finding.message)}
        </span>
      </p>
      {finding.subject ? <p className="mt-0.5 text-12 text-text-2">{finding.subject}</p> : null}
      {finding.evidence.length > 0 ? (
        <dl className="mt-1 text-14 text-text-2">
          {finding.evidence.slice(0, 4).map((line) => (
            <div key={line.label} className="flex flex-wrap gap-x-2">
              <dt>{line.label}</dt>
              <dd className="text-text">{line.value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {fix || alternative ? (
        <div className="mt-2 flex flex-wrap gap-2">
          {fix}
          {alternative}
        </div>
      ) : null}
    </li>
  )
}

interface FindingsProps {
  label: string
  findings: readonly FindingView[]
  fix?: (finding: FindingView) => ReactNode
  alternative?: (finding: FindingView) => ReactNode
  empty: ReactNode
}

/** The same list for data quality, compliance, billing audit, reconciliation and rules. */
export function Findings({ label, findings, fix, alternative, empty }: FindingsProps) {
  if (findings.length === 0) return <>{empty}</>
  return (
    <ul aria-label={label} className="grid gap-3">
      {findings.map((finding) => (
        <FindingItem key={finding.id} finding={finding} fix={fix?.(finding)} alternative={alternative?.(finding)} />
      ))}
    </ul>
  )
}

/** What a final action shows while a blocking finding stands. */
export function LockedAction({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex h-8 items-center gap-2 rounded-control border border-line bg-sunken px-3 font-medium text-text-3" aria-disabled="true">
      <Icon of={Lock} />
      {children}
      <span className="sr-only">, {words('blockedUntilFixed')}</span>
    </span>
  )
}
