import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { useMay, usePages, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatInstant } from '@/domain/dates'
import { PriceDeskDocument, PriceDeskTilesDocument, type PriceFindingFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { DataGrid, SelectionBar, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { SEVERITY_STATUS } from '@/ui/Findings'
import { PageHeading } from '@/ui/Heading'
import { MenuChip } from '@/ui/MenuChip'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { StatusShape, type StatusKind } from '@/ui/Status'
import { TabNav } from '@/ui/Tabs'
import { Tiles, type Tile } from '@/ui/Tiles'
import { Toolbar } from '@/ui/Toolbar'
import { usePageTitle } from '@/ui/title'
import { AcceptDialog } from './AcceptDialog'
import { Coverage } from './Coverage'
import { PricePeek } from './PricePeek'
import { pricesRoute } from './routes'
import { compact, deskFilter, tilesOf, withTile, type PricesSearch, type TileId } from './search'
import { t } from './words'

const PAGE = 100
const NONE: ReadonlySet<string> = new Set()
const NOTHING = {}
const CODES = ['ZERO_PRICE', 'PRICE_JUMP', 'MISSING_PRICE', 'PRICE_GAP', 'STALE_PRICE', 'WRONG_CURRENCY', 'SOURCE_CONFLICT'] as const

export function codeWords(code: string): string {
  const known = CODES.find((each) => each === code)
  return known ? t(`code${known}`) : code
}

function Found({ row }: { row: PriceFindingFragment }) {
  const { locale, timeZone } = useEnvironment()
  return <>{formatInstant(locale, row.detectedAt, timeZone)}</>
}

const COLUMNS: GridColumn<PriceFindingFragment>[] = [
  {
    id: 'what',
    header: t('what'),
    cell: (row) => (
      <span className="inline-flex items-center gap-2">
        <StatusShape is={SEVERITY_STATUS[row.severity]} />
        {codeWords(row.code)}
      </span>
    ),
    width: 148,
    primary: true,
  },
  { id: 'security', header: t('security'), cell: (row) => row.subject?.label ?? '', width: '1fr', minWidth: 120, copy: (row) => row.subject?.label ?? '' },
  { id: 'said', header: t('said'), cell: (row) => row.message, width: '2fr', minWidth: 200, secondary: true, from: 720, copy: (row) => row.message },
  { id: 'found', header: t('found'), cell: (row) => <Found row={row} />, width: 148, align: 'right', secondary: true, from: 1000 },
]

/** Where doubtful prices are looked at: mended by hand, withdrawn, or accepted as they are. */
export function PricesPage() {
  const search = pricesRoute.useSearch()
  const navigate = useNavigate()
  usePageTitle(t('title'))
  const filter = useMemo(() => deskFilter(search), [search])
  const pages = usePages({ document: PriceDeskDocument, variables: { first: PAGE, filter }, connection: (data) => data.priceDesk })
  useChanged('prices', pages.reload)
  const [selected, setSelected] = useState<ReadonlySet<string>>(NONE)
  const [accepting, setAccepting] = useState<readonly PriceFindingFragment[] | null>(null)
  const mayAccept = useMay('findings.resolve')
  const change = useCallback((next: PricesSearch, replace = true) => void navigate({ to: '/prices', search: compact(next), replace }), [navigate])
  const peek = useCallback(
    (id: string | null) => {
      const { finding: _finding, ...rest } = search
      change(id ? { ...rest, finding: id } : rest)
    },
    [change, search],
  )
  const peeked = pages.rows.find((row) => row.id === search.finding)
  const chosen = pages.rows.filter((row) => selected.has(row.id) && row.state === 'OPEN')

  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col px-8 pt-5 max-sm:px-4 max-sm:pt-4">
        <PageHeading>{t('title')}</PageHeading>
        <Views search={search} />
        {search.view === 'coverage' ? (
          <Coverage />
        ) : (
          <>
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
                rowName={(row) => row.message}
                columns={COLUMNS}
                totalRows={pages.totalCount ?? undefined}
                {...(mayAccept && !search.state ? { selected, onSelect: setSelected } : {})}
                current={search.finding ?? null}
                onPeek={(row) => peek(row.id)}
                onOpen={(row) => peek(row.id)}
                onEnd={pages.more}
                loadingMore={pages.loadingMore}
                empty={<DeskEmpty search={search} onClear={() => change({})} />}
                selectionBar={
                  chosen.length > 0 ? (
                    <SelectionBar
                      count={chosen.length}
                      actions={
                        <Button look="primary" onPress={() => setAccepting(chosen)}>
                          {t('acceptCount', { count: chosen.length })}
                        </Button>
                      }
                      onClear={() => setSelected(NONE)}
                    />
                  ) : null
                }
              />
            )}
            <p className="shrink-0 py-1.5 text-12 text-text-3">{t('basis')}</p>
          </>
        )}
      </div>
      {peeked ? <PricePeek key={peeked.id} finding={peeked} rows={pages.rows} total={pages.totalCount} onMove={peek} onAccept={() => setAccepting([peeked])} /> : null}
      {accepting ? (
        <AcceptDialog
          findings={accepting}
          onClose={() => setAccepting(null)}
          onDone={() => {
            setSelected(NONE)
            peek(null)
          }}
        />
      ) : null}
    </div>
  )
}

function Views({ search }: { search: PricesSearch }) {
  const tabs = [
    { id: 'findings', label: t('viewFindings'), current: search.view !== 'coverage' },
    { id: 'coverage', label: t('viewCoverage'), current: search.view === 'coverage' },
  ]
  return (
    <TabNav
      label={t('views')}
      look="views"
      tabs={tabs}
      link={(tab, className, content) => (
        <Link to="/prices" search={tab.id === 'coverage' ? { view: 'coverage' } : {}} className={className} aria-current={tab.current ? 'page' : undefined}>
          {content}
        </Link>
      )}
    />
  )
}

const TILE_LOOKS: readonly { id: TileId | 'all'; word: 'tileAll' | 'tileZero' | 'tileJump' | 'tileMissing' | 'tileStale' | 'tileCurrency' | 'tileConflict'; status: StatusKind }[] = [
  { id: 'all', word: 'tileAll', status: 'waiting' },
  { id: 'zero', word: 'tileZero', status: 'attention' },
  { id: 'jump', word: 'tileJump', status: 'attention' },
  { id: 'currency', word: 'tileCurrency', status: 'attention' },
  { id: 'conflict', word: 'tileConflict', status: 'attention' },
  { id: 'missing', word: 'tileMissing', status: 'fact' },
  { id: 'stale', word: 'tileStale', status: 'fact' },
]

function DeskTiles({ search, onChange }: { search: PricesSearch; onChange: (next: PricesSearch) => void }) {
  const { data, reload } = useRead(PriceDeskTilesDocument, NOTHING)
  useChanged('prices', reload)
  const on = tilesOf(search)
  const tiles: Tile[] = TILE_LOOKS.map(({ id, word, status }) => {
    const count = data?.[id].totalCount
    return {
      id,
      word: t(word),
      status,
      count: count === null || count === undefined ? <span className="invisible">0</span> : <Figure kind="count" value={String(count)} />,
      isSelected: id === 'all' ? on.length === 0 : on.includes(id),
    }
  })
  return (
    <div className="mt-3">
      <Tiles label={t('tiles')} tiles={tiles} onToggle={(id) => onChange(withTile(search, id as TileId | 'all'))} />
    </div>
  )
}

const STATES = [
  { value: 'open', word: 'stateOpen' },
  { value: 'resolved', word: 'stateResolved' },
  { value: 'dismissed', word: 'stateDismissed' },
] as const

function Filters({ search, onChange }: { search: PricesSearch; onChange: (next: PricesSearch) => void }) {
  const { security: _security, ...anySecurity } = search
  return (
    <Toolbar label={t('filters')}>
      <MenuChip
        label={t('state')}
        value={search.state ?? 'open'}
        active={search.state !== undefined}
        choices={STATES.map((each) => ({ value: each.value as string, label: t(each.word) }))}
        onChange={(picked) => {
          const { state: _state, ...rest } = search
          onChange(picked === 'resolved' || picked === 'dismissed' ? { ...rest, state: picked } : rest)
        }}
      />
      {search.security ? (
        <Button size="sm" look="link" onPress={() => onChange(anySecurity)}>
          {t('oneSecurity')} ×
        </Button>
      ) : null}
      {Object.keys(search).some((key) => key !== 'finding') ? (
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

function DeskEmpty({ search, onClear }: { search: PricesSearch; onClear: () => void }) {
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
