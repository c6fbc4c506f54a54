import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import {
  ApprovalDetailDocument,
  ApprovalListDocument,
  CancelApprovalDocument,
  DecideApprovalDocument,
  type ApprovalRowFragment,
  type DecideApprovalMutation,
  type DecideApprovalMutationVariables,
} from '@/generated/graphql'
import { answer, connection, failing, refusal, renderRoom } from '../../../tests/rooms'
import { approvalsSearch, standingOf } from './search'

function approval(over: Partial<ApprovalRowFragment> = {}): ApprovalRowFragment {
  return {
    __typename: 'Approval',
    id: 'approval-1',
    kind: 'identity.change_roles',
    title: 'Role change of Priya Raman',
    commandSummary: 'Priya Raman becomes Advisor and Operations',
    commandHash: '9ba62835b346d6a8c3f7df22a62d40ff',
    state: 'PENDING',
    requestedAt: '2021-03-30T20:00:00Z',
    expiresAt: '2021-04-06T20:00:00Z',
    quorum: 1,
    reason: 'Covers for Marcus in April',
    version: 3,
    viewerCan: ['DECIDE_APPROVAL'],
    maker: { __typename: 'ActorRef', kind: 'user', id: 'user-marcus', name: 'Marcus Teller' },
    subject: { __typename: 'SubjectRef', id: 'user-priya', kind: 'user', label: 'Priya Raman' },
    decisions: [],
    ...over,
  }
}

const detail = (over: Partial<ApprovalRowFragment> = {}) => answer(ApprovalDetailDocument, () => ({ __typename: 'Query' as const, approval: approval(over) }))

const decided = (over: Partial<ApprovalRowFragment>): DecideApprovalMutation => ({
  __typename: 'Mutation',
  decideApproval: { __typename: 'DecideApprovalSuccess', approval: approval(over) },
})

const APPROVED: Partial<ApprovalRowFragment> = {
  state: 'EXECUTED',
  version: 4,
  viewerCan: [],
  decisions: [
    { __typename: 'ApprovalDecision', decision: 'APPROVE', reason: null, decidedAt: '2021-03-31T20:00:00Z', decider: { __typename: 'ActorRef', kind: 'user', id: 'user-anna', name: 'Anna Lindahl' } },
  ],
}

describe('an approval', () => {
  it('shows exactly what will be done, who asked, why, and until when', async () => {
    renderRoom('/approvals/approval-1', { answers: [detail()] })
    expect(await screen.findByRole('heading', { level: 1, name: 'Role change of Priya Raman' })).toBeVisible()
    expect(screen.getByText('Priya Raman becomes Advisor and Operations')).toBeVisible()
    expect(screen.getByText('9ba62835b346d6a8c3f7df22a62d40ff')).toBeVisible()
    expect(screen.getByText('Marcus Teller asked on 30 Mar 2021, 16:00')).toBeVisible()
    expect(screen.getByText('Covers for Marcus in April')).toBeVisible()
    expect(screen.getByText('Valid until 6 Apr 2021, 16:00')).toBeVisible()
    expect(screen.getByText('One other person decides')).toBeVisible()
  })

  it('binds the decision to the command that was read, and is never optimistic', async () => {
    const { user, lastAsked, setAnswer } = renderRoom('/approvals/approval-1', {
      answers: [detail(), answer(DecideApprovalDocument, () => decided(APPROVED))],
    })
    const approve = await screen.findByRole('button', { name: 'Approve' })
    setAnswer(detail(APPROVED))
    await user.click(approve)
    expect(await screen.findByText('Anna Lindahl approved on 31 Mar 2021, 16:00')).toBeVisible()
    expect(screen.getByText('Approved and done')).toBeVisible()
    expect(lastAsked('DecideApproval')).toEqual({
      input: { approvalId: 'approval-1', decision: 'APPROVE', reason: null, commandHash: '9ba62835b346d6a8c3f7df22a62d40ff', expectedVersion: 3 },
    })
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
  })

  it('asks for a reason before a rejection leaves the page', async () => {
    const { user, asked, lastAsked } = renderRoom('/approvals/approval-1', { answers: [detail(), answer(DecideApprovalDocument, () => decided({ state: 'REJECTED' }))] })
    await user.click(await screen.findByRole('button', { name: 'Reject' }))
    expect(await screen.findByText('Say why you reject it.')).toBeVisible()
    expect(asked.some(({ name }) => name === 'DecideApproval')).toBe(false)
    await user.type(screen.getByRole('textbox', { name: 'Your reason' }), 'Not needed any more')
    await user.click(screen.getByRole('button', { name: 'Reject' }))
    await waitFor(() => expect(lastAsked('DecideApproval')?.['input']).toMatchObject({ decision: 'REJECT', reason: 'Not needed any more' }))
  })

  it('confirms the person when the server wants it, and sends the same decision again', async () => {
    const sentences: string[] = []
    let confirmed = false
    const reply = (_variables: DecideApprovalMutationVariables): DecideApprovalMutation =>
      confirmed
        ? decided(APPROVED)
        : { __typename: 'Mutation', decideApproval: { __typename: 'StepUpRequired', code: 'STEP_UP_REQUIRED', message: 'Confirm that it is you.', path: null } }
    const { user, asked } = renderRoom('/approvals/approval-1', {
      answers: [detail(), answer(DecideApprovalDocument, reply)],
      stepUp: async (sentence) => {
        sentences.push(sentence)
        confirmed = true
        return true
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Approve' }))
    expect(await screen.findByText('Your approval is recorded.')).toBeVisible()
    expect(sentences).toEqual(['You approve: Priya Raman becomes Advisor and Operations'])
    const sent = asked.filter(({ name }) => name === 'DecideApproval')
    expect(sent).toHaveLength(2)
    expect(sent[1]?.variables).toEqual(sent[0]?.variables)
  })

  it('leaves everything as it is when the person declines to confirm', async () => {
    const stepUp = vi.fn(async () => false)
    const required: DecideApprovalMutation = { __typename: 'Mutation', decideApproval: { __typename: 'StepUpRequired', code: 'STEP_UP_REQUIRED', message: 'Confirm.', path: null } }
    const { user, asked } = renderRoom('/approvals/approval-1', { answers: [detail(), answer(DecideApprovalDocument, () => required)], stepUp })
    await user.click(await screen.findByRole('button', { name: 'Approve' }))
    await waitFor(() => expect(stepUp).toHaveBeenCalledOnce())
    await waitFor(() => expect(screen.getByRole('button', { name: 'Approve' })).toBeEnabled())
    expect(asked.filter(({ name }) => name === 'DecideApproval')).toHaveLength(1)
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('shows a conflict in place and reads the newest state', async () => {
    const conflict: DecideApprovalMutation = {
      __typename: 'Mutation',
      decideApproval: { __typename: 'Conflict', code: 'CONFLICT', message: 'This request was decided meanwhile.', path: null, currentVersion: 4 },
    }
    const { user, asked } = renderRoom('/approvals/approval-1', { answers: [detail(), answer(DecideApprovalDocument, () => conflict)] })
    await user.click(await screen.findByRole('button', { name: 'Approve' }))
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('This request was decided meanwhile.')
    expect(alert).toHaveTextContent('The change was not applied.')
    await waitFor(() => expect(asked.filter(({ name }) => name === 'ApprovalDetail').length).toBeGreaterThan(1))
  })

  it('tells the maker why not, and lets the request be withdrawn', async () => {
    const mine = { maker: { __typename: 'ActorRef' as const, kind: 'user', id: 'user-anna', name: 'Anna Lindahl' }, viewerCan: ['CANCEL_APPROVAL' as const] }
    const cancelled = answer(CancelApprovalDocument, () => ({
      __typename: 'Mutation' as const,
      cancelApproval: { __typename: 'CancelApprovalSuccess' as const, approval: approval({ ...mine, state: 'CANCELLED', viewerCan: [] }) },
    }))
    const { user, lastAsked } = renderRoom('/approvals/approval-1', { answers: [detail(mine), cancelled] })
    expect(await screen.findByText('You asked for this, so you cannot decide it.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Withdraw the request' }))
    expect(await screen.findByText('The request is withdrawn.')).toBeVisible()
    expect(lastAsked('CancelApproval')).toEqual({ input: { approvalId: 'approval-1', expectedVersion: 3 } })
  })

  it('never tells a foreign approval from a missing one', async () => {
    renderRoom('/approvals/nope', { answers: [failing(ApprovalDetailDocument, refusal('NOT_FOUND', 'There is no such approval for you.'))] })
    expect(await screen.findByRole('heading', { name: 'This approval cannot be shown' })).toBeVisible()
    expect(screen.getByText('It does not exist, or you may not see it.')).toBeVisible()
  })
})

describe('the list of approvals', () => {
  it('opens filtered by the address and marks states with shapes', async () => {
    const list = answer(ApprovalListDocument, () => ({ __typename: 'Query' as const, approvals: connection('ApprovalConnection', [approval()]) }))
    const { lastAsked } = renderRoom('/approvals?mine=true&state=pending', { answers: [list] })
    const grid = await screen.findByRole('grid', { name: 'Approvals' })
    expect(await within(grid).findByRole('link', { name: 'Role change of Priya Raman' })).toHaveAttribute('href', '/approvals/approval-1')
    expect(within(grid).getByText('Waiting for a decision')).toBeVisible()
    expect(lastAsked('ApprovalList')).toMatchObject({ filter: { states: ['PENDING'], awaitingMe: true } })
  })

  it('tells first use from no results', async () => {
    const list = answer(ApprovalListDocument, () => ({ __typename: 'Query' as const, approvals: connection('ApprovalConnection', []) }))
    const first = renderRoom('/approvals', { answers: [list] })
    expect(await screen.findByText('No approvals yet')).toBeVisible()
    first.unmount()
    renderRoom('/approvals?state=failed', { answers: [list] })
    expect(await screen.findByText('No approval matches')).toBeVisible()
  })
})

it.each([
  ['decide', {}],
  ['maker', { viewerCan: [], maker: { id: 'me' } }],
  ['decided', { viewerCan: [], decisions: [{ decider: { id: 'me' } }] }],
  ['closed', { state: 'EXPIRED' as const }],
  ['notAllowed', { viewerCan: [] }],
])('the standing of a person is %s', (expected, over) => {
  expect(standingOf({ state: 'PENDING', maker: { id: 'other' }, decisions: [], viewerCan: ['DECIDE_APPROVAL'], ...over }, 'me')).toBe(expected)
})

it('drops what the address may not say', () => {
  expect(approvalsSearch({ state: 'nonsense', mine: 'yes' })).toEqual({})
  expect(approvalsSearch({ state: 'Rejected', mine: 'true' })).toEqual({ state: 'rejected', mine: true })
})
