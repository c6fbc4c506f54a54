import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { PerformanceScreen } from '@/performance/PerformanceScreen'
import { householdRoute, performanceRoute } from './routes'

/** What the household earned, all its accounts together. */
export function PerformanceTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  const search = performanceRoute.useSearch()
  const navigate = useNavigate()
  const scope = useMemo(() => ({ householdId: id }), [id])
  return (
    <PerformanceScreen
      key={id}
      scope={scope}
      asOf={asOf ?? null}
      knownAt={search.knownAt ?? null}
      benchmarkId={search.benchmark ?? null}
      report={search.report ?? null}
      search={search}
      onSearch={(change) => void navigate({ to: '/households/$id/performance', params: { id }, search: (before) => ({ ...before, ...change }), replace: true })}
    />
  )
}
