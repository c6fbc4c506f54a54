import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  AuditChainDocument,
  AuditLogDocument,
  ChangeUserRolesDocument,
  DeactivateUserDocument,
  FirmSettingsDocument,
  GrantListDocument,
  InviteUserDocument,
  MySecurityDocument,
  MySessionsDocument,
  RevokeOtherSessionsDocument,
  ResetAuthenticatorDocument,
  RevokeSessionDocument,
  UserDetailDocument,
  UserListDocument,
  type AuditChainQuery,
  type AuditLogQuery,
  type ChangeUserRolesMutation,
  type GrantRowFragment,
  type InviteUserMutation,
  type SessionRowFragment,
  type UserRowFragment,
} from '@/generated/graphql'
import { answer, connection, refusal, failing, renderRoom } from '../../../tests/rooms'

function user(over: Partial<UserRowFragment> = {}): UserRowFragment {
  return {
    __typename: 'User',
    id: 'u1',
    name: 'Theo Grant',
    email: 'theo@summit.example',
    kind: 'STAFF',
    status: 'ACTIVE',
    roles: ['TRADER'],
    scope: 'FIRM',
    mfaEnrolled: true,
    lastSignInAt: null,
    lockedUntil: null,
    invitedAt: null,
    version: 2,
    viewerCan: ['CHANGE_ROLES', 'DEACTIVATE_USER'],
    ...over,
  }
}

function session(over: Partial<SessionRowFragment> = {}): SessionRowFragment {
  return {
    __typename: 'Session',
    id: 's1',
    createdAt: '2021-03-31T14:00:00Z',
    lastSeenAt: '2021-03-31T19:58:00Z',
    expiresAt: '2021-04-14T14:00:00Z',
    ipAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15',
    current: false,
    viewerCan: ['REVOKE_SESSION'],
    ...over,
  }
}

const people = (...rows: UserRowFragment[]) => answer(UserListDocument, () => ({ __typename: 'Query' as const, users: connection('UserConnection', rows) }))
const person = (row: UserRowFragment, sessions: SessionRowFragment[] = []) => answer(UserDetailDocument, () => ({ __typename: 'Query' as const, user: { ...row, sessions } }))

describe('users and roles', () => {
  it('lists people with their state: locked before active, no second factor in words', async () => {
    const { lastAsked } = renderRoom('/settings/users?role=trader&status=active', { answers: [people(user({ lockedUntil: '2021-03-31T21:00:00Z', mfaEnrolled: false }), user({ id: 'u2', name: 'Ruth Hale', status: 'INVITED' }))] })
    const grid = await screen.findByRole('grid', { name: 'People of the firm' })
    expect(within(grid).getByText('Locked until 31 Mar 2021, 17:00')).toBeVisible()
    expect(within(grid).getByText('No second factor')).toBeVisible()
    expect(within(grid).getByText('Invited')).toBeVisible()
    expect(lastAsked('UserList')).toMatchObject({ filter: { role: 'TRADER', status: ['ACTIVE'], nameContains: null, kind: null } })
  })

  it('opens a person beside the list and ends one of their sessions', async () => {
    const revoked = answer(RevokeSessionDocument, ({ input }) => ({ __typename: 'Mutation' as const, revokeSession: { __typename: 'RevokeSessionSuccess' as const, sessionId: input.sessionId } }))
    const view = renderRoom('/settings/users', { answers: [people(user()), person(user(), [session()]), revoked] })
    await view.user.click(await screen.findByText('Theo Grant'))
    const panel = await screen.findByRole('complementary', { name: 'Theo Grant' })
    expect(view.address()).toBe('/settings/users?user=u1')
    expect(await within(panel).findByText('Safari on macOS')).toBeVisible()
    await view.user.click(within(panel).getByRole('button', { name: 'End the session of Safari on macOS' }))
    expect(await screen.findByText('The session is ended.')).toBeVisible()
    expect(view.lastAsked('RevokeSession')).toEqual({ input: { sessionId: 's1' } })
  })

  it('sends a role change for approval after the person has confirmed, and never shows it as done', async () => {
    let confirmed = false
    const reply = (): ChangeUserRolesMutation => ({
      __typename: 'Mutation',
      changeUserRoles: confirmed
        ? { __typename: 'ApprovalRequested', approval: { __typename: 'Approval', id: 'ap1', title: 'Change of roles', state: 'PENDING', expiresAt: '2021-04-07T20:00:00Z' } }
        : { __typename: 'StepUpRequired', code: 'STEP_UP_REQUIRED', message: 'Confirm that it is you.', path: null },
    })
    const sentences: string[] = []
    const view = renderRoom('/settings/users?user=u1', {
      answers: [people(user()), person(user()), answer(ChangeUserRolesDocument, reply)],
      stepUp: async (sentence) => {
        sentences.push(sentence)
        confirmed = true
        return true
      },
    })
    await view.user.click(await screen.findByRole('button', { name: 'Change roles' }))
    await view.user.click(await screen.findByRole('button', { name: 'Send for approval' }))
    expect(await screen.findByText('These are the roles Theo Grant already has.')).toBeVisible()
    expect(screen.getByText('Say why.')).toBeVisible()
    await view.user.click(screen.getByRole('checkbox', { name: /^Operations/ }))
    await view.user.type(screen.getByRole('textbox', { name: 'Reason' }), 'Covers for Marcus')
    await view.user.click(screen.getByRole('button', { name: 'Send for approval' }))
    expect(await screen.findByText(/keeps the present roles until a second person approves/)).toBeVisible()
    expect(screen.getByRole('link', { name: 'Open the approval' })).toHaveAttribute('href', '/approvals/ap1')
    expect(sentences).toEqual(['You ask for Theo Grant to have these roles: Trader, Operations.'])
    expect(view.lastAsked('ChangeUserRoles')).toEqual({ input: { userId: 'u1', roles: ['TRADER', 'OPERATIONS'], expectedVersion: 2, reason: 'Covers for Marcus' } })
  })

  it('asks a second person for the reset of a lost authenticator, where the viewer may', async () => {
    const reply = answer(ResetAuthenticatorDocument, () => ({
      __typename: 'Mutation' as const,
      resetAuthenticator: {
        __typename: 'ApprovalRequested' as const,
        approval: { __typename: 'Approval' as const, id: 'ap2', title: 'Reset of an authenticator', state: 'PENDING' as const, expiresAt: '2021-04-07T20:00:00Z' },
      },
    }))
    const lost = user({ viewerCan: ['RESET_AUTHENTICATOR'] })
    const view = renderRoom('/settings/users?user=u1', { answers: [people(lost), person(lost), reply] })
    await view.user.click(await screen.findByRole('button', { name: 'Reset authenticator' }))
    const dialog = await screen.findByRole('dialog', { name: 'Reset the authenticator of Theo Grant' })
    expect(within(dialog).getByText(/theo@summit.example receives a link to begin anew/)).toBeVisible()
    await view.user.click(within(dialog).getByRole('button', { name: 'Send for approval' }))
    expect(await within(dialog).findByText('Say why.')).toBeVisible()
    expect(view.asked.some(({ name }) => name === 'ResetAuthenticator')).toBe(false)
    await view.user.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'Phone lost on the train')
    await view.user.click(within(dialog).getByRole('button', { name: 'Send for approval' }))
    expect(await screen.findByText(/keeps the present authenticator until a second person approves/)).toBeVisible()
    expect(screen.getByRole('link', { name: 'Open the approval' })).toHaveAttribute('href', '/approvals/ap2')
    expect(view.lastAsked('ResetAuthenticator')).toEqual({ input: { userId: 'u1', expectedVersion: 2, reason: 'Phone lost on the train' } })
    expect(screen.queryByRole('button', { name: 'Deactivate' })).toBeNull()
  })

  it('deactivates only after the name was typed', async () => {
    const done = answer(DeactivateUserDocument, () => ({ __typename: 'Mutation' as const, deactivateUser: { __typename: 'DeactivateUserSuccess' as const, user: user({ status: 'DEACTIVATED', viewerCan: [] }) } }))
    const view = renderRoom('/settings/users?user=u1', { answers: [people(user()), person(user()), done] })
    await view.user.click(await screen.findByRole('button', { name: 'Deactivate' }))
    const dialog = await screen.findByRole('alertdialog', { name: 'Deactivate Theo Grant' })
    await view.user.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'Has left')
    await view.user.type(within(dialog).getByRole('textbox', { name: 'Type the name to confirm' }), 'theo')
    await view.user.click(within(dialog).getByRole('button', { name: 'Deactivate' }))
    expect(await within(dialog).findByText('Expected “Theo Grant”.')).toBeVisible()
    expect(view.asked.some(({ name }) => name === 'DeactivateUser')).toBe(false)
    await view.user.clear(within(dialog).getByRole('textbox', { name: 'Type the name to confirm' }))
    await view.user.type(within(dialog).getByRole('textbox', { name: 'Type the name to confirm' }), 'Theo Grant')
    await view.user.click(within(dialog).getByRole('button', { name: 'Deactivate' }))
    expect(await screen.findByText('Theo Grant can no longer sign in.')).toBeVisible()
  })

  it('offers no invitation to those who see a part of the firm', async () => {
    renderRoom('/settings/users', { viewer: { scope: 'LIMITED' }, answers: [people(user())] })
    expect(await screen.findByText('Theo Grant')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Invite somebody' })).toBeNull()
  })

  it('lets an advisor invite clients only, and shows the server’s problem at its field', async () => {
    const refused: InviteUserMutation = {
      __typename: 'Mutation',
      inviteUser: {
        __typename: 'ValidationFailed',
        code: 'VALIDATION_FAILED',
        message: 'The invitation was not sent.',
        path: ['input'],
        problems: [{ __typename: 'Problem', path: ['input', 'email'], message: 'Somebody with this address is already here.', value: 'a@b.example' }],
      },
    }
    const view = renderRoom('/settings/users', { viewer: { roles: ['ADVISOR'] }, answers: [people(user()), answer(InviteUserDocument, () => refused)] })
    await view.user.click(await screen.findByRole('button', { name: 'Invite somebody' }))
    const dialog = await screen.findByRole('dialog', { name: 'Invite somebody' })
    expect(within(dialog).getAllByRole('checkbox').map((each) => each.closest('label')?.textContent)).toEqual(['ClientSees what is theirs', 'GuardianSees what is their ward’s'])
    await view.user.click(within(dialog).getByRole('button', { name: 'Send the invitation' }))
    expect(await within(dialog).findByText('Choose at least one role.')).toBeVisible()
    await view.user.type(within(dialog).getByRole('textbox', { name: 'Name' }), 'Ann')
    await view.user.type(within(dialog).getByRole('textbox', { name: 'E-mail address' }), 'a@b.example')
    await view.user.click(within(dialog).getByRole('checkbox', { name: /^Client/ }))
    await view.user.click(within(dialog).getByRole('button', { name: 'Send the invitation' }))
    expect(await within(dialog).findByText('The invitation was not sent.')).toBeVisible()
    expect(within(dialog).getByRole('textbox', { name: 'E-mail address' })).toHaveAccessibleDescription(/already here/)
    expect(view.lastAsked('InviteUser')).toEqual({ input: { name: 'Ann', email: 'a@b.example', roles: ['CLIENT'], scope: null } })
  })

  it('offers no action the server does not grant', async () => {
    renderRoom('/settings/users?user=u1', { viewer: { permissions: ['users.read'] }, answers: [people(user({ viewerCan: [] })), person(user({ viewerCan: [] }))] })
    await screen.findByRole('complementary', { name: 'Theo Grant' })
    for (const name of ['Invite somebody', 'Change roles', 'Deactivate']) expect(screen.queryByRole('button', { name })).toBeNull()
  })
})

describe('my sessions', () => {
  it('names this one and ends all others', async () => {
    const sessions = answer(MySessionsDocument, () => ({
      __typename: 'Query' as const,
      viewer: { __typename: 'Viewer' as const, id: 'user-anna', currentSessionId: 's0', sessions: [session({ id: 's0', current: true, viewerCan: [] }), session()] },
    }))
    const ended = answer(RevokeOtherSessionsDocument, () => ({ __typename: 'Mutation' as const, revokeOtherSessions: { __typename: 'RevokeOtherSessionsSuccess' as const, revokedCount: 1 } }))
    const view = renderRoom('/settings/sessions', { answers: [sessions, ended] })
    const list = await screen.findByRole('list', { name: 'My sessions' })
    expect(within(list).getByText('This session')).toBeVisible()
    expect(within(list).getAllByRole('button')).toHaveLength(1)
    await view.user.click(screen.getByRole('button', { name: 'End all other sessions' }))
    expect(await screen.findByText('One other session is ended.')).toBeVisible()
  })
})

describe('sign-in and security', () => {
  it('warns when few recovery codes are left and says how long the confirmation lasts', async () => {
    const security = answer(MySecurityDocument, () => ({
      __typename: 'Query' as const,
      viewer: { __typename: 'Viewer' as const, id: 'user-anna', steppedUpUntil: '2021-03-31T20:10:00Z', mfaEnrolled: true, recoveryCodesLeft: 2 },
    }))
    renderRoom('/settings/profile', { answers: [security] })
    expect(await screen.findByText('2 recovery codes are left')).toBeVisible()
    expect(screen.getByText(/A reset of your second factor by a firm admin brings ten new ones/)).toBeVisible()
    expect(screen.getByText('Confirmed until 31 Mar 2021, 16:10')).toBeVisible()
  })
})

describe('the firm', () => {
  it('says the tier and how much of each limit is used', async () => {
    const firm = answer(FirmSettingsDocument, () => ({
      __typename: 'Query' as const,
      firm: {
        __typename: 'Firm' as const,
        id: 'f1',
        slug: 'summit',
        name: 'Summit Ridge Advisors',
        currency: 'USD',
        timeZone: 'America/Denver',
        locale: 'en-US',
        tier: 'professional',
        features: ['book'],
        businessDate: '2021-03-31',
        clock: 'DEMO' as const,
        bookVersion: '12',
        householdCount: 40,
        accountCount: 100,
        limits: [
          { __typename: 'FirmLimit' as const, name: 'accounts_max', limit: '20000', used: '100' },
          { __typename: 'FirmLimit' as const, name: 'upload_bytes_max', limit: '200000000', used: null },
        ],
      },
    }))
    renderRoom('/settings/firm', { answers: [firm] })
    expect(await screen.findByText('Professional')).toBeVisible()
    expect(screen.getByText('Stands still: demo books')).toBeVisible()
    expect(screen.getByText('20,000')).toBeVisible()
    expect(screen.queryByText(/Not counted/)).toBeNull()
  })
})

const CHAIN: AuditChainQuery['auditChain'] = {
  __typename: 'AuditChainStatus',
  verified: true,
  sealedCount: '22',
  unsealedCount: 1,
  oldestUnsealedAgeSeconds: 3,
  headHash: '66ea1b3d0e00ff7a',
  headSeq: '22',
  verifiedAt: '2021-03-31T20:00:00Z',
  brokenAtSeq: null,
  message: 'All 22 sealed events are unchanged and in order.',
}
const chain = (over: Partial<AuditChainQuery['auditChain']> = {}) => answer(AuditChainDocument, () => ({ __typename: 'Query' as const, auditChain: { ...CHAIN, ...over } }))

const EVENT: AuditLogQuery['auditEvents']['edges'][number]['node'] = {
  __typename: 'AuditEvent',
  id: 'e1',
  occurredAt: '2021-03-31T18:00:00Z',
  action: 'identity.roles.changed',
  summary: 'Roles changed from Trader to Operations',
  details: { roles: ['TRADER', 'OPERATIONS'] },
  ipAddress: '203.0.113.7',
  userAgent: 'curl',
  requestId: 'req-1',
  contentHash: 'abc',
  sealed: false,
  chainSeq: null,
  chainHash: null,
  actor: { __typename: 'ActorRef', kind: 'user', id: 'u9', name: 'Joan Feld' },
  subject: { __typename: 'SubjectRef', id: 'u1', kind: 'user', label: 'Theo Grant' },
}
const events = (rows: AuditLogQuery['auditEvents']['edges'][number]['node'][]) =>
  answer(AuditLogDocument, () => {
    const { totalCount: _totalCount, ...auditEvents } = connection('AuditEventConnection', rows)
    return { __typename: 'Query' as const, auditEvents }
  })

describe('the audit log', () => {
  it('says whether the chain holds, up to where, and what is not sealed', async () => {
    renderRoom('/settings/audit', { answers: [chain(), events([EVENT])] })
    const block = await screen.findByRole('region', { name: 'The chain' })
    expect(await within(block).findByText('Chain verified')).toBeVisible()
    expect(within(block).getByText(/1 waiting to be sealed, the oldest for 3 seconds/)).toBeVisible()
    expect(within(block).getByText('66ea1b3d0e00ff7a')).toBeVisible()
    expect(await screen.findByText('Not sealed yet')).toBeVisible()
  })

  it('names the broken link', async () => {
    renderRoom('/settings/audit', { answers: [chain({ verified: false, brokenAtSeq: '17', message: 'Link 17 does not match.' }), events([])] })
    expect(await screen.findByText('Chain broken at 17')).toBeVisible()
    expect(await screen.findByText('Nothing has been recorded yet')).toBeVisible()
  })

  it('opens an event in full and filters by what it shows, in the firm’s own days', async () => {
    const view = renderRoom('/settings/audit?from=2021-03-31&to=2021-03-31', { answers: [chain(), events([EVENT])] })
    await view.user.click(await screen.findByRole('img', { name: 'Show details of Roles changed from Trader to Operations' }))
    const details = await screen.findByRole('region', { name: 'Details' })
    expect(details.textContent).toBe('{\n  "roles": [\n    "TRADER",\n    "OPERATIONS"\n  ]\n}')
    expect(view.lastAsked('AuditLog')?.['filter']).toEqual({ actions: null, actorId: null, subjectId: null, from: '2021-03-31T04:00:00.000Z', to: '2021-04-01T04:00:00.000Z' })
    await view.user.click(screen.getByRole('button', { name: 'Only this person' }))
    await waitFor(() => expect(view.lastAsked('AuditLog')?.['filter']).toMatchObject({ actorId: 'u9' }))
    expect(view.address()).toContain('actor=u9')
    await view.user.click(screen.getByRole('button', { name: 'Clear filters' }))
    await waitFor(() => expect(view.address()).toBe('/settings/audit'))
  })

  it('says who to ask when the role does not open it, and asks the server nothing', async () => {
    const { asked } = renderRoom('/settings/audit', { viewer: { permissions: ['firm.read'] }, answers: [chain()] })
    expect(await screen.findByText('You may not see this')).toBeVisible()
    expect(asked.some(({ name }) => name === 'AuditLog')).toBe(false)
  })
})

const GRANT: GrantRowFragment = {
  __typename: 'AccessGrant',
  id: 'g1',
  relationship: 'STAFF',
  permissions: ['read'],
  effectiveFrom: '2021-01-04',
  effectiveTo: null,
  reason: 'Covers the Vasquez family',
  createdAt: '2021-01-04T12:00:00Z',
  revokedAt: null,
  viewerCan: ['MANAGE_GRANTS'],
  principal: { __typename: 'ActorRef', kind: 'user', id: 'u3', name: 'Lucie Moreau' },
  subject: { __typename: 'SubjectRef', id: 'h1', kind: 'household', label: 'Vasquez Family' },
}

describe('access grants', () => {
  const grants = answer(GrantListDocument, () => ({ __typename: 'Query' as const, accessGrants: connection('AccessGrantConnection', [GRANT]) }))

  it('say who sees what, since when and why', async () => {
    renderRoom('/settings/grants', { answers: [grants] })
    const grid = await screen.findByRole('grid', { name: 'Grants' })
    expect(within(grid).getByText('Vasquez Family')).toBeVisible()
    expect(within(grid).getByText('Covers the Vasquez family')).toBeVisible()
    expect(within(grid).getByText('4 Jan 2021')).toBeVisible()
    expect(within(grid).getByText('Open end')).toBeVisible()
  })

  it('says what went wrong when the list cannot be read', async () => {
    renderRoom('/settings/grants', { answers: [failing(GrantListDocument, refusal('INTERNAL', 'The list broke', 'req-3'))] })
    expect(await screen.findByText('Request req-3')).toBeVisible()
  })
})

it('lists only the settings a person may open', async () => {
  renderRoom('/settings/sessions', {
    viewer: { permissions: ['firm.read', 'users.read', 'jobs.read'] },
    answers: [answer(MySessionsDocument, () => ({ __typename: 'Query' as const, viewer: { __typename: 'Viewer' as const, id: 'user-anna', currentSessionId: 's0', sessions: [] } }))],
  })
  const nav = await screen.findByRole('navigation', { name: 'Settings' })
  expect(within(nav).getAllByRole('link').map((link) => link.textContent)).toEqual(['Firm', 'Users and roles', 'Sign-in and security', 'My sessions', 'Jobs'])
})
