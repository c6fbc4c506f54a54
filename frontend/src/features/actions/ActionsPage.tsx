import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { usePages, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { ActionsDeskDocument, ActionsTilesDocument, type DeskActionPartsFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { PageHeading } from '@/ui/Heading'
import { MenuChip } from '@/ui/MenuChip'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { StatusShape } from '@/ui/Status'
import { Tiles, type Tile } from '@/ui/Tiles'
import { Toolbar } from '@/ui/Toolbar'
import { usePageTitle } from '@/ui/title'
import { ActionPeek } from './ActionPeek'
import { actionsRoute } from './routes'
import { compact, deskFilter, MOVING, type ActionsSearch, type ActionState } from './search'
import { STATUS, What } from './What'
import { t } from './words'

const PAGE = 100

function ExDate({ row }: { row: DeskActionPartsFragment }) {
  const { locale } = useEnvironment()
  return <>{formatDate(locale, row.action.exDate)}</>
}

function Holdings({ row }: { row: DeskActionPartsFragment }) {
  if (row.state === 'CONTRADICTED') return <>{t('holdingsContradicted', { count: row.contradictedCount })}</>
  if (row.state === 'DUE') return <>{t('holdingsMissing', { missing: row.missingCount, count: row.holdingCount })}</>
  return <Figure kind="count" value={String(row.holdingCount)} />
}

const COLUMNS: GridColumn<DeskActionPartsFragment>[] = [
  { id: 'exDate', header: t('exDate'), cell: (row) => <ExDate row={row} />, width: 104, copy: (row) => row.action.exDate },
  { id: 'security', header: t('security'), cell: (row) => row.security.symbol ?? row.security.name, width: '1fr', minWidth: 80, primary: true, copy: (row) => row.security.name },
  { id: 'kind', header: t('kind'), cell: (row) => <What row={row} />, width: '2fr', minWidth: 160, secondary: true, from: 640, copy: (row) => row.action.type },
  {
    id: 'state',
    header: t('state'),
    cell: (row) => (
      <span className="inline-flex items-center gap-2">
        <StatusShape is={STATUS[row.state]} />
        {t(`state${row.state}`)}
      </span>
    ),
    width: 132,
  },
  { id: 'holdings', header: t('holdings'), cell: (row) => <Holdings row={row} />, width: 176, align: 'right', secondary: true, from: 860 },
]

/** What issuers did and will do, beside what the ledger has of it. */
export function ActionsPage() {
  const search = actionsRoute.useSearch()
  const navigate = useNavigate()
  usePageTitle(t('title'))
  const filter = useMemo(() => deskFilter(search), [search])
  const pages = usePages({ document: ActionsDeskDocument, variables: { first: PAGE, filter }, connection: (data) => data.corporateActions })
  useChanged('ledger', pages.reload)
  const change = useCallback((next: ActionsSearch) => void navigate({ to: '/corporate-actions', search: compact(next), replace: true }), [navigate])
  const peek = useCallback(
    (id: string | null) => {
      const { action: _action, ...rest } = search
      change(id ? { ...rest, action: id } : rest)
    },
    [change, search],
  )
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col px-8 pt-5 max-sm:px-4 max-sm:pt-4">
        <PageHeading>{t('title')}</PageHeading>
        <DeskTiles search={search} onChange={change} />
        <Filters search={search} onChange={change} />
        {pages.failure ? (
          <DeskFailure failure={pages.failure} onRetry={pages.reload} />
        ) : pages.loading ? (
          <SkeletonRows rows={10} />
        ) : (
          <DataGrid
            className="min-h-72"
            label={t('grid')}
            rows={pages.rows}
            rowId={(row) => row.id}
            rowName={(row) => `${row.security.name}, ${row.action.exDate}`}
            columns={COLUMNS}
            totalRows={pages.totalCount ?? undefined}
            current={search.action ?? null}
            onPeek={(row) => peek(row.id)}
            onOpen={(row) => peek(row.id)}
            onEnd={pages.more}
            loadingMore={pages.loadingMore}
            empty={<DeskEmpty search={search} onClear={() => change({})} />}
          />
        )}
        <p className="shrink-0 py-1.5 text-12 text-text-3">{t('basis')}</p>
      </div>
      {search.action ? <ActionPeek key={search.action} id={search.action} rows={pages.rows} total={pages.totalCount} onMove={peek} /> : null}
    </div>
  )
}

const TILES = ['DUE', 'CONTRADICTED', 'ANNOUNCED', 'POSTED'] as const satisfies readonly ActionState[]

function DeskTiles({ search, onChange }: { search: ActionsSearch; onChange: (next: ActionsSearch) => void }) {
  const variables = useMemo(() => ({ types: search.all ? null : [...MOVING] }), [search.all])
  const { data, reload } = useRead(ActionsTilesDocument, variables)
  useChanged('ledger', reload)
  const { state, action: _action, ...rest } = search
  const tiles: Tile[] = (['all', ...TILES] as const).map((id) => {
    const count = data?.corporateActionCounts[id]
    return {
      id,
      word: id === 'all' ? t('tileAll') : t(`state${id}`),
      status: id === 'all' ? 'waiting' : STATUS[id],
      count: count === null || count === undefined ? <span className="invisible">0</span> : <Figure kind="count" value={String(count)} />,
      isSelected: id === 'all' ? state === undefined : state === id,
    }
  })
  const toggle = (id: string) => {
    const next = TILES.find((each) => each === id)
    onChange(next && next !== state ? { ...rest, state: next } : rest)
  }
  return (
    <div className="mt-3 mb-2">
      <Tiles label={t('tiles')} tiles={tiles} onToggle={toggle} />
    </div>
  )
}

function Filters({ search, onChange }: { search: ActionsSearch; onChange: (next: ActionsSearch) => void }) {
  const { security: _security, ...anySecurity } = search
  const { all: _all, ...moving } = search
  return (
    <Toolbar label={t('filters')}>
      <MenuChip
        label={t('kinds')}
        value={search.all ? 'all' : 'moving'}
        active={search.all === true}
        choices={[
          { value: 'moving', label: t('kindsMoving') },
          { value: 'all', label: t('kindsAll') },
        ]}
        onChange={(picked) => onChange(picked === 'all' ? { ...search, all: true } : moving)}
      />
      {search.security ? (
        <Button size="sm" look="link" onPress={() => onChange(anySecurity)}>
          {t('oneSecurity')} ×
        </Button>
      ) : null}
      {Object.keys(search).some((key) => key !== 'action') ? (
        <Button size="sm" look="link" onPress={() => onChange({})}>
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

function DeskEmpty({ search, onClear }: { search: ActionsSearch; onClear: () => void }) {
  if (Object.keys(search).length === 0) {
    return (
      <EmptyState kind="first" title={t('first')}>
        {t('firstHint')}
      </EmptyState>
    )
  }
  return (
    <EmptyState kind="none" title={t('none')} action={<Button onPress={onClear}>{t('clear')}</Button>}>
      {t('noneHint')}
    </EmptyState>
  )
}
