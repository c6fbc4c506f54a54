import { useMemo } from 'react'
import { usePages } from '@/data/hooks'
import { PortalMovementsDocument, type TransactionFilter } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { ErrorState, SkeletonRows } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { CapacityChoice } from './Capacity'
import { AccountGroups } from './groups'
import { latestOf, type Viewer } from './Home'
import { MovementLine, moveText } from './moves'
import { NothingShared } from './Nothing'
import { pageText } from './pageWords'
import { Section } from './parts'

const PAGE = 20

/** What was paid in and out, bought and sold, latest first, a page at a time. */
export function MovementList({ filter, withAccount, className }: { filter: TransactionFilter | null; withAccount?: boolean; className?: string }) {
  const pages = usePages({ document: PortalMovementsDocument, variables: { first: PAGE, filter }, connection: (data) => data.transactions })
  const count = pages.totalCount
  return (
    <Section title={moveText('movements')} aside={count === null ? null : pageText('ofAll', { shown: pages.rows.length, count })} {...(className ? { className } : {})}>
      {pages.failure ? <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} className="mt-3" /> : null}
      {pages.loading ? <SkeletonRows rows={5} /> : null}
      {!pages.loading && !pages.failure && pages.rows.length === 0 ? <p className="py-3 text-text-2">{pageText('noMovements')}</p> : null}
      <ul>
        {pages.rows.map((move) => (
          <MovementLine key={move.id} move={move} withAccount={withAccount ?? false} />
        ))}
      </ul>
      {pages.more || pages.loadingMore ? (
        <Button size="xl" className="mt-3" isPending={pages.loadingMore} onPress={() => pages.more?.()}>
          {pageText('showMore')}
        </Button>
      ) : null}
    </Section>
  )
}

/** The movements of everything that is open in the capacity chosen; account by account where they cannot be told apart. */
export function MovementsPage({ viewer, capacity }: { viewer: Viewer; capacity: string | null }) {
  usePageTitle(moveText('movements'))
  const access = viewer.accesses.find((each) => each.id === capacity)
  const filter = useMemo(() => latestOf(access, capacity), [access, capacity])
  const worth = viewer.worth
  return (
    <div className="max-w-[720px]">
      <h1 className="pb-3 text-24 font-semibold display">{moveText('movements')}</h1>
      <CapacityChoice accesses={viewer.accesses} chosen={capacity} path="/movements" />
      {!worth || worth.accounts.length === 0 ? (
        <NothingShared viewer={viewer} />
      ) : filter === undefined ? (
        <>
          <p className="text-text-2">{pageText('movementsByAccount')}</p>
          <AccountGroups worth={worth} ownId={viewer.party?.id ?? null} className="pt-4" />
        </>
      ) : (
        <MovementList filter={filter} withAccount />
      )}
    </div>
  )
}
