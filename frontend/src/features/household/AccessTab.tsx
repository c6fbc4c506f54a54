import { useRead } from '@/data'
import { HouseholdDocument } from '@/generated/graphql'
import { WhoSees } from '@/sharing/WhoSees'
import { householdRoute } from './routes'

/** Who sees this household or parts of it, why and until when. */
export function AccessTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  const { data } = useRead(HouseholdDocument, { id, asOf: asOf ?? null })
  return data?.household ? <WhoSees key={id} subject={{ id, label: data.household.name, kind: 'household' }} /> : null
}
