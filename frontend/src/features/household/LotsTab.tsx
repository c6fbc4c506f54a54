import { LotsAndGains } from '@/ledger/lots/LotsAndGains'
import { householdRoute, lotsRoute } from './routes'

/** The tax lots of all accounts of the household, and what their sales realised. */
export function LotsTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  return <LotsAndGains owner={{ kind: 'household', id, asOf }} search={lotsRoute.useSearch()} />
}
