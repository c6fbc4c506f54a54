import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { usePages } from '@/data'
import { formatInstant } from '@/domain/dates'
import { AuditLogDocument, type AuditLogQuery } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { FilterChip } from '@/ui/Chip'
import { DateChip } from '@/ui/DateChip'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { usePageTitle } from '@/ui/title'
import { Toolbar } from '@/ui/Toolbar'
import { AuditDetail } from './AuditDetail'
import { ChainStatus } from './ChainStatus'
import { Guard } from './Guard'
import { auditRoute } from './routes'
import { auditFilter, compact, type AuditSearch } from './search'
import { t } from './words'

const CRUMBS = [{ label: t('title'), to: '/settings' }]
const PAGE = 50
const TYPING_MS = 300

export type AuditRow = AuditLogQuery['auditEvents']['edges'][number]['node']

export function AuditPage() {
  usePageTitle(t('auditTitle'), CRUMBS)
  return (
    <Guard permission="audit.read">
      <AuditLog />
    </Guard>
  )
}

function When({ at }: { at: string }) {
  const { locale, timeZone } = useEnvironment()
  return <time dateTime={at}>{formatInstant(locale, at, timeZone, true)}</time>
}

function columns(): GridColumn<AuditRow>[] {
  return [
    { id: 'when', header: t('when'), cell: (row) => <When at={row.occurredAt} />, width: 168, secondary: true, copy: (row) => row.occurredAt },
    { id: 'who', header: t('who'), cell: (row) => row.actor.name, width: 136, from: 620 },
    {
      id: 'what',
      header: t('what'),
      cell: (row) => (
        <>
          {row.summary}
          {row.subject?.label ? <span className="ml-2 font-normal text-text-2">{row.subject.label}</span> : null}
        </>
      ),
      width: '2fr',
      minWidth: 140,
      primary: true,
      copy: (row) => row.summary,
    },
    { id: 'action', header: t('action'), cell: (row) => <span className="identifier">{row.action}</span>, width: '1fr', minWidth: 168, secondary: true, from: 860, copy: (row) => row.action },
    {
      id: 'sealed',
      header: t('sealedMark'),
      cell: (row) => <Status is={row.sealed ? 'fine' : 'waiting'}>{t(row.sealed ? 'sealed' : 'notSealed')}</Status>,
      width: 120,
      secondary: true,
      from: 740,
    },
  ]
}

/** Every event, newest first, with the proof that none was changed. */
function AuditLog() {
  const search = auditRoute.useSearch()
  const navigate = useNavigate()
  const { timeZone } = useEnvironment()
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const filter = useMemo(() => auditFilter(search, timeZone), [search, timeZone])
  const pages = usePages({ document: AuditLogDocument, variables: { first: PAGE, filter }, connection: (data) => data.auditEvents })
  const grid = useMemo(() => columns(), [])
  const change = useCallback((next: AuditSearch) => void navigate({ to: '/settings/audit', search: compact(next), replace: true }), [navigate])
  const filtered = Object.keys(search).length > 0
  return (
    <>
      <PageHeading sub={t('auditSub')}>{t('auditTitle')}</PageHeading>
      <ChainStatus />
      <AuditFilters search={search} onChange={change} actor={pages.rows.find((row) => row.actor.id === search.actor)?.actor.name} />
      <div className="mt-2">
        {pages.failure ? (
          <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} />
        ) : pages.loading ? (
          <SkeletonRows />
        ) : (
          <DataGrid
            label={t('auditList')}
            rows={pages.rows}
            rowId={(row) => row.id}
            rowName={(row) => row.summary}
            columns={grid}
            scroll="page"
            expanded={expanded}
            onExpand={setExpanded}
            renderExpanded={(row) => <AuditDetail row={row} onFilter={(more) => change({ ...search, ...more })} />}
            loadingMore={pages.loadingMore}
            empty={
              filtered ? (
                <EmptyState kind="none" title={t('auditNone')} action={<Button onPress={() => change({})}>{t('clear')}</Button>}>
                  {t('auditNoneHint')}
                </EmptyState>
              ) : (
                <EmptyState kind="first" title={t('auditFirst')}>
                  {t('auditFirstHint')}
                </EmptyState>
              )
            }
          />
        )}
      </div>
      {pages.more ? (
        <Button className="mt-3" onPress={pages.more}>
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}

function AuditFilters({ search, onChange, actor }: { search: AuditSearch; onChange: (next: AuditSearch) => void; actor: string | undefined }) {
  const [typed, setTyped] = useState(search.action ?? '')
  const [known, setKnown] = useState(search.action)
  if (search.action !== known) {
    setKnown(search.action)
    if ((search.action ?? '') !== typed.trim()) setTyped(search.action ?? '')
  }
  const wanted = typed.trim() || undefined
  useEffect(() => {
    if (wanted === search.action) return
    const timer = setTimeout(() => onChange({ ...search, action: wanted }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [wanted, search, onChange])
  return (
    <div className="mt-4">
      <Toolbar label={t('filters')}>
        <TextField
          label={t('auditAction')}
          hideLabel
          type="search"
          size="sm"
          placeholder={t('auditActionHint')}
          value={typed}
          onChange={setTyped}
          maxLength={200}
          inputClassName="h-6! w-60 text-12!"
        />
        <DateChip label={t('auditFrom')} value={search.from ?? ''} onChange={(from) => onChange({ ...search, from: from || undefined })} />
        <DateChip label={t('auditTo')} value={search.to ?? ''} onChange={(to) => onChange({ ...search, to: to || undefined })} />
        {search.actor ? (
          <FilterChip isSelected onChange={() => onChange({ ...search, actor: undefined })}>
            {t('auditActor')}: {actor ?? t('person')}
          </FilterChip>
        ) : null}
        {search.subject ? (
          <FilterChip isSelected onChange={() => onChange({ ...search, subject: undefined })}>
            {t('onlySubject')}
          </FilterChip>
        ) : null}
        {Object.keys(search).length > 0 ? (
          <Button size="sm" look="link" onPress={() => onChange({})}>
            {t('clear')}
          </Button>
        ) : null}
      </Toolbar>
    </div>
  )
}
