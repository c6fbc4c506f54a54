import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { groupingIn, HOLDING_GROUPS } from '@/domain/holdings'
import { HouseholdHoldingsDocument, type HouseholdHoldingsQuery } from '@/generated/graphql'
import { HoldingsTools } from '@/ledger/HoldingsTools'
import { LivePositionMoney } from '@/live/LiveFigure'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { SectionHeading } from '@/ui/Heading'
import { HoldingsGrid, type HoldingView } from '@/ui/ledger/HoldingsGrid'
import { ledgerWords } from '@/ui/ledger/words'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { BasisLine } from '@/ui/Figure'
import { HOLDINGS_PAGE, holdingsRoute, householdRoute } from './routes'
import { t } from './words'

const GroupedHoldings = lazy(() => import('@/ledger/GroupedHoldings').then((m) => ({ default: m.GroupedHoldings })))

type AccountHoldings = NonNullable<HouseholdHoldingsQuery['household']>['accounts']['edges'][number]['node']

/** Holdings account by account with cash and total, or in groups with the server's sums; of a day, as known now or then. */
export function HoldingsTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  const search = holdingsRoute.useSearch()
  const navigate = useNavigate()
  const by = groupingIn(search, HOLDING_GROUPS)
  const of = useMemo(() => ({ householdId: id }), [id])
  return (
    <>
      <HoldingsTools
        search={search}
        onSearch={(change) => void navigate({ to: '/households/$id/holdings', params: { id }, search: (before) => ({ ...before, ...change }), replace: true })}
      />
      {by === 'ACCOUNT' && !search.knownAt ? (
        <HoldingsPages key={`${id} ${asOf ?? ''}`} id={id} asOf={asOf} />
      ) : (
        <Suspense fallback={<SkeletonRows rows={8} />}>
          <GroupedHoldings of={of} asOf={asOf ?? null} knownAt={search.knownAt ?? null} by={by} />
        </Suspense>
      )}
    </>
  )
}

function HoldingsPages({ id, asOf }: { id: string; asOf: string | undefined }) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  return (
    <div className="grid gap-8">
      {cursors.map((after, index) => (
        <HoldingsPage
          key={after ?? ''}
          id={id}
          asOf={asOf}
          after={after}
          onMore={index === cursors.length - 1 ? (next) => setCursors([...cursors, next]) : undefined}
        />
      ))}
    </div>
  )
}

interface HoldingsPageProps {
  id: string
  asOf: string | undefined
  after: string | null
  onMore: ((cursor: string) => void) | undefined
}

function HoldingsPage({ id, asOf, after, onMore }: HoldingsPageProps) {
  const { data, loading, failure, reload } = useRead(HouseholdHoldingsDocument, { id, asOf: asOf ?? null, first: HOLDINGS_PAGE, after })
  useChanged('ledger', reload)
  return (
    <AnswerView value={data?.household} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={12} />}>
      {({ accounts: { edges, pageInfo } }) => (
        <>
          {edges.length === 0 ? (
            <EmptyState kind="none" title={t('noHoldings')}>
              {t('noHoldingsHint')}
            </EmptyState>
          ) : null}
          {edges.map(({ node }) => (
            <AccountSection key={node.id} account={node} asOf={asOf} />
          ))}
          {pageInfo.hasNextPage && pageInfo.endCursor && onMore ? (
            <div>
              <Button onPress={() => pageInfo.endCursor && onMore(pageInfo.endCursor)}>{t('moreHoldings')}</Button>
            </div>
          ) : null}
        </>
      )}
    </AnswerView>
  )
}

const lotsPath = (holding: HoldingView) => `/accounts/${encodeURIComponent(holding.accountId)}/lots`

/** The household is followed by its head: what quotes move, moves here too. */
function liveValue(holding: HoldingView) {
  return <LivePositionMoney id={holding.id} figure={holding.marketValue} name={holding.security.name} absent={ledgerWords('unpriced')} className="font-medium" />
}

function AccountSection({ account, asOf }: { account: AccountHoldings; asOf: string | undefined }) {
  const holdings = useMemo(() => account.positions.edges.map(({ node }) => node), [account])
  const name = account.accountNumberLast4 ? `${account.name} ${account.accountNumberLast4}` : account.name
  const search = asOf ? { asOf } : {}
  return (
    <section aria-label={t('holdingsOf', { name })}>
      <SectionHeading aside={<BasisLine figure={account.marketValue} />}>
        <Link to="/accounts/$id" params={{ id: account.id }} search={search} className="hover:underline">
          {account.name} {account.accountNumberLast4 ? <span className="identifier font-normal text-text-3">{account.accountNumberLast4}</span> : null}
        </Link>
      </SectionHeading>
      <HoldingsGrid label={t('holdingsOf', { name })} holdings={holdings} cash={account.cash} cashWeight={account.cashShare} total={account.marketValue} accrued={account.accruedInterest} totalLabel={name} valueOf={asOf ? undefined : liveValue} lotsPath={lotsPath} />
      {account.positions.pageInfo.hasNextPage ? (
        <p className="flex flex-wrap gap-3 pt-2 text-12 text-text-3">
          {t('allHoldings')}
          <Link to="/accounts/$id" params={{ id: account.id }} search={search} className="font-medium text-accent hover:underline">
            {t('openAccount', { name })}
          </Link>
        </p>
      ) : null}
    </section>
  )
}
