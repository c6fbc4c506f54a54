import { screen, waitFor, within } from '@testing-library/react'
import type { UserEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import {
  CreateAccountDocument,
  CreateHouseholdDocument,
  CreatePartyDocument,
  FamilyAtHandDocument,
  HouseholdDocument,
  HouseholdGrantsDocument,
  HouseholdOnboardingDocument,
  HouseholdSearchDocument,
  PartySearchDocument,
  RegistrationsDocument,
  type CreateAccountMutation,
  type CreatePartyMutation,
  type HouseholdOnboardingQuery,
  type HouseholdQuery,
} from '@/generated/graphql'
import { answer, connection, figure, renderRoom } from '../../tests/rooms'

const ref = (id: string, name: string, kind: 'PERSON' | 'TRUST' | 'COMPANY' = 'PERSON') => ({ __typename: 'PartyRef' as const, id, name, kind })
const ANN = ref('p1', 'Ann Lee')
const TRUST = ref('p2', 'Lee Trust', 'TRUST')

const page = answer(HouseholdDocument, (): HouseholdQuery => ({
  __typename: 'Query',
  household: {
    __typename: 'Household', id: 'h1', externalId: 'H-1', name: 'Lee Family', asOf: '2021-03-31', advisorName: null, accountCount: 0, openItems: 0, openedOn: null,
    cashShare: null, leftOn: null, members: [], version: 1, tags: [], viewerCan: ['EDIT_HOUSEHOLD'], marketValue: figure('0.00'), accruedInterest: figure('0.00'), cash: figure('0.00'), valueHistory: [], accounts: connection('AccountConnection', []),
  } as never,
  workItems: connection('WorkItemConnection', [], { totalCount: 0 }) as never,
  parties: connection('PartyConnection', []) as never,
}))
const onboarding = (over: Partial<NonNullable<HouseholdOnboardingQuery['household']>> = {}, parties: unknown[] = []) =>
  answer(HouseholdOnboardingDocument, () => ({
    __typename: 'Query' as const,
    household: { __typename: 'Household' as const, id: 'h1', asOf: '2021-03-31', name: 'Lee Family', viewerCan: ['EDIT_HOUSEHOLD' as const], members: [], accounts: connection('AccountConnection', []), liabilities: [], ...over },
    parties: connection('PartyConnection', parties) as never,
  }))
const grants = answer(HouseholdGrantsDocument, () => ({ __typename: 'Query' as const, accessGrants: connection('AccessGrantConnection', []) }))
const atHand = answer(FamilyAtHandDocument, () => ({
  __typename: 'Query' as const,
  household: {
    __typename: 'Household' as const, id: 'h1', asOf: '2021-03-31', name: 'Lee Family', accounts: connection('AccountConnection', []),
    members: [
      { __typename: 'HouseholdMember' as const, role: 'HEAD' as const, effectiveFrom: '2015-01-01', effectiveTo: null, party: ANN },
      { __typename: 'HouseholdMember' as const, role: 'ENTITY' as const, effectiveFrom: '2015-01-01', effectiveTo: null, party: TRUST },
    ],
  },
}))
const search = answer(PartySearchDocument, () => ({ __typename: 'Query' as const, search: { __typename: 'SearchResults' as const, groups: [] } }))
const registrations = answer(RegistrationsDocument, () => ({
  __typename: 'Query' as const,
  registrations: [
    {
      __typename: 'Registration' as const, code: 'REVOCABLE_TRUST', meaning: 'revocable (living) trust', equalShares: false, besides: ['GRANTOR' as const],
      roles: [
        { __typename: 'RegistrationRole' as const, role: 'OWNER' as const, least: 1, most: 1, kinds: ['TRUST' as const] },
        { __typename: 'RegistrationRole' as const, role: 'TRUSTEE' as const, least: 1, most: 20, kinds: ['PERSON' as const, 'TRUST' as const, 'COMPANY' as const, 'ESTATE' as const] },
      ],
    },
  ],
}))
const MEMBERS = [
  { __typename: 'HouseholdMember' as const, role: 'HEAD' as const, party: ANN },
  { __typename: 'HouseholdMember' as const, role: 'ENTITY' as const, party: TRUST },
]
const base = [page, onboarding({ members: MEMBERS }), grants, atHand, search, registrations]
const refuse = (problems: { path: string[]; message: string; value: string | null }[]) => ({
  __typename: 'ValidationFailed' as const, code: 'VALIDATION_FAILED' as const, message: 'It does not fit; nothing was written', path: problems[0]?.path ?? null,
  problems: problems.map((problem) => ({ __typename: 'Problem' as const, ...problem })),
})

async function pick(user: UserEvent, box: HTMLElement, name: string): Promise<void> {
  await user.click(box)
  await user.paste(name)
  await user.click(await screen.findByRole('option', { name: new RegExp(name) }))
}

/** A text at once: what is judged is the form, not the keyboard. */
async function fill(user: UserEvent, field: HTMLElement, text: string): Promise<void> {
  await user.clear(field)
  await user.click(field)
  await user.paste(text)
}

describe('a new household', () => {
  it('is refused without a name, names those who are called so already, and goes on to its steps', async () => {
    const made = answer(CreateHouseholdDocument, () => ({
      __typename: 'Mutation' as const,
      createHousehold: { __typename: 'CreateHouseholdSuccess' as const, household: { __typename: 'Household' as const, id: 'h1', asOf: '2021-03-31' } },
    }))
    const known = answer(HouseholdSearchDocument, () => ({
      __typename: 'Query' as const,
      search: { __typename: 'SearchResults' as const, groups: [{ __typename: 'SearchGroup' as const, hits: [{ __typename: 'SearchHit' as const, id: 'h7', title: 'Lee Family (Oregon)', subtitle: null }] }] },
    }))
    const { user, lastAsked, address } = renderRoom('/onboard', { answers: [...base, made, known] })
    await user.click(await screen.findByRole('button', { name: 'Create it and go on' }))
    expect(screen.getByText('A household needs a name.')).toBeVisible()
    await fill(user, screen.getByLabelText('Name of the household'), ' Lee Family ')
    expect(await screen.findByRole('link', { name: 'Lee Family (Oregon)' })).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Create it and go on' }))
    await waitFor(() => expect(address()).toBe('/households/h1/onboarding'))
    expect(lastAsked('CreateHousehold')?.['input']).toMatchObject({ name: 'Lee Family', idempotencyKey: expect.any(String) })
  })

  it('is not made by those who see a part of the firm', async () => {
    renderRoom('/onboard', { answers: base, viewer: { scope: 'LIMITED' } })
    expect(await screen.findByText('You may not make households')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Create it and go on' })).toBeNull()
  })
})

describe('the steps of a family', () => {
  it('say what is there, what is missing and of whom', async () => {
    const node = {
      __typename: 'Party', id: 'p2', asOf: '2021-03-31', name: 'Lee Trust', kind: 'TRUST', kycState: 'VERIFIED', birthDateKnown: false, taxIdLast4: '1234', relationships: [], ownerships: [], contacts: [],
    }
    const members = [{ __typename: 'HouseholdMember' as const, role: 'ENTITY' as const, party: TRUST }]
    renderRoom('/households/h1/onboarding', { answers: [page, onboarding({ members }, [node]), grants] })
    const entities = await screen.findByRole('listitem', { name: 'Trusts, companies and estates' })
    expect(within(entities).getByText('1 entity. 1 thing is missing.')).toBeVisible()
    expect(within(entities).getByText('The trust has no trustee.')).toBeVisible()
    expect(within(entities).getByRole('link', { name: 'Lee Trust' })).toHaveAttribute('href', '/parties/p2')
    expect(within(screen.getByRole('listitem', { name: 'People' })).getByText('Nobody yet. Begin with the head of the household.')).toBeVisible()
    expect(within(screen.getByRole('listitem', { name: 'Who of the family sees it' })).getByText('Nobody outside the firm sees this household.')).toBeVisible()
  })

  it('offer nothing to those who may not change the household', async () => {
    renderRoom('/households/h1/onboarding', { answers: [page, onboarding({ viewerCan: [] }), grants], viewer: { permissions: ['households.read', 'parties.read'] } })
    const people = await screen.findByRole('listitem', { name: 'People' })
    expect(within(people).queryByRole('button')).toBeNull()
    expect(screen.getByText('Administrators give access; they and compliance see who has it.')).toBeVisible()
  })
})

describe('a new person', () => {
  it('is not asked for a jurisdiction, which is of a company, trust or estate', async () => {
    const { user } = renderRoom('/households/h1/onboarding', { answers: base })
    await user.click(await screen.findByRole('button', { name: 'Add a person' }))
    const form = await screen.findByRole('dialog', { name: /Add a person/ })
    expect(within(form).getByLabelText('Given name')).toBeVisible()
    expect(within(form).queryByLabelText('Jurisdiction')).toBeNull()
  })
})

describe('a new company', () => {
  it('is sent with its owners in one go, and each refusal stands beside the row it is about', async () => {
    const refused = answer(CreatePartyDocument, (): CreatePartyMutation => ({
      __typename: 'Mutation',
      createParty: refuse([
        { path: ['input', 'owners', '0', 'share'], message: 'the share is 1.1, expected above 0 and at most 1', value: null },
        { path: ['input', 'formedOn'], message: 'expected a day up to 2021-03-31', value: '2031-01-01' },
      ]),
    }))
    const { user, lastAsked } = renderRoom('/households/h1/onboarding', { answers: [...base, refused] })
    await user.click(await screen.findByRole('button', { name: 'Add a company' }))
    const form = await screen.findByRole('dialog', { name: 'Add a company to Lee Family' })
    await user.click(within(form).getByRole('button', { name: 'Add to the household' }))
    expect(within(form).getByText('Give a name.')).toBeVisible()
    expect(within(form).getByLabelText('Jurisdiction')).toBeVisible()
    await fill(user, within(form).getByLabelText('Name'), 'Lee Mills LLC')
    await user.click(within(form).getByRole('button', { name: 'Add an owner' }))
    await fill(user, within(form).getByLabelText('Share %'), 'most')
    await user.click(within(form).getByRole('button', { name: 'Add to the household' }))
    expect(within(form).getByText('Choose somebody who is on the books.')).toBeVisible()
    expect(within(form).getByText(/^most is no share\./)).toBeVisible()
    expect(lastAsked('CreateParty')).toBeUndefined()

    await pick(user, within(form).getByRole('combobox', { name: 'Who' }), 'Ann Lee')
    await fill(user, within(form).getByLabelText('Share %'), '110')
    await user.click(within(form).getByRole('button', { name: 'Add to the household' }))
    expect(await within(form).findByText('The share is 1.1, expected above 0 and at most 1')).toBeVisible()
    expect(within(form).getByText('31 Jan 2031: expected a day up to 31 Mar 2021'.replace('31 Jan', '1 Jan'))).toBeVisible()
    expect(lastAsked('CreateParty')?.['input']).toMatchObject({
      kind: 'COMPANY',
      name: 'Lee Mills LLC',
      membership: { householdId: 'h1', role: 'ENTITY' },
      owners: [{ ownerId: 'p1', share: '1.1' }],
    })
  })
})

describe('a new account', () => {
  it('says whom its registration needs, has a row for each, and is not sent without them', async () => {
    const made = answer(CreateAccountDocument, (): CreateAccountMutation => ({
      __typename: 'Mutation',
      createAccount: { __typename: 'CreateAccountSuccess', account: { __typename: 'Account', id: 'a9', asOf: '2021-03-31' } },
    }))
    const { user, lastAsked } = renderRoom('/households/h1/onboarding', { answers: [...base, made] })
    await user.click(await screen.findByRole('button', { name: 'Open an account' }))
    const form = await screen.findByRole('dialog', { name: 'Open an account of Lee Family' })
    await user.click(within(form).getByRole('button', { name: 'Open the account' }))
    expect(within(form).getByText('Choose how the account is registered.')).toBeVisible()
    await user.click(within(form).getByRole('button', { name: /Registration$/ }))
    await user.click(await screen.findByRole('option', { name: /Revocable trust/ }))
    expect(within(form).getByText('Needs one as owner (trust), at least one as trustee (anybody). May also have: grantor.')).toBeVisible()
    // The only trust of the household is meant; who its trustee is has to be said.
    const [owner, trustee] = within(form).getAllByRole('combobox', { name: 'Who' })
    expect(owner).toHaveValue('Lee Trust')
    await fill(user, within(form).getByLabelText('Name of the account'), 'Lee Trust Portfolio')
    await user.click(within(form).getByRole('button', { name: 'Open the account' }))
    expect(within(form).getByText('Choose somebody who is on the books.')).toBeVisible()
    expect(lastAsked('CreateAccount')).toBeUndefined()
    await pick(user, trustee as HTMLElement, 'Ann Lee')
    await user.click(within(form).getByRole('button', { name: 'Open the account' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(lastAsked('CreateAccount')?.['input']).toMatchObject({
      name: 'Lee Trust Portfolio',
      accountType: 'REVOCABLE_TRUST',
      currency: 'USD',
      householdIds: ['h1'],
      owners: [
        { partyId: 'p2', role: 'OWNER', share: null },
        { partyId: 'p1', role: 'TRUSTEE', share: null },
      ],
      accountNumber: null,
    })
  })
})
