import { useMemo, useState, type ReactNode } from 'react'
import type { ActivitySearch } from '@/domain/asOf'
import { Button } from '../Button'
import type { GridSort } from '../DataGrid'
import { EmptyState, ErrorState, SkeletonRows } from '../States'
import type { FailureView } from '../AnswerView'
import { KnownAtBanner } from '../performance/KnownAt'
import { ActivityFilters, kept } from './ActivityFilters'
import { TransactionsGrid, type TransactionView } from './TransactionsGrid'
import { ledgerWords } from './words'

/** A long list as the data layer reads it, page by page. */
interface PagesView {
  rows: readonly TransactionView[]
  totalCount: number | null
  loading: boolean
  loadingMore: boolean
  failure: FailureView | null
  more: (() => void) | undefined
  reload: () => void
}

interface ActivityPanelProps {
  label: string
  pages: PagesView
  search: ActivitySearch
  onSearch: (next: ActivitySearch) => void
  /** The last day that can be asked for. */
  latest: string
  withAccount: boolean
  /** Draws the dialog that corrects one entry. */
  correct: (row: TransactionView, close: () => void) => ReactNode
}

/** Entries with their filters, the history of what was corrected, and the way to correct one. */
export function ActivityPanel({ label, pages, search, onSearch, latest, withAccount, correct }: ActivityPanelProps) {
  const [correcting, setCorrecting] = useState<TransactionView | null>(null)
  const sort = useMemo<GridSort>(() => ({ column: 'tradeDate', direction: search.sort === 'tradeDate' ? 'ASC' : 'DESC' }), [search.sort])
  const filtered = Boolean(search.type ?? search.from ?? search.to)
  return (
    <>
      {search.knownAt ? (
        <div className="-mx-8 -mt-5 mb-4 max-sm:-mx-4">
          <KnownAtBanner value={search.knownAt} bookVersion={null} onBack={() => onSearch({ ...search, knownAt: undefined })} />
        </div>
      ) : null}
      <ActivityFilters search={search} onChange={onSearch} latest={latest} />
      <div className="mt-2">
        {pages.failure ? (
          pages.failure.kind === 'forbidden' ? (
            <EmptyState kind="forbidden" title={ledgerWords('forbidden')}>
              {pages.failure.message}
            </EmptyState>
          ) : (
            <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} />
          )
        ) : pages.loading ? (
          <SkeletonRows />
        ) : (
          <TransactionsGrid
            label={label}
            rows={pages.rows}
            totalRows={pages.totalCount ?? undefined}
            withAccount={withAccount}
            sort={sort}
            onSort={(next) => onSearch({ ...search, sort: next.direction === 'ASC' ? 'tradeDate' : undefined })}
            loadingMore={pages.loadingMore}
            onCorrect={search.knownAt ? undefined : setCorrecting}
            onShowCorrections={search.all ? undefined : () => onSearch({ ...search, all: true })}
            empty={
              filtered ? (
                <EmptyState
                  kind="none"
                  title={ledgerWords('noTransactionsMatch')}
                  action={<Button onPress={() => onSearch(kept(search))}>{ledgerWords('clearFilters')}</Button>}
                >
                  {ledgerWords('noTransactionsMatchHint')}
                </EmptyState>
              ) : (
                <EmptyState kind="first" title={ledgerWords('noTransactions')}>
                  {ledgerWords('noTransactionsHint')}
                </EmptyState>
              )
            }
          />
        )}
      </div>
      {pages.more ? (
        <Button className="mt-3" onPress={pages.more}>
          {ledgerWords('more')}
        </Button>
      ) : null}
      {correcting ? correct(correcting, () => setCorrecting(null)) : null}
    </>
  )
}
