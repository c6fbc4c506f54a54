import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { HouseholdOwnershipDocument, type HouseholdOwnershipQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { partyWord } from '@/ui/party/words'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { b } from './balanceWords'
import { FormerMembers } from './FormerMembers'
import { o } from './onboardingWords'
import { OwnershipDrawing, OwnershipTable } from './OwnershipGraph'
import { householdRoute } from './routes'

const EndDialog = lazy(() => import('@/clients/EndDialog').then((m) => ({ default: m.EndDialog })))

type Owned = NonNullable<HouseholdOwnershipQuery['household']>

/** Who belongs to the household, and a drawing (or a table) of who owns what. */
export function OwnershipTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  const { data, loading, failure, reload } = useRead(HouseholdOwnershipDocument, { id, asOf: asOf ?? null })
  useBookChanged(reload)
  return (
    <AnswerView value={data?.household} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={10} />} forbidden={b('forbidden')}>
      {(household) => (
        <div className="grid gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_280px]">
          <Graph household={household} search={asOf ? { asOf } : {}} />
          <Members household={household} search={asOf ? { asOf } : {}} />
        </div>
      )}
    </AnswerView>
  )
}

interface PartProps {
  household: Owned
  search: { asOf?: string }
}

function Graph({ household, search }: PartProps) {
  const [asTable, setAsTable] = useState(false)
  const { nodes, edges } = household.ownershipGraph
  return (
    <section aria-label={b('graph')} className="min-w-0">
      <SectionHeading
        aside={
          nodes.length > 0 ? (
            <button type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)} className="min-h-6 rounded-chip font-medium text-accent hover:underline">
              {b(asTable ? 'showDrawing' : 'showTable')}
            </button>
          ) : null
        }
      >
        {b('graph')}
      </SectionHeading>
      {nodes.length === 0 ? (
        <EmptyState kind="none" title={b('graphNone')}>
          {b('graphNoneHint')}
        </EmptyState>
      ) : asTable ? (
        <OwnershipTable nodes={nodes} edges={edges} search={search} />
      ) : (
        <>
          <OwnershipDrawing label={b('graphLabel', { name: household.name })} nodes={nodes} edges={edges} search={search} />
          <p className="mt-2 text-12 text-text-3 max-sm:hidden">{b('graphHint')}</p>
        </>
      )}
    </section>
  )
}

function Members({ household, search }: PartProps) {
  const { locale } = useEnvironment()
  const [leaving, setLeaving] = useState<{ id: string; name: string } | null>(null)
  const mayEnd = can(household, 'EDIT_HOUSEHOLD')
  return (
    <section aria-label={b('members')}>
      <SectionHeading aside={household.members.length}>{b('members')}</SectionHeading>
      {household.members.length === 0 ? (
        <EmptyState kind="first" title={b('membersNone')} className="py-4">
          {b('membersNoneHint')}
        </EmptyState>
      ) : (
        <ul>
          {household.members.map(({ party, role, effectiveFrom }) => (
            <li key={`${party.id} ${role}`} className="flex min-h-12 items-center justify-between gap-3 border-b border-line">
              <span className="min-w-0">
                <Link to="/parties/$id" params={{ id: party.id }} search={search} className="font-medium hover:underline">
                  {party.name}
                </Link>
                <span className="block text-12 text-text-3">{partyWord('kind', party.kind)}</span>
              </span>
              <span className="text-right text-12 text-text-2">
                {partyWord('member', role)}
                <span className="block text-text-3">{b('memberSince', { date: formatDate(locale, effectiveFrom) })}</span>
                {mayEnd ? (
                  <Button look="link" size="sm" aria-label={o('memberEndOf', { name: party.name })} onPress={() => setLeaving(party)} className="!h-6">
                    {o('memberEnd')}
                  </Button>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      <FormerMembers id={household.id} />
      {leaving ? (
        <Suspense fallback={null}>
          <EndDialog
            ending={{ what: 'member', householdId: household.id, partyId: leaving.id, sentence: o('memberSentence', { name: leaving.name, household: household.name }) }}
            onClose={() => setLeaving(null)}
          />
        </Suspense>
      ) : null}
    </section>
  )
}
