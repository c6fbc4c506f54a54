import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { usePages, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { activityFilter, activityOrder, type ActivitySearch } from '@/domain/asOf'
import { TRANSACTION_TYPES } from '@/domain/ledger'
import { AccountDocument, TransactionPageDocument } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { ActivityPanel } from '@/ui/ledger/ActivityPanel'
import { accountActivityRoute, accountRoute } from './routes'
import { t } from './words'

const CorrectDialog = lazy(() => import('@/ledger/CorrectDialog').then((m) => ({ default: m.CorrectDialog })))
const PAGE = 100

/** Entries of the account, and what was corrected. */
export function ActivityTab() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  const search = accountActivityRoute.useSearch()
  const navigate = useNavigate()
  const { businessDate, now } = useEnvironment()
  const account = useRead(AccountDocument, { id, asOf: asOf ?? null })
  const latest = businessDate ?? now().toISOString().slice(0, 10)
  const variables = useMemo(
    () => ({ first: PAGE, filter: { accountId: id, ...activityFilter(search, TRANSACTION_TYPES, asOf) }, orderBy: activityOrder(search), knownAt: search.knownAt ?? null }),
    [id, search, asOf],
  )
  const pages = usePages({ document: TransactionPageDocument, variables, connection: (data) => data.transactions })
  useChanged('ledger', pages.reload)
  return (
    <ActivityPanel
      label={t('activity', { name: account.data?.account?.name ?? '' })}
      pages={pages}
      search={search}
      onSearch={(next: ActivitySearch) => void navigate({ to: '/accounts/$id/activity', params: { id }, search: { ...next, ...(asOf ? { asOf } : {}) }, replace: true })}
      latest={latest}
      withAccount={false}
      correct={(row, close) => (
        <Suspense fallback={null}>
          <CorrectDialog row={row} onClose={close} />
        </Suspense>
      )}
    />
  )
}
