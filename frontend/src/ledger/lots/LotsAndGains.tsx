import { useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { LotSearch } from '@/domain/lots'
import { PathLink } from '@/ui/PathLink'
import { KnownAtBanner, KnownAtControl } from '@/ui/performance/KnownAt'
import { SkeletonRows } from '@/ui/States'
import { TabNav } from '@/ui/Tabs'
import { Gains } from './Gains'
import { OpenLots, type LotOwner } from './OpenLots'
import { t } from './words'

const WashCheck = lazy(() => import('./WashCheck').then((m) => ({ default: m.WashCheck })))

interface LotsAndGainsProps {
  owner: Omit<LotOwner, 'knownAt'>
  search: LotSearch
}

/** Open lots, realised gains, and what a trade would wash, of an account or a household: three views under one tab. */
export function LotsAndGains({ owner, search }: LotsAndGainsProps) {
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const view = search.view ?? 'open'
  const known = { ...owner, knownAt: search.knownAt }
  const change = (next: LotSearch | { knownAt: undefined }) =>
    void navigate({ to: pathname, search: (before: Record<string, unknown>) => ({ ...before, ...next }), replace: true } as never)
  const place = [...(owner.asOf ? [`asOf=${owner.asOf}`] : []), ...(search.knownAt ? [`knownAt=${encodeURIComponent(search.knownAt)}`] : [])]
  const at = (name: LotSearch['view']) => {
    const words = [...(name ? [`view=${name}`] : []), ...place]
    return words.length > 0 ? `${pathname}?${words.join('&')}` : pathname
  }
  const tabs = [
    { id: 'open', label: t('open'), current: view === 'open', to: at(undefined) },
    { id: 'gains', label: t('realised'), current: view === 'gains', to: at('gains') },
    { id: 'check', label: t('beforeTrade'), current: view === 'check', to: at('check') },
  ]
  return (
    <div className="grid min-w-0 gap-4">
      {search.knownAt && view !== 'check' ? (
        <div className="-mx-8 -mt-5 max-sm:-mx-4">
          <KnownAtBanner value={search.knownAt} bookVersion={null} onBack={() => change({ knownAt: undefined })} />
        </div>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line">
        <TabNav
          label={t('views')}
          look="views"
          className="border-b-0"
          tabs={tabs}
          link={(tab, className, content) => (
            <PathLink to={tabs.find(({ id }) => id === tab.id)?.to ?? pathname} className={className} current={tab.current}>
              {content}
            </PathLink>
          )}
        />
        {/* A trade that is thought of is checked against what is known now. */}
        {view === 'check' ? null : <KnownAtControl value={search.knownAt ?? null} onChange={(moment) => change({ knownAt: moment ?? undefined } as LotSearch)} />}
      </div>
      {view === 'gains' ? (
        <Gains owner={known} search={{ year: search.year, term: search.term }} onSearch={({ year, term }) => change({ view: 'gains', year, term } as LotSearch)} />
      ) : view === 'check' ? (
        <Suspense fallback={<SkeletonRows rows={6} />}>
          <WashCheck owner={known} search={search} onSearch={(trade) => change({ view: 'check', ...trade } as LotSearch)} />
        </Suspense>
      ) : (
        <OpenLots owner={known} />
      )}
    </div>
  )
}
