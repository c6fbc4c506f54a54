import { LotsAndGains } from '@/ledger/lots/LotsAndGains'
import { accountLotsRoute, accountRoute } from './routes'

/** The account's tax lots and what its sales realised. */
export function LotsTab() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  return <LotsAndGains owner={{ kind: 'account', id, asOf }} search={accountLotsRoute.useSearch()} />
}
