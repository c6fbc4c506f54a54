import { useMemo } from 'react'
import { LiveMoney } from '@/live/LiveFigure'
import { LiveNote } from '@/live/LiveNote'
import { useWatch } from '@/live/use'
import { BasisLine } from '@/ui/Figure'
import { usePageTitle } from '@/ui/title'
import { CapacityChoice } from './Capacity'
import { AccountGroups } from './groups'
import type { Viewer } from './Home'
import { NothingShared } from './Nothing'
import { pageText } from './pageWords'

/** Every account and debt that is open in the capacity chosen. */
export function AccountsPage({ viewer, capacity, onGap }: { viewer: Viewer; capacity: string | null; onGap: () => void }) {
  usePageTitle(pageText('accountsTitle'))
  const worth = viewer.worth
  const ids = useMemo(() => (worth ? [worth.id, ...worth.accounts.slice(0, 90).map((account) => account.id)] : []), [worth])
  useWatch(ids, onGap)
  return (
    <div className="max-w-[720px]">
      <h1 className="pb-3 text-24 font-semibold display">{pageText('accountsTitle')}</h1>
      <CapacityChoice accesses={viewer.accesses} chosen={capacity} path="/accounts" />
      {!worth || (worth.accounts.length === 0 && worth.debts.length === 0) ? (
        <NothingShared viewer={viewer} />
      ) : (
        <>
          <AccountGroups worth={worth} ownId={viewer.party?.id ?? null} className="pt-4" />
          <div className="flex items-center justify-between gap-4 border-b border-line-strong py-3 font-semibold">
            <span>{pageText('total')}</span>
            <LiveMoney id={worth.id} part="netWorth" figure={{ ...worth.netWorth, explain: null }} name={pageText('total')} />
          </div>
          <LiveNote className="pt-2 text-14 text-text-2" />
          <BasisLine figure={worth.netWorth} className="pt-1" />
        </>
      )}
    </div>
  )
}
