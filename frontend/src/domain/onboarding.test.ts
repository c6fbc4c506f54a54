import { describe, expect, it } from 'vitest'
import { onboardingSteps, type FamilyState } from './onboarding'

type Party = FamilyState['parties'][number]
type Account = FamilyState['accounts'][number]

const person = (over: Partial<Party> = {}): Party => ({
  id: 'p1', name: 'Ann', kind: 'PERSON', role: 'HEAD', kycState: 'VERIFIED', birthDateKnown: true, taxIdKnown: true, hasContacts: true, has: [], ownedShares: [], ...over,
})
const account = (over: Partial<Account> = {}): Account => ({ id: 'a1', name: 'Joint', type: 'INDIVIDUAL', isClosed: false, owners: 1, beneficiaries: 0, numberKnown: true, ...over })
const family = (over: Partial<FamilyState> = {}): FamilyState => ({ parties: [person()], accounts: [account()], debts: [], grants: 0, ...over })
const states = (of: FamilyState) => Object.fromEntries(onboardingSteps(of).map(({ id, state }) => [id, state]))
const gaps = (of: FamilyState, id: string) => onboardingSteps(of).find((step) => step.id === id)?.gaps.map((gap) => gap.code)

describe('what a family still lacks', () => {
  it('is people and accounts, when nothing is there; entities, debts and access are nobody’s duty', () => {
    expect(states(family({ parties: [], accounts: [] }))).toEqual({ people: 'empty', entities: 'none', accounts: 'empty', debts: 'none', access: 'none' })
  })

  it('is nothing, when everything is there', () => {
    expect(states(family({ grants: 2 }))).toEqual({ people: 'done', entities: 'none', accounts: 'done', debts: 'none', access: 'done' })
  })

  it('tells nobody about access who may not know', () => {
    expect(states(family({ grants: null }))['access']).toBe('hidden')
  })

  it.each([
    [person({ kycState: 'NOT_STARTED' }), ['kycNotStarted']],
    [person({ kycState: 'REJECTED' }), ['kycRejected']],
    [person({ role: 'SPOUSE' }), ['noHead']],
    [person({ birthDateKnown: false, taxIdKnown: false, hasContacts: false }), ['taxId', 'birthDate', 'contacts']],
  ] as const)('names what a person lacks', (one, codes) => {
    expect(gaps(family({ parties: [one] }), 'people')).toEqual(codes)
  })

  it('does not ask a child for contacts', () => {
    expect(gaps(family({ parties: [person(), person({ id: 'p2', role: 'CHILD', hasContacts: false })] }), 'people')).toEqual([])
  })

  it.each([
    [{ kind: 'TRUST' as const, has: [] }, ['noTrustee']],
    [{ kind: 'TRUST' as const, has: ['TRUSTEE'] }, []],
    [{ kind: 'ESTATE' as const, has: [] }, ['noExecutor']],
    [{ kind: 'COMPANY' as const, ownedShares: [] }, ['noOwners']],
    [{ kind: 'COMPANY' as const, ownedShares: ['0.6', '0.3'] }, ['notWhole']],
    [{ kind: 'COMPANY' as const, ownedShares: ['0.6', '0.4'] }, []],
  ])('names what an entity lacks', (over, codes) => {
    expect(gaps(family({ parties: [person(), person({ id: 'e1', role: 'ENTITY', ...over })] }), 'entities')).toEqual(codes)
  })

  it.each([
    [account({ owners: 0 }), ['accountNoOwner']],
    [account({ type: 'ROTH_IRA' }), ['noBeneficiary']],
    [account({ type: 'ROTH_IRA', beneficiaries: 1 }), []],
    [account({ numberKnown: false }), ['noNumber']],
    [account({ isClosed: true, owners: 0 }), []],
  ])('names what an account lacks', (one, codes) => {
    expect(gaps(family({ accounts: [one] }), 'accounts')).toEqual(codes)
  })

  it('names what a debt lacks, with the debt', () => {
    const steps = onboardingSteps(family({ debts: [{ id: 'l1', name: 'Elm Street', owners: 0, hasBalance: false }] }))
    expect(steps.find((step) => step.id === 'debts')?.gaps).toEqual([
      { code: 'debtNoOwner', subject: { kind: 'debt', id: 'l1', name: 'Elm Street' } },
      { code: 'noBalance', subject: { kind: 'debt', id: 'l1', name: 'Elm Street' } },
    ])
  })
})
