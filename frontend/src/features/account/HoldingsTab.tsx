import { usePages, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { AccountDocument, AccountPositionsDocument } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { HoldingsGrid } from '@/ui/ledger/HoldingsGrid'
import { SkeletonRows } from '@/ui/States'
import { accountRoute } from './routes'
import { t } from './words'

const PAGE = 200

/** Every holding of the account, its cash and its total. */
export function HoldingsTab() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
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
          <HoldingsGrid label={t('holdings', { name })} holdings={rows} cash={account.cash} cashWeight={account.cashShare} total={account.marketValue} totalLabel={name} />
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
