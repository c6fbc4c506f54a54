import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useMay, useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { onboardingSteps, type FamilyState, type Gap, type Step } from '@/domain/onboarding'
import { can } from '@/domain/permissions'
import { HouseholdGrantsDocument, HouseholdOnboardingDocument, type HouseholdGrantsQuery, type HouseholdOnboardingQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { SkeletonRows } from '@/ui/States'
import { StatusShape, type StatusKind } from '@/ui/Status'
import { AddDialogs, type Adding } from './AddDialogs'
import { o } from './onboardingWords'
import { householdRoute } from './routes'

type Answer = HouseholdOnboardingQuery
type Family = NonNullable<Answer['household']>

const SHAPES: Record<Step['state'], StatusKind> = { empty: 'waiting', none: 'fact', gaps: 'attention', done: 'fine', hidden: 'fact' }
const ACTIONS: Record<Step['id'], readonly (readonly [Adding, 'addPerson' | 'addKnown' | 'addTrust' | 'addCompany' | 'addEstate' | 'openAccount' | 'addAccount' | 'addDebt'])[]> = {
  people: [
    ['PERSON', 'addPerson'],
    ['KNOWN', 'addKnown'],
  ],
  entities: [
    ['TRUST', 'addTrust'],
    ['COMPANY', 'addCompany'],
    ['ESTATE', 'addEstate'],
  ],
  accounts: [
    ['ACCOUNT', 'openAccount'],
    ['KNOWN_ACCOUNT', 'addAccount'],
  ],
  debts: [['DEBT', 'addDebt']],
  access: [],
}

function stateOf(household: Family, parties: Answer['parties'], grants: number | null): FamilyState {
  const roles = new Map(household.members.map(({ party, role }) => [party.id, role]))
  return {
    parties: parties.edges.map(({ node }) => ({
      id: node.id,
      name: node.name,
      kind: node.kind,
      role: roles.get(node.id) ?? '',
      kycState: node.kycState,
      birthDateKnown: node.birthDateKnown,
      taxIdKnown: node.taxIdLast4 !== null,
      hasContacts: node.contacts.length > 0,
      has: node.relationships.filter((one) => one.isInverse).map((one) => one.kind),
      ownedShares: node.ownerships.map((one) => one.share),
    })),
    accounts: household.accounts.edges.map(({ node }) => ({
      id: node.id,
      name: node.name,
      type: node.accountType,
      isClosed: node.closedOn !== null && node.closedOn <= node.asOf,
      owners: node.owners.length,
      beneficiaries: node.beneficiaries.length,
      numberKnown: node.accountNumberLast4 !== null,
    })),
    debts: household.liabilities.map((debt) => ({ id: debt.id, name: debt.name, owners: debt.owners.length, hasBalance: debt.balanceDate !== null })),
    grants,
  }
}

/** The steps of bringing a family onto the books: what is there, what is missing, and the way to each. */
export function OnboardingTab() {
  const { id } = householdRoute.useParams()
  const { data, loading, failure, reload } = useRead(HouseholdOnboardingDocument, { id })
  const seesGrants = useMay('grants.read')
  const grants = useRead(HouseholdGrantsDocument, { id }, { pause: !seesGrants })
  useBookChanged(reload)
  const given = seesGrants ? holders(grants.data?.accessGrants.edges ?? [], data?.household?.asOf ?? '') : null
  return (
    <AnswerView value={data?.household} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={10} />} forbidden={o('forbidden')}>
      {(household) => <Steps household={household} steps={data ? onboardingSteps(stateOf(household, data.parties, given)) : []} />}
    </AnswerView>
  )
}

type GrantEdges = HouseholdGrantsQuery['accessGrants']['edges']

/** How many people hold a grant that still runs. */
function holders(edges: GrantEdges, day: string): number {
  const running = edges.filter(({ node }) => node.revokedAt === null && (node.effectiveTo === null || node.effectiveTo > day))
  return new Set(running.map(({ node }) => node.principal.id)).size
}

function Steps({ household, steps }: { household: Family; steps: readonly Step[] }) {
  const [adding, setAdding] = useState<Adding | null>(null)
  const mayAdd = can(household, 'EDIT_HOUSEHOLD')
  const mayGive = can(household, 'MANAGE_GRANTS')
  const complete = useMemo(() => steps.every((step) => step.state !== 'empty' && step.state !== 'gaps'), [steps])
  return (
    <div className="grid max-w-[880px] gap-4">
      <div>
        <h2 className="text-16 font-semibold">{o('title', { name: household.name })}</h2>
        <p className="text-text-2">{o(complete ? 'allComplete' : 'hint')}</p>
      </div>
      <ol className="border-t border-line-strong">
        {steps.map((step) => (
          <li key={step.id} className="grid gap-2 border-b border-line py-3" aria-label={o(`step_${step.id}`)}>
            <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
              <div className="min-w-0">
                <h3 className="flex items-baseline gap-2 font-semibold">
                  <StatusShape is={SHAPES[step.state]} />
                  {o(`step_${step.id}`)}
                </h3>
                <p className="pl-4 text-12 text-text-2">{factsOf(step)}</p>
              </div>
              <div className="flex flex-wrap gap-2">
                {mayAdd
                  ? ACTIONS[step.id].map(([what, word], place) => (
                      <Button key={what} size="sm" look={step.state === 'empty' && place === 0 ? 'primary' : 'default'} onPress={() => setAdding(what)}>
                        {o(word)}
                      </Button>
                    ))
                  : null}
                {step.id === 'access' && mayGive ? (
                  <Link to="/households/$id/access" params={{ id: household.id }} className="inline-flex h-7 items-center font-medium text-accent hover:underline">
                    {o('openAccess')}
                  </Link>
                ) : null}
              </div>
            </div>
            <Gaps gaps={step.gaps} />
          </li>
        ))}
      </ol>
      <AddDialogs household={household} adding={adding} onClose={() => setAdding(null)} />
    </div>
  )
}

function factsOf(step: Step): string {
  if (step.state === 'hidden') return o('hidden_access')
  if (step.state === 'empty') return o(step.id === 'accounts' ? 'empty_accounts' : 'empty_people')
  if (step.state === 'none') return o(step.id === 'entities' ? 'none_entities' : step.id === 'debts' ? 'none_debts' : 'none_access')
  const facts = o(`facts_${step.id}`, { count: step.count })
  return `${facts}. ${step.state === 'gaps' ? o('missing', { count: step.gaps.length }) : o('complete')}.`
}

/** What is missing, by whom or what it is missing of, with the way to where it is completed. */
function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  const bySubject = new Map<string, { subject: Gap['subject']; codes: Gap['code'][] }>()
  for (const { subject, code } of gaps) {
    const known = bySubject.get(subject?.id ?? '') ?? { subject, codes: [] }
    bySubject.set(subject?.id ?? '', { subject, codes: [...known.codes, code] })
  }
  if (bySubject.size === 0) return null
  return (
    <ul className="pl-4">
      {[...bySubject.values()].map(({ subject, codes }) => (
        <li key={subject?.id ?? ''} className="flex min-h-8 flex-wrap items-baseline justify-between gap-x-4">
          <span className="min-w-0">
            {subject ? <GapLink subject={subject} /> : null}
            <span className="text-text-2">{codes.map((code) => o(`gap_${code}`)).join(' ')}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function GapLink({ subject }: { subject: NonNullable<Gap['subject']> }) {
  const look = 'mr-2 inline-flex min-h-6 items-center font-medium text-accent hover:underline'
  if (subject.kind === 'party') {
    return (
      <Link to="/parties/$id" params={{ id: subject.id }} className={look}>
        {subject.name}
      </Link>
    )
  }
  if (subject.kind === 'account') {
    return (
      <Link to="/accounts/$id/owners" params={{ id: subject.id }} className={look}>
        {subject.name}
      </Link>
    )
  }
  return (
    <Link to="/debts/$id" params={{ id: subject.id }} className={look}>
      {subject.name}
    </Link>
  )
}
