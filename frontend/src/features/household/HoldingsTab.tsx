import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { HouseholdHoldingsDocument, type HouseholdHoldingsQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { SectionHeading } from '@/ui/Heading'
import { HoldingsGrid } from '@/ui/ledger/HoldingsGrid'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { BasisLine } from '@/ui/Figure'
import { HOLDINGS_PAGE, householdRoute } from './routes'
import { t } from './words'

type AccountHoldings = NonNullable<HouseholdHoldingsQuery['household']>['accounts']['edges'][number]['node']

/** Holdings account by account, each with its cash and its total; a few accounts at a time. */
export function HoldingsTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  return <HoldingsPages key={`${id} ${asOf ?? ''}`} id={id} asOf={asOf} />
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
      <HoldingsGrid label={t('holdingsOf', { name })} holdings={holdings} cash={account.cash} cashWeight={account.cashShare} total={account.marketValue} totalLabel={name} />
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
