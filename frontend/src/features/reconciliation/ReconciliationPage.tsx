import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useLive, usePages, useViewer } from '@/data'
import { announce, useChanged } from '@/data/changes'
import { useCoalesced } from '@/data/coalesce'
import { BreaksChangedDocument, BreaksDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { DataGrid } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { MenuChip } from '@/ui/MenuChip'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { TabNav } from '@/ui/Tabs'
import { Toolbar } from '@/ui/Toolbar'
import { usePageTitle } from '@/ui/title'
import { BreakPeek } from './BreakPeek'
import { BreakTiles } from './BreakTiles'
import { breakColumns } from './columns'
import { CompareNow } from './CompareNow'
import { Matrix } from './Matrix'
import { reconciliationRoute } from './routes'
import { breakFilter, compact, isFiltered, KINDS, SHOWN, type DeskSearch, type Shown } from './search'
import { t } from './words'

const PAGE = 100
const COLUMNS = breakColumns()
const STATE_WORDS = { open: 'stateOpen', 'signed-off': 'stateSignedOff', cleared: 'stateCleared', all: 'stateAll' } as const

/** Where operations works what differs between the books and the custodians, down to none. */
export function ReconciliationPage() {
  const search = reconciliationRoute.useSearch()
  const navigate = useNavigate()
  const viewer = useViewer()
  const { businessDate } = useEnvironment()
  usePageTitle(t('title'))
  const filter = useMemo(() => breakFilter(search, viewer.id), [search, viewer.id])
  const pages = usePages({ document: BreaksDocument, variables: { first: PAGE, filter }, connection: (data) => data.reconciliationBreaks })
  useChanged('reconciliation', pages.reload)
  useFollowedBreaks()
  const change = useCallback((next: DeskSearch, replace = true) => void navigate({ to: '/reconciliation', search: compact(next), replace }), [navigate])
  const peek = useCallback(
    (id: string | null) => {
      const { break: _break, ...rest } = search
      change(id ? { ...rest, break: id } : rest)
    },
    [change, search],
  )
  const accounts = search.view === 'accounts'

  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col px-8 pt-5 max-sm:px-4 max-sm:pt-4">
        <PageHeading actions={<CompareNow />}>{t('title')}</PageHeading>
        <Views search={search} />
        <BreakTiles search={search} me={viewer.id} businessDate={businessDate} onChange={change} />
        <Filters search={search} onChange={change} />
        {accounts ? (
          <Matrix search={search} businessDate={businessDate} onClear={() => change({ view: 'accounts' })} />
        ) : pages.failure ? (
          <DeskFailure failure={pages.failure} onRetry={pages.reload} />
        ) : pages.loading ? (
          <SkeletonRows rows={10} />
        ) : (
          <DataGrid
            className="min-h-72"
            label={t('grid')}
            rows={pages.rows}
            rowId={(row) => row.id}
            rowName={(row) => row.message}
            columns={COLUMNS}
            totalRows={pages.totalCount ?? undefined}
            current={search.break ?? null}
            onPeek={(row) => peek(row.id)}
            onOpen={(row) => peek(row.id)}
            onEnd={pages.more}
            loadingMore={pages.loadingMore}
            empty={<DeskEmpty search={search} onClear={() => change({})} />}
          />
        )}
        <p className="shrink-0 py-1.5 text-12 text-text-3">{t('basis')}</p>
      </div>
      {search.break && !accounts ? <BreakPeek key={search.break} id={search.break} rows={pages.rows} total={pages.totalCount} onMove={peek} /> : null}
    </div>
  )
}

const FOLLOW = {}
const WORK_KIND = 'feeds.reconciliation'

/** Comparisons run in the background, whoever asked: when one has changed an account's differences, all the desk shows is read again. */
function useFollowedBreaks() {
  const refresh = useCoalesced(() => announce('reconciliation'))
  useLive(BreaksChangedDocument, FOLLOW, {
    event: (data) => data.workQueueChanged,
    onEvent: ({ workQueueChanged }) => {
      if (workQueueChanged.kind === WORK_KIND) refresh()
    },
    onResync: refresh,
  })
}

function Views({ search }: { search: DeskSearch }) {
  const tabs = [
    { id: 'breaks', label: t('viewBreaks'), current: search.view !== 'accounts' },
    { id: 'accounts', label: t('viewAccounts'), current: search.view === 'accounts' },
  ]
  return (
    <TabNav
      label={t('views')}
      look="views"
      tabs={tabs}
      link={(tab, className, content) => (
        <Link to="/reconciliation" search={tab.id === 'accounts' ? { view: 'accounts' } : {}} className={className} aria-current={tab.current ? 'page' : undefined}>
          {content}
        </Link>
      )}
    />
  )
}

function Filters({ search, onChange }: { search: DeskSearch; onChange: (next: DeskSearch) => void }) {
  const accounts = search.view === 'accounts'
  const { account: _account, ...anyAccount } = search
  return (
    <Toolbar label={t('filters')}>
      {accounts ? null : (
        <>
          <MenuChip<Shown>
            label={t('state')}
            value={search.state ?? 'open'}
            active={search.state !== undefined}
            choices={SHOWN.map((each) => ({ value: each, label: t(STATE_WORDS[each]) }))}
            onChange={(state) => {
              const { state: _state, ...rest } = search
              onChange(state === 'open' ? rest : { ...rest, state })
            }}
          />
          <MenuChip
            label={t('kind')}
            value={search.kind ?? ''}
            active={search.kind !== undefined}
            choices={[{ value: '', label: t('anyKind') }, ...KINDS.map((each) => ({ value: each as string, label: t(`kind${each}`) }))]}
            onChange={(picked) => {
              const { kind: _kind, ...rest } = search
              const kind = KINDS.find((each) => each === picked)
              onChange(kind ? { ...rest, kind } : rest)
            }}
          />
        </>
      )}
      {search.account ? (
        <Button size="sm" look="link" onPress={() => onChange(anyAccount)}>
          {t('oneAccount')} ×
        </Button>
      ) : null}
      {isFiltered(search) ? (
        <Button size="sm" look="link" onPress={() => onChange(accounts ? { view: 'accounts' } : {})}>
          {t('clear')}
        </Button>
      ) : null}
    </Toolbar>
  )
}

function DeskFailure({ failure, onRetry }: { failure: { kind: string; message: string; requestId: string | null }; onRetry: () => void }) {
  if (failure.kind === 'forbidden') {
    return (
      <EmptyState kind="forbidden" title={t('forbidden')}>
        {failure.message}
      </EmptyState>
    )
  }
  return <ErrorState className="mt-4" message={failure.message} requestId={failure.requestId} onRetry={onRetry} />
}

function DeskEmpty({ search, onClear }: { search: DeskSearch; onClear: () => void }) {
  if (!isFiltered(search)) {
    return (
      <EmptyState
        kind="first"
        title={t('first')}
        action={
          <Link to="/reconciliation" search={{ state: 'signed-off' }} className="font-medium text-accent hover:underline">
            {t('seeSignedOff')}
          </Link>
        }
      >
        {t('firstHint')}
      </EmptyState>
    )
  }
  return (
    <EmptyState kind="none" title={t('noneFound')} action={<Button onPress={onClear}>{t('clear')}</Button>}>
      {t('noneFoundHint')}
    </EmptyState>
  )
}
