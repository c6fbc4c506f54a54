import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  AccessPersonDocument,
  AccessPreviewDocument,
  CreateAccessGrantDocument,
  GrantListDocument,
  GrantSubjectsDocument,
  InviteClientDocument,
  PartyAccessDocument,
  PartyDocument,
  RevokeAccessGrantDocument,
  SharePreviewDocument,
  UserChoicesDocument,
  WhoSeesDocument,
  type AccessPreviewQuery,
  type GrantRowFragment,
  type PartyAccessQuery,
  type WhoSeesQuery,
} from '@/generated/graphql'
import { answer, connection, failing, figure, refusal, renderRoom } from '../../tests/rooms'

const GRANT: GrantRowFragment = {
  __typename: 'AccessGrant',
  id: 'g1',
  relationship: 'SPOUSE',
  permissions: ['read'],
  effectiveFrom: '2021-01-04',
  effectiveTo: null,
  reason: 'Asked for by both',
  createdAt: '2021-01-04T12:00:00Z',
  revokedAt: null,
  viewerCan: ['MANAGE_GRANTS'],
  principal: { __typename: 'ActorRef', kind: 'user', id: 'u3', name: 'Rosa Vasquez' },
  subject: { __typename: 'SubjectRef', id: 'h1', kind: 'household', label: 'Vasquez Family' },
}
const subject = (id: string, kind: string, label: string) => ({ __typename: 'SubjectRef' as const, id, kind, label })
const household = subject('h1', 'household', 'Vasquez Family')
const account = subject('a1', 'account', 'Leo UTMA')

function choices(kind: 'STAFF' | 'CLIENT', scope: 'FIRM' | 'LIMITED', name = 'Rosa Vasquez') {
  return answer(UserChoicesDocument, () => {
    const { totalCount: _totalCount, pageInfo: _pageInfo, ...users } = connection('UserConnection', [{ __typename: 'User' as const, id: 'u3', name, email: 'rosa@family.example', kind, scope }])
    return { __typename: 'Query' as const, users }
  })
}

const grants = answer(GrantListDocument, () => ({ __typename: 'Query' as const, accessGrants: connection('AccessGrantConnection', [GRANT]) }))
const subjects = answer(GrantSubjectsDocument, () => ({
  __typename: 'Query' as const,
  search: {
    __typename: 'SearchResults' as const,
    groups: [{ __typename: 'SearchGroup' as const, kind: 'HOUSEHOLD' as const, hits: [{ __typename: 'SearchHit' as const, id: 'h1', kind: 'HOUSEHOLD' as const, title: 'Vasquez Family', subtitle: null }] }],
  },
}))
const made = answer(CreateAccessGrantDocument, () => ({ __typename: 'Mutation' as const, createAccessGrant: { __typename: 'CreateAccessGrantSuccess' as const, accessGrant: GRANT } }))

const shown = (newAccounts = 3) =>
  answer(SharePreviewDocument, () => ({
    __typename: 'Query' as const,
    sharePreview: {
      __typename: 'SharePreview' as const,
      subject: household,
      counts: [
        { __typename: 'ShownCount' as const, kind: 'account', count: 3, newCount: newAccounts },
        { __typename: 'ShownCount' as const, kind: 'household', count: 1, newCount: newAccounts ? 1 : 0 },
      ],
      subjects: [
        { __typename: 'ShownSubject' as const, isNew: true, endsOn: '2028-08-30', subject: account },
        { __typename: 'ShownSubject' as const, isNew: true, endsOn: null, subject: household },
      ],
    },
  }))

describe('granting access', () => {
  it('says in words what the person will see before it is given, as what and until when', async () => {
    const view = renderRoom('/settings/grants', { answers: [grants, choices('CLIENT', 'LIMITED'), subjects, shown(), made] })
    await view.user.click(await screen.findByRole('button', { name: 'Grant access' }))
    const dialog = await screen.findByRole('dialog', { name: 'Grant access' })
    await view.user.click(within(dialog).getByRole('button', { name: 'Grant it' }))
    expect(await within(dialog).findByText('Say why.')).toBeVisible()
    expect(within(dialog).getByText('Left empty, until the grant is revoked.')).toBeVisible()
    expect(within(dialog).getAllByText('Choose one.').length).toBeGreaterThan(2)
    await view.user.type(within(dialog).getByRole('combobox', { name: 'Who' }), 'ros')
    await view.user.click(await screen.findByRole('option', { name: /Rosa Vasquez/ }))
    await view.user.type(within(dialog).getByRole('combobox', { name: 'Household, person or account' }), 'vas')
    await view.user.click(await screen.findByRole('option', { name: /Vasquez Family/ }))
    // A client changes nothing: there is no question about it.
    expect(within(dialog).queryByText('See and change it')).toBeNull()
    await view.user.click(within(dialog).getByRole('button', { name: /As what/ }))
    await view.user.click(await screen.findByRole('option', { name: 'Guardian' }))
    const told = await within(dialog).findByRole('region', { name: 'What Rosa Vasquez will see' })
    expect(await within(told).findByText('3 accounts')).toBeVisible()
    expect(within(told).getByText(/Leo UTMA, and 2 more/)).toBeVisible()
    expect(within(told).getByText('Leo UTMA goes by itself on 30 Aug 2028, when the custodianship ends.')).toBeVisible()
    expect(within(told).getByText('Not: what its members have outside of this household.')).toBeVisible()
    expect(within(told).getByText('From 31 Mar 2021 on, until the grant is revoked.')).toBeVisible()
    expect(view.lastAsked('SharePreview')).toEqual({ subjectId: 'h1', principalId: 'u3', relationship: 'GUARDIAN' })
    await view.user.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'Court order')
    await view.user.click(within(dialog).getByRole('button', { name: 'Grant it' }))
    expect(await screen.findByText('Rosa Vasquez now sees Vasquez Family.')).toBeVisible()
    expect(view.lastAsked('CreateAccessGrant')).toEqual({
      input: { principalId: 'u3', subjectId: 'h1', relationship: 'GUARDIAN', permissions: ['read'], effectiveFrom: '2021-03-31', effectiveTo: null, reason: 'Court order', idempotencyKey: expect.any(String) },
    })
  })

  it('says that all of it is seen already', async () => {
    const view = renderRoom('/settings/grants', { answers: [grants, choices('STAFF', 'LIMITED', 'Lucie Moreau'), subjects, shown(0)] })
    await view.user.click(await screen.findByRole('button', { name: 'Grant access' }))
    const dialog = await screen.findByRole('dialog', { name: 'Grant access' })
    await view.user.type(within(dialog).getByRole('combobox', { name: 'Who' }), 'luc')
    await view.user.click(await screen.findByRole('option', { name: /Lucie Moreau/ }))
    await view.user.type(within(dialog).getByRole('combobox', { name: 'Household, person or account' }), 'vas')
    await view.user.click(await screen.findByRole('option', { name: /Vasquez Family/ }))
    // Staff are staff unless said otherwise, and may be let change things.
    expect(within(dialog).getByText('See and change it')).toBeVisible()
    expect(await within(dialog).findByText('All of this is seen already, through other grants.')).toBeVisible()
    expect(within(dialog).queryByText(/^Not:/)).toBeNull()
  })

  it('refuses who sees the whole firm anyway, without asking the server', async () => {
    const view = renderRoom('/settings/grants', { answers: [grants, choices('STAFF', 'FIRM', 'Marcus Reed')] })
    await view.user.click(await screen.findByRole('button', { name: 'Grant access' }))
    const dialog = await screen.findByRole('dialog', { name: 'Grant access' })
    await view.user.type(within(dialog).getByRole('combobox', { name: 'Who' }), 'mar')
    await view.user.click(await screen.findByRole('option', { name: /Marcus Reed/ }))
    expect(await within(dialog).findByText('Marcus Reed sees the whole firm already: a grant would add nothing.')).toBeVisible()
    await view.user.click(within(dialog).getByRole('button', { name: 'Grant it' }))
    expect(view.asked.some(({ name }) => name === 'CreateAccessGrant')).toBe(false)
  })
})

const path = (over: Partial<AccessPreviewQuery['accessPreview']['subjects'][number]> = {}): AccessPreviewQuery['accessPreview']['subjects'][number] => ({
  __typename: 'AccessPath',
  mayWrite: false,
  expiresAt: null,
  subject: household,
  via: [{ __typename: 'AccessStep', kind: 'GRANTED', role: null, subject: household }],
  grant: GRANT,
  ...over,
})

function preview(subjectsSeen: AccessPreviewQuery['accessPreview']['subjects'], kind: 'STAFF' | 'CLIENT' = 'CLIENT', scope: 'FIRM' | 'LIMITED' = 'LIMITED') {
  return [
    answer(AccessPersonDocument, () => ({
      __typename: 'Query' as const,
      user: { __typename: 'User' as const, id: 'u3', name: 'Rosa Vasquez', email: 'rosa@family.example', kind, scope, status: 'ACTIVE' as const },
      accessPreview: { __typename: 'AccessPreview' as const, subjectCount: subjectsSeen.length },
    })),
    answer(AccessPreviewDocument, () => ({
      __typename: 'Query' as const,
      accessPreview: { __typename: 'AccessPreview' as const, pageInfo: { __typename: 'PageInfo' as const, hasNextPage: false, endCursor: null }, subjects: subjectsSeen },
    })),
  ]
}

describe('what somebody sees, and why', () => {
  it('gives the way to each thing, may change or not, until when, and takes a grant back', async () => {
    const owner = { __typename: 'AccessStep' as const, kind: 'OWNER' as const, role: 'TRUSTEE', subject: account }
    const trust = { __typename: 'AccessStep' as const, kind: 'ENTITY' as const, role: null, subject: subject('p7', 'party', 'Vasquez Trust') }
    const revoked = answer(RevokeAccessGrantDocument, () => ({ __typename: 'Mutation' as const, revokeAccessGrant: { __typename: 'RevokeAccessGrantSuccess' as const, accessGrant: GRANT } }))
    const view = renderRoom('/settings/access/u3', {
      answers: [...preview([path(), path({ subject: account, via: [{ __typename: 'AccessStep', kind: 'GRANTED', role: null, subject: subject('p3', 'party', 'Rosa Vasquez') }, trust, owner], expiresAt: '2021-06-01T04:00:00Z' })]), revoked],
    })
    expect(await screen.findByRole('heading', { level: 1, name: 'What Rosa Vasquez sees, and why' })).toBeVisible()
    const grid = await screen.findByRole('grid', { name: 'What Rosa Vasquez sees' })
    expect(within(grid).getByText('Granted itself (as spouse)')).toBeVisible()
    expect(within(grid).getByText('Rosa Vasquez › Vasquez Trust (owned wholly) › account as trustee (as spouse)')).toBeVisible()
    expect(within(grid).getByText('1 Jun 2021, 00:00')).toBeVisible()
    expect(within(grid).getByRole('link', { name: 'Leo UTMA' })).toHaveAttribute('href', '/accounts/a1')
    await view.user.click(within(grid).getAllByRole('button', { name: 'Revoke: Rosa Vasquez, Vasquez Family' })[0] as HTMLElement)
    const dialog = await screen.findByRole('alertdialog', { name: 'Revoke the grant' }).catch(() => screen.findByRole('dialog', { name: 'Revoke the grant' }))
    await view.user.click(within(dialog).getByRole('button', { name: 'Revoke' }))
    expect(await within(dialog).findByText('Say why.')).toBeVisible()
    await view.user.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'Separated')
    await view.user.click(within(dialog).getByRole('button', { name: 'Revoke' }))
    expect(await screen.findByText('The grant is revoked.')).toBeVisible()
    expect(view.lastAsked('RevokeAccessGrant')).toEqual({ input: { accessGrantId: 'g1', reason: 'Separated' } })
    await waitFor(() => expect(view.asked.filter(({ name }) => name === 'AccessPreview').length).toBeGreaterThan(1))
  })

  it('says that firm-wide staff need no grant, and that a person without grants sees nothing', async () => {
    const first = renderRoom('/settings/access/u3', { answers: preview([], 'STAFF', 'FIRM') })
    expect(await screen.findByText('Rosa Vasquez sees the whole firm by role')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Grant access' })).toBeNull()
    first.unmount()
    renderRoom('/settings/access/u3', { answers: preview([]) })
    expect(await screen.findByText('Sees nothing yet')).toBeVisible()
  })

  it('is not for who may not read grants', async () => {
    const view = renderRoom('/settings/access/u3', { answers: [], viewer: { permissions: ['firm.read'] } })
    expect(await screen.findByText('You may not see this')).toBeVisible()
    expect(view.asked.some(({ name }) => name === 'AccessPerson')).toBe(false)
  })
})

type Viewer = WhoSeesQuery['whoSees']['people'][number]
const part = (of: ReturnType<typeof subject>) => ({ __typename: 'SeenPart' as const, mayWrite: false, expiresAt: null, subject: of })
const viewer = (over: Partial<Viewer> = {}): Viewer => ({
  __typename: 'SubjectViewer',
  seesAll: true,
  mayWrite: false,
  expiresAt: null,
  partCount: 4,
  person: { __typename: 'User', id: 'u3', name: 'Rosa Vasquez', email: 'rosa@family.example', kind: 'CLIENT', status: 'ACTIVE' },
  parts: [part(household), part(account)],
  grants: [GRANT],
  ...over,
})
const whoSees = (...people: Viewer[]) =>
  answer(WhoSeesDocument, () => ({
    __typename: 'Query' as const,
    whoSees: { __typename: 'SubjectViewers' as const, partCount: 4, firmWideCount: 6, pageInfo: { __typename: 'PageInfo' as const, hasNextPage: false, endCursor: null }, people },
  }))

const partyPage = answer(PartyDocument, () => ({
  __typename: 'Query' as const,
  party: {
    __typename: 'Party' as const,
    id: 'p1',
    externalId: 'C-1',
    givenName: 'Eleanor',
    familyName: 'Whitfield',
    kind: 'PERSON' as const,
    status: 'ACTIVE' as const,
    name: 'Eleanor Whitfield',
    birthDateKnown: false,
    taxIdLast4: null,
    taxIdType: null,
    citizenship: null,
    residence: null,
    jurisdiction: null,
    formedOn: null,
    endedOn: null,
    kycState: 'VERIFIED' as const,
    kycVerifiedOn: null,
    kycRefreshDue: null,
    riskProfile: null,
    riskAssessedOn: null,
    asOf: '2021-03-31',
    version: 1,
    tags: [],
    viewerCan: [],
    contacts: [],
    relationships: [],
    ownerships: [],
    holdings: [],
    households: [],
    netWorth: figure('1.00'),
    liabilities: [],
    accounts: connection('AccountConnection', []),
  },
}))

type PartyUsers = NonNullable<PartyAccessQuery['party']>['users']
const partyAccess = (users: PartyUsers = []) =>
  answer(PartyAccessDocument, () => ({
    __typename: 'Query' as const,
    party: {
      __typename: 'Party' as const,
      id: 'p1',
      asOf: '2021-03-31',
      kind: 'PERSON' as const,
      status: 'ACTIVE' as const,
      name: 'Eleanor Whitfield',
      contacts: [
        { __typename: 'PartyContact' as const, kind: 'EMAIL' as const, value: 'other@family.example', isPrimary: false },
        { __typename: 'PartyContact' as const, kind: 'EMAIL' as const, value: 'eleanor@family.example', isPrimary: true },
      ],
      users,
    },
  }))

describe('who sees this', () => {
  it('names each person with what they see of it, as what, why and until when', async () => {
    const someOf = viewer({ seesAll: false, partCount: 3, parts: [part(account)], expiresAt: '2021-04-30T04:00:00Z', person: { ...viewer().person, id: 'u4', name: 'Abe Stone', status: 'INVITED' } })
    const view = renderRoom('/parties/p1', { answers: [partyPage, whoSees(viewer(), someOf)] })
    const list = await screen.findByRole('list', { name: 'People who see Eleanor Whitfield' })
    const [rosa, abe] = [...list.children] as HTMLElement[]
    expect(within(rosa as HTMLElement).getByText('All of it')).toBeVisible()
    expect(within(rosa as HTMLElement).getByText('Granted Vasquez Family, as spouse')).toBeVisible()
    expect(within(rosa as HTMLElement).getByText('Asked for by both')).toBeVisible()
    expect(within(abe as HTMLElement).getByText('3 of 4')).toBeVisible()
    expect(within(abe as HTMLElement).getByText('Leo UTMA, and 2 more')).toBeVisible()
    expect(within(abe as HTMLElement).getByText(/Until: 30 Apr 2021, 00:00/)).toBeVisible()
    expect(within(abe as HTMLElement).getByText(/Invited, not joined yet/)).toBeVisible()
    expect(within(abe as HTMLElement).getByRole('link', { name: 'What Abe Stone sees' })).toHaveAttribute('href', '/settings/access/u4')
    expect(screen.getByText('6 members of staff see it by role, without a grant.')).toBeVisible()
    expect(view.lastAsked('WhoSees')).toEqual({ subjectId: 'p1', first: 50, after: null })
  })

  it('shows more beside those who are shown', async () => {
    const abe = viewer({ person: { ...viewer().person, id: 'u4', name: 'Abe Stone' } })
    const inPages = answer(WhoSeesDocument, ({ first }) => ({
      __typename: 'Query' as const,
      whoSees: {
        __typename: 'SubjectViewers' as const, partCount: 4, firmWideCount: 6, people: first === 50 ? [viewer()] : [viewer(), abe],
        pageInfo: { __typename: 'PageInfo' as const, hasNextPage: first === 50, endCursor: 'c1' },
      },
    }))
    const view = renderRoom('/parties/p1', { answers: [partyPage, inPages] })
    await view.user.click(await screen.findByRole('button', { name: 'Show more' }))
    expect(await screen.findByText('Abe Stone')).toBeVisible()
    expect(screen.getByText('Rosa Vasquez')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
  })

  it('is empty with a next step, and absent for who may not read grants', async () => {
    const first = renderRoom('/parties/p1', { answers: [partyPage, whoSees()] })
    expect(await screen.findByText('Nobody beyond the firm sees this yet')).toBeVisible()
    await first.user.click(screen.getByRole('button', { name: 'Share…' }))
    expect(await screen.findByRole('dialog', { name: 'Share Eleanor Whitfield' })).toBeVisible()
    first.unmount()
    const second = renderRoom('/parties/p1', { answers: [partyPage], viewer: { permissions: ['parties.read', 'households.read'] } })
    expect(await screen.findByRole('heading', { level: 1, name: 'Eleanor Whitfield' })).toBeVisible()
    expect(second.asked.some(({ name }) => name === 'WhoSees' || name === 'PartyAccess')).toBe(false)
  })

  it('says what went wrong', async () => {
    renderRoom('/parties/p1', { answers: [partyPage, failing(WhoSeesDocument, refusal('INTERNAL', 'The list broke', 'req-9'))] })
    expect(await screen.findByText('Request req-9')).toBeVisible()
  })
})

describe('portal access of a person', () => {
  it('is opened by an invitation to their address, and what they see is asked next', async () => {
    const invited = answer(InviteClientDocument, () => ({
      __typename: 'Mutation' as const,
      inviteUser: { __typename: 'InviteUserSuccess' as const, user: { __typename: 'User' as const, id: 'u8', name: 'Eleanor Whitfield', email: 'eleanor@family.example', kind: 'CLIENT' as const, scope: 'LIMITED' as const } },
    }))
    const view = renderRoom('/parties/p1', { answers: [partyPage, partyAccess(), invited, shown()] })
    await view.user.click(await screen.findByRole('button', { name: 'Invite to the portal' }))
    const dialog = await screen.findByRole('dialog', { name: 'Invite Eleanor Whitfield to the portal' })
    expect(within(dialog).getByRole('textbox', { name: 'E-mail address' })).toHaveValue('eleanor@family.example')
    await view.user.click(within(dialog).getByRole('button', { name: 'Send the invitation' }))
    expect(await screen.findByText('The invitation to eleanor@family.example is on its way.')).toBeVisible()
    expect(view.lastAsked('InviteClient')).toEqual({ input: { name: 'Eleanor Whitfield', email: 'eleanor@family.example', roles: ['CLIENT'], partyId: 'p1' } })
    const grant = await screen.findByRole('dialog', { name: 'Grant access' })
    expect(within(grant).getByRole('combobox', { name: 'Who' })).toHaveValue('Eleanor Whitfield')
    expect(within(grant).getByRole('button', { name: /As what/ })).toHaveTextContent('Themselves')
    await waitFor(() => expect(view.lastAsked('SharePreview')).toEqual({ subjectId: 'p1', principalId: 'u8', relationship: 'SELF' }))
  })

  it('of one who signs in already is not offered again, and leads to what they see', async () => {
    renderRoom('/parties/p1', {
      answers: [partyPage, partyAccess([{ __typename: 'User', id: 'u8', name: 'Eleanor Whitfield', email: 'eleanor@family.example', status: 'ACTIVE', roles: ['CLIENT'], lastSignInAt: null, viewerCan: [] }])],
    })
    expect(await screen.findByRole('link', { name: 'What Eleanor Whitfield sees' })).toHaveAttribute('href', '/settings/access/u8')
    expect(screen.queryByRole('button', { name: 'Invite to the portal' })).toBeNull()
  })
})
