import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { usePages, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { activityFilter, activityOrder, type ActivitySearch } from '@/domain/asOf'
import { TRANSACTION_TYPES } from '@/domain/ledger'
import { HouseholdDocument, TransactionPageDocument } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { ActivityPanel } from '@/ui/ledger/ActivityPanel'
import { activityRoute, householdRoute } from './routes'
import { t } from './words'

const CorrectDialog = lazy(() => import('@/ledger/CorrectDialog').then((m) => ({ default: m.CorrectDialog })))
const PAGE = 100

/** Entries of every account of the household, and what was corrected. */
export function ActivityTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  const search = activityRoute.useSearch()
  const navigate = useNavigate()
  const { businessDate, now } = useEnvironment()
  const household = useRead(HouseholdDocument, { id, asOf: asOf ?? null })
  const latest = businessDate ?? now().toISOString().slice(0, 10)
  const variables = useMemo(
    () => ({ first: PAGE, filter: { householdId: id, ...activityFilter(search, TRANSACTION_TYPES, asOf) }, orderBy: activityOrder(search), knownAt: search.knownAt ?? null }),
    [id, search, asOf],
  )
  const pages = usePages({ document: TransactionPageDocument, variables, connection: (data) => data.transactions })
  useChanged('ledger', pages.reload)
  return (
    <ActivityPanel
      label={t('activityLabel', { name: household.data?.household?.name ?? '' })}
      pages={pages}
      search={search}
      onSearch={(next: ActivitySearch) => void navigate({ to: '/households/$id/activity', params: { id }, search: { ...next, ...(asOf ? { asOf } : {}) }, replace: true })}
      latest={latest}
      withAccount
      correct={(row, close) => (
        <Suspense fallback={null}>
          <CorrectDialog row={row} onClose={close} />
        </Suspense>
      )}
    />
  )
}
