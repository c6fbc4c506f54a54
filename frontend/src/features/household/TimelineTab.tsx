import { useRead } from '@/data'
import { HouseholdDocument } from '@/generated/graphql'
import { Timeline } from '@/desk/Timeline'
import { householdRoute } from './routes'

/** Everything that happened around the household, whatever day is looked at. */
export function TimelineTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  const { data } = useRead(HouseholdDocument, { id, asOf: asOf ?? null })
  return <Timeline key={id} subjectId={id} name={data?.household?.name ?? ''} />
}
