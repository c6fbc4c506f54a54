import type { ReactNode } from 'react'
import { Button } from '@/ui/Button'
import type { AuditRow } from './AuditPage'
import type { AuditSearch } from './search'
import { t } from './words'

interface AuditDetailProps {
  row: AuditRow
  onFilter: (more: AuditSearch) => void
}

function Term({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-12 text-text-3">{name}</dt>
      <dd className="identifier break-all">{children}</dd>
    </div>
  )
}

const isEmpty = (details: unknown) => details === null || (typeof details === 'object' && Object.keys(details).length === 0)

/** One event in full: its details as recorded, where it came from, and its place in the chain. */
export function AuditDetail({ row, onFilter }: AuditDetailProps) {
  const { actor, subject } = row
  return (
    <div className="grid gap-3 py-1 pl-9 max-sm:pl-0">
      <p className="font-medium">{row.summary}</p>
      {isEmpty(row.details) ? (
        <p className="text-text-2">{t('noDetails')}</p>
      ) : (
        <pre tabIndex={0} role="region" aria-label={t('details')} className="max-h-80 overflow-auto rounded-surface border border-line bg-canvas p-3 text-12">
          {JSON.stringify(row.details, null, 2)}
        </pre>
      )}
      <dl className="grid gap-x-10 gap-y-2 sm:grid-cols-2">
        <Term name={t('who')}>{actor.name}</Term>
        <Term name={t('action')}>{row.action}</Term>
        {subject ? <Term name={t('about')}>{subject.label ?? subject.kind}</Term> : null}
        {row.ipAddress ? <Term name={t('address')}>{row.ipAddress}</Term> : null}
        {row.requestId ? <Term name={t('requestId')}>{row.requestId}</Term> : null}
        {row.userAgent ? <Term name={t('agent')}>{row.userAgent}</Term> : null}
        <Term name={t('contentHash')}>{row.contentHash}</Term>
        {row.chainSeq ? <Term name={t('chainSeq')}>{row.chainSeq}</Term> : null}
        {row.chainHash ? <Term name={t('chainHash')}>{row.chainHash}</Term> : null}
      </dl>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onPress={() => onFilter({ action: row.action })}>
          {t('onlyAction')}
        </Button>
        {actor.id ? (
          <Button size="sm" onPress={() => onFilter({ actor: actor.id ?? undefined })}>
            {t('onlyActor')}
          </Button>
        ) : null}
        {subject ? (
          <Button size="sm" onPress={() => onFilter({ subject: subject.id })}>
            {t('onlySubject')}
          </Button>
        ) : null}
      </div>
    </div>
  )
}
