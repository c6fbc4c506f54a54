import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { PerformanceScreen } from '@/performance/PerformanceScreen'
import { accountPerformanceRoute, accountRoute } from './routes'

/** What the account earned. */
export function PerformanceTab() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  const search = accountPerformanceRoute.useSearch()
  const navigate = useNavigate()
  const scope = useMemo(() => ({ accountId: id }), [id])
  return (
    <PerformanceScreen
      key={id}
      scope={scope}
      asOf={asOf ?? null}
      knownAt={search.knownAt ?? null}
      benchmarkId={search.benchmark ?? null}
      report={search.report ?? null}
      search={search}
      onSearch={(change) => void navigate({ to: '/accounts/$id/performance', params: { id }, search: (before) => ({ ...before, ...change }), replace: true })}
    />
  )
}
