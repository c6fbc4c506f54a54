import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { PathLink } from '@/ui/PathLink'
import { useLive, usePages, useRead } from '@/data'
import { useCoalesced } from '@/data/coalesce'
import { codeName } from '@/ui/codeWords'
import { formatInstant } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { WorkKindsDocument, WorkListDocument, WorkQueueChangedDocument, type WorkRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { MenuChip } from '@/ui/MenuChip'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { SEVERITY_STATUS } from '@/ui/Findings'
import { PageHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { Status, StatusShape, type StatusKind } from '@/ui/Status'
import { Toolbar } from '@/ui/Toolbar'
import { ageWords } from '@/ui/words'
import { usePageTitle } from '@/ui/title'
import { ListTabs } from './ListTabs'
import { workRoute } from './routes'
import { scopeOf, SCOPES, WORK_STATES, workFilter, workStateOf, type Scope, type WorkSearch } from './search'
import { t } from './words'
import { WorkActions } from './WorkActions'

const PAGE = 50
const FOLLOW = {}
const SCOPE_WORDS = { MINE: 'mine', TEAM: 'team', FIRM: 'firm' } as const
const STATE_CHOICES = { OPEN: 'stateOpen', DONE: 'stateDone', CANCELLED: 'stateCancelled', ALL: 'stateAll' } as const
export const WORK_STATE_LOOKS: Record<WorkRowFragment['state'], { shape: StatusKind; word: 'open' | 'inProgress' | 'done' | 'cancelled' }> = {
  OPEN: { shape: 'waiting', word: 'open' },
  IN_PROGRESS: { shape: 'progress', word: 'inProgress' },
  DONE: { shape: 'fine', word: 'done' },
  CANCELLED: { shape: 'cancelled', word: 'cancelled' },
}

function Age({ row }: { row: WorkRowFragment }) {
  const { now } = useEnvironment()
  return <>{ageWords(row.createdAt, now())}</>
}

function columns(): GridColumn<WorkRowFragment>[] {
  return [
    {
      id: 'item',
      header: t('item'),
      cell: (row) => (
        <span className="inline-flex max-w-full items-center gap-2">
          <StatusShape is={row.severity === 'INFO' ? WORK_STATE_LOOKS[row.state].shape : SEVERITY_STATUS[row.severity]} />
          <span className="truncate">{row.title}</span>
        </span>
      ),
      width: '2fr',
      minWidth: 160,
      primary: true,
      copy: (row) => row.title,
    },
    { id: 'subject', header: t('subject'), cell: (row) => row.subject?.label ?? '', width: '1fr', minWidth: 120, secondary: true, from: 760 },
    { id: 'assignee', header: t('assignee'), cell: (row) => row.assignee?.name ?? (row.ownerRole ? codeName(row.ownerRole) : ''), width: 144, secondary: true, from: 640 },
    {
      id: 'state',
      header: t('state'),
      cell: (row) => <Status is={WORK_STATE_LOOKS[row.state].shape}>{t(WORK_STATE_LOOKS[row.state].word)}</Status>,
      width: 112,
      secondary: true,
      from: 860,
    },
    { id: 'age', header: t('age'), cell: (row) => <Age row={row} />, width: 72, align: 'right', secondary: true },
    {
      id: 'action',
      header: t('open'),
      hideHeader: true,
      cell: (row) => (
        <PathLink to={row.actionPath} label={`${row.actionLabel}: ${row.title}`} className="font-medium text-accent hover:underline">
          {row.actionLabel}
        </PathLink>
      ),
      width: 120,
      align: 'right',
      from: 460,
    },
  ]
}

/** Everything of one kind that waits, with what can be done about it. */
export function WorkPage() {
  const search = workRoute.useSearch()
  const navigate = useNavigate()
  const filter = useMemo(() => workFilter(search), [search])
  const pages = usePages({ document: WorkListDocument, variables: { first: PAGE, filter }, connection: (data) => data.workItems })
  const refresh = useCoalesced(pages.reload)
  useLive(WorkQueueChangedDocument, FOLLOW, { event: (data) => data.workQueueChanged, onEvent: refresh, onResync: refresh })
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const grid = useMemo(() => columns(), [])
  const change = (next: WorkSearch) => void navigate({ to: '/work', search: next, replace: true })
  usePageTitle(t('workTitle'))
  return (
    <Page>
      <PageHeading sub={pages.totalCount === null ? null : t('workSub', { count: pages.totalCount })}>{t('workTitle')}</PageHeading>
      <ListTabs current="work" />
      <WorkFilters search={search} onChange={change} />
      <div className="mt-2">
        {pages.failure ? (
          <WorkFailure failure={pages.failure} onRetry={pages.reload} />
        ) : pages.loading ? (
          <SkeletonRows />
        ) : (
          <DataGrid
            label={t('workList')}
            rows={pages.rows}
            rowId={(row) => row.id}
            rowName={(row) => row.title}
            columns={grid}
            totalRows={pages.totalCount ?? undefined}
            scroll="page"
            expanded={expanded}
            onExpand={setExpanded}
            renderExpanded={(row) => <WorkDetail row={row} onChanged={pages.reload} />}
            loadingMore={pages.loadingMore}
            empty={<WorkEmpty filtered={Object.keys(search).length > 0} />}
          />
        )}
      </div>
      {pages.more ? (
        <Button className="mt-3" onPress={pages.more}>
          {t('more')}
        </Button>
      ) : null}
    </Page>
  )
}

function WorkFailure({ failure, onRetry }: { failure: { kind: string; message: string; requestId: string | null }; onRetry: () => void }): ReactNode {
  if (failure.kind === 'forbidden') {
    return (
      <EmptyState kind="forbidden" title={t('forbiddenWork')}>
        {failure.message}
      </EmptyState>
    )
  }
  return <ErrorState message={failure.message} requestId={failure.requestId} onRetry={onRetry} />
}

function WorkEmpty({ filtered }: { filtered: boolean }) {
  if (!filtered) {
    return (
      <EmptyState kind="first" title={t('emptyFirst')}>
        {t('emptyFirstHint')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      kind="none"
      title={t('emptyNone')}
      action={
        <Link to="/work" search={{}} className="font-medium text-accent hover:underline">
          {t('clear')}
        </Link>
      }
    >
      {t('emptyNoneHint')}
    </EmptyState>
  )
}

function WorkFilters({ search, onChange }: { search: WorkSearch; onChange: (next: WorkSearch) => void }) {
  const scope = scopeOf(search)
  const kinds = useRead(WorkKindsDocument, { scope })
  const state = workStateOf(search)
  const known = kinds.data?.workSummary.groups ?? []
  const choices = [{ value: '', label: t('anyKind') }, ...known.map((group) => ({ value: group.kind, label: group.label }))]
  if (search.kind && !known.some((group) => group.kind === search.kind)) choices.push({ value: search.kind, label: codeName(search.kind) })
  const { kind: _kind, ...anyKind } = search
  return (
    <Toolbar label={t('filters')}>
      <MenuChip label={t('kind')} value={search.kind ?? ''} choices={choices} active={search.kind !== undefined} onChange={(kind) => onChange(kind ? { ...search, kind } : anyKind)} />
      <MenuChip
        label={t('state')}
        value={state}
        active={state !== 'OPEN'}
        choices={WORK_STATES.map((each) => ({ value: each, label: t(STATE_CHOICES[each]) }))}
        onChange={(next) => onChange({ ...search, state: next.toLowerCase() })}
      />
      <MenuChip
        label={t('who')}
        value={scope}
        active={scope !== 'FIRM'}
        choices={SCOPES.map((each: Scope) => ({ value: each, label: t(SCOPE_WORDS[each]) }))}
        onChange={(next) => onChange({ ...search, scope: next.toLowerCase() })}
      />
      {Object.keys(search).length > 0 ? (
        <Button size="sm" look="link" onPress={() => onChange({})}>
          {t('clear')}
        </Button>
      ) : null}
    </Toolbar>
  )
}

function WorkDetail({ row, onChanged }: { row: WorkRowFragment; onChanged: () => void }) {
  const { locale, timeZone } = useEnvironment()
  const open = row.state === 'OPEN' || row.state === 'IN_PROGRESS'
  return (
    <div className="grid gap-2 py-1 pl-9 max-sm:pl-0">
      {row.detail ? <p className="text-text-2">{row.detail}</p> : null}
      <p className="flex flex-wrap gap-x-6 text-12 text-text-3">
        <span>{formatInstant(locale, row.createdAt, timeZone)}</span>
        {row.dueAt ? <span>{t('dueOn', { date: formatInstant(locale, row.dueAt, timeZone) })}</span> : null}
        {row.subject?.label ? <span>{row.subject.label}</span> : null}
        <span>
          <Status is={WORK_STATE_LOOKS[row.state].shape}>{t(WORK_STATE_LOOKS[row.state].word)}</Status>
        </span>
        <span>{row.assignee?.name ?? t('nobody')}</span>
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <PathLink to={row.actionPath} className="inline-flex h-7 items-center rounded-control border border-line-strong px-2.5 font-medium hover:bg-hover">
          {row.actionLabel}
        </PathLink>
        {open ? <WorkActions row={row} mayComplete={can(row, 'COMPLETE_WORK_ITEM')} mayAssign={can(row, 'ASSIGN_WORK_ITEM')} onChanged={onChanged} /> : null}
      </div>
    </div>
  )
}

