import { useLocation, useNavigate } from '@tanstack/react-router'
import type { LotSearch } from '@/domain/lots'
import { TabNav } from '@/ui/Tabs'
import { PathLink } from '@/ui/PathLink'
import { Gains, type GainSearch } from './Gains'
import { OpenLots, type LotOwner } from './OpenLots'
import { t } from './words'

interface LotsAndGainsProps {
  owner: LotOwner
  search: LotSearch
}

/** Open lots and realised gains of an account or a household: two lists under one tab. */
export function LotsAndGains({ owner, search }: LotsAndGainsProps) {
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const isGains = search.view === 'gains'
  const change = (next: GainSearch) =>
    void navigate({
      to: pathname,
      search: (before: Record<string, unknown>) => ({ ...before, view: 'gains', year: next.year, term: next.term }),
      replace: true,
    } as never)
  const day = owner.asOf ? `asOf=${owner.asOf}` : ''
  const tabs = [
    { id: 'open', label: t('open'), current: !isGains, to: `${pathname}${day ? `?${day}` : ''}` },
    { id: 'gains', label: t('realised'), current: isGains, to: `${pathname}?view=gains${day ? `&${day}` : ''}` },
  ]
  return (
    <div className="grid min-w-0 gap-4">
      <TabNav
        label={t('views')}
        look="views"
        tabs={tabs}
        link={(tab, className, content) => (
          <PathLink to={tabs.find(({ id }) => id === tab.id)?.to ?? pathname} className={className} current={tab.current}>
            {content}
          </PathLink>
        )}
      />
      {isGains ? <Gains owner={owner} search={{ year: search.year, term: search.term }} onSearch={change} /> : <OpenLots owner={owner} />}
    </div>
  )
}
