import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { usePages, useRead } from '@/data'
import { BookPageDocument, BookTotalDocument, type BookRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { DataGrid, type GridSort } from '@/ui/DataGrid'
import { BasisLine } from '@/ui/Figure'
import { PageHeading } from '@/ui/Heading'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { BookEmpty } from './BookEmpty'
import { BookFilters } from './BookFilters'
import { BookTiles } from './BookTiles'
import { BookViews } from './BookViews'
import { bookColumns } from './columns'
import { columnsIn, columnsText, STANDARD } from './columnSet'
import { ExportButton } from './ExportButton'
import { NewHousehold } from './NewHousehold'
import { Peek } from './Peek'
import { bookRoute } from './routes'
import { compact, filterOf, orderOf, peekedId, sortOf, sortText, standingOf, type BookSearch } from './search'
import { Selection } from './Selection'
import { useStable } from './useStable'
import { t } from './words'

const ColumnsDialog = lazy(() => import('./ColumnsDialog').then((m) => ({ default: m.ColumnsDialog })))

const PAGE = 200
const NONE: ReadonlySet<string> = new Set()

/** Every household this person may see: sorted, filtered and summed by the server. */
export function BookPage() {
  const search = bookRoute.useSearch()
  const navigate = useNavigate()
  usePageTitle(t('title'))
  const { sort, cols } = search
  const filter = useStable(filterOf(search))
  const orderBy = useMemo(() => orderOf(compact({ sort })), [sort])
  const chosen = useMemo(() => columnsIn(cols) ?? STANDARD, [cols])
  const pages = usePages({ document: BookPageDocument, variables: { first: PAGE, filter, orderBy }, connection: (data) => data.households })
  const total = useRead(BookTotalDocument, { filter })
  const [selected, setSelected] = useState<ReadonlySet<string>>(NONE)
  const [arranging, setArranging] = useState(false)

  const change = useCallback((next: BookSearch, replace = true) => void navigate({ to: '/book', search: compact(next), replace }), [navigate])
  const peeked = peekedId(search)
  const peek = useCallback((id: string | null) => change({ ...search, peek: id ? `household:${id}` : undefined }), [change, search])
  const openPage = useCallback((row: BookRowFragment) => void navigate({ to: '/households/$id', params: { id: row.id } }), [navigate])
  const columns = useMemo(() => bookColumns(total.data?.households, chosen), [total.data, chosen])
  const { column, direction } = sortOf(search)
  const gridSort = useMemo<GridSort>(() => ({ column, direction }), [column, direction])
  const totals = total.data?.households
  const count = totals?.totalCount ?? null

  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col px-8 pt-5 max-sm:px-4 max-sm:pt-4">
        <PageHeading actions={
            <>
              <NewHousehold />
              <ExportButton filter={filter} orderBy={orderBy} columns={chosen} />
              <Button onPress={() => setArranging(true)}>{t('columns')}</Button>
            </>
          }>{t('title')}</PageHeading>
        <BookViews search={search} onChange={change} />
        <BookTiles search={search} onChange={change} />
        <BookFilters search={search} onChange={change} updating={pages.stale} />
        {pages.failure ? (
          <BookFailure failure={pages.failure} onRetry={pages.reload} />
        ) : pages.loading ? (
          <SkeletonRows rows={14} />
        ) : (
          <DataGrid
            className="min-h-96"
            label={t('grid')}
            rows={pages.rows}
            rowId={(row) => row.id}
            rowName={(row) => row.name}
            columns={columns}
            totalRows={count ?? undefined}
            sort={gridSort}
            onSort={(next) => change({ ...search, sort: sortText(next) })}
            selected={selected}
            onSelect={setSelected}
            current={peeked}
            onPeek={(row) => peek(row.id)}
            onOpen={openPage}
            onEnd={pages.more}
            loadingMore={pages.loadingMore}
            totalLabel={count === null ? null : t('totalRow', { count })}
            empty={<BookEmpty search={search} onClear={() => change(compact({ sort, cols }))} />}
            selectionBar={selected.size > 0 ? <Selection key={JSON.stringify(filter)} selected={selected} list={filter} total={count} orderBy={orderBy} columns={chosen} onClear={() => setSelected(NONE)} onChanged={pages.reload} /> : null}
          />
        )}
        {totals ? (
          <p className="flex shrink-0 flex-wrap items-baseline gap-x-3 py-1.5 text-12 text-text-3">
            <BasisLine figure={totals.totalValue} />
            {standingOf(search) === 'CURRENT' ? <span>{t('leaversHidden')}</span> : null}
          </p>
        ) : null}
      </div>
      {arranging ? (
        <Suspense fallback={null}>
          <ColumnsDialog
            columns={chosen}
            onClose={() => setArranging(false)}
            onSave={(next) => {
              setArranging(false)
              change(compact({ ...search, cols: columnsText(next) }))
            }}
          />
        </Suspense>
      ) : null}
      {peeked ? <Peek key={peeked} id={peeked} rows={pages.rows} total={count} onMove={peek} /> : null}
    </div>
  )
}

function BookFailure({ failure, onRetry }: { failure: { kind: string; message: string; requestId: string | null }; onRetry: () => void }) {
  if (failure.kind === 'forbidden') {
    return (
      <EmptyState kind="forbidden" title={t('forbidden')}>
        {failure.message}
      </EmptyState>
    )
  }
  return <ErrorState className="mt-4" message={failure.message} requestId={failure.requestId} onRetry={onRetry} />
}

