import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { usePages, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { groupingIn, HOLDING_GROUPS } from '@/domain/holdings'
import { AccountDocument, AccountPositionsDocument } from '@/generated/graphql'
import { HoldingsTools } from '@/ledger/HoldingsTools'
import { LivePositionMoney } from '@/live/LiveFigure'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { HoldingsGrid, type HoldingView } from '@/ui/ledger/HoldingsGrid'
import { ledgerWords } from '@/ui/ledger/words'
import { SkeletonRows } from '@/ui/States'
import { accountHoldingsRoute, accountRoute } from './routes'
import { t } from './words'

const GroupedHoldings = lazy(() => import('@/ledger/GroupedHoldings').then((m) => ({ default: m.GroupedHoldings })))

const PAGE = 200

const lotsPath = (holding: HoldingView) => `/accounts/${encodeURIComponent(holding.accountId)}/lots`

/** The account is followed by its head: what quotes move, moves here too. */
function liveValue(holding: HoldingView) {
  return <LivePositionMoney id={holding.id} figure={holding.marketValue} name={holding.security.name} absent={ledgerWords('unpriced')} className="font-medium" />
}

/** Every holding of the account, its cash and its total; or groups of them, of a day, as known now or then. */
export function HoldingsTab() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  const search = accountHoldingsRoute.useSearch()
  const navigate = useNavigate()
  const by = groupingIn(search, HOLDING_GROUPS)
  const of = useMemo(() => ({ accountId: id }), [id])
  return (
    <>
      <HoldingsTools
        search={search}
        isOneAccount
        onSearch={(change) => void navigate({ to: '/accounts/$id', params: { id }, search: (before) => ({ ...before, ...change }), replace: true })}
      />
      {by === 'ACCOUNT' && !search.knownAt ? (
        <EveryHolding id={id} asOf={asOf} />
      ) : (
        <Suspense fallback={<SkeletonRows rows={8} />}>
          <GroupedHoldings of={of} asOf={asOf ?? null} knownAt={search.knownAt ?? null} by={by} />
        </Suspense>
      )}
    </>
  )
}

function EveryHolding({ id, asOf }: { id: string; asOf: string | undefined }) {
  const { data } = useRead(AccountDocument, { id, asOf: asOf ?? null })
  const pages = usePages({ document: AccountPositionsDocument, variables: { id, asOf: asOf ?? null, first: PAGE }, connection: (answer) => answer.positions })
  useChanged('ledger', pages.reload)
  const account = data?.account
  if (!account) return null
  const name = account.accountNumberLast4 ? `${account.name} ${account.accountNumberLast4}` : account.name
  return (
    <AnswerView value={pages.loading ? null : pages.failure ? null : pages.rows} loading={pages.loading} failure={pages.failure} onRetry={pages.reload} skeleton={<SkeletonRows rows={12} />}>
      {(rows) => (
        <>
          <HoldingsGrid label={t('holdings', { name })} holdings={rows} cash={account.cash} cashWeight={account.cashShare} total={account.marketValue} accrued={account.accruedInterest} totalLabel={name} valueOf={asOf ? undefined : liveValue} lotsPath={lotsPath} />
          {pages.more ? (
            <p className="flex items-center gap-3 pt-3 text-12 text-text-3">
              <Button onPress={pages.more}>{t('moreHoldings')}</Button>
              {t('holdingsCount', { count: rows.length })}
            </p>
          ) : null}
        </>
      )}
    </AnswerView>
  )
}
