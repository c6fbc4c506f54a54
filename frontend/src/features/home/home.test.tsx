import { act, screen, within } from '@testing-library/react'
import { CombinedError } from 'urql'
import { describe, expect, it } from 'vitest'
import {
  AwaitingMeDocument,
  FirmHistoryDocument,
  HomeDocument,
  WorkQueueChangedDocument,
  type AwaitingMeQuery,
  type FirmHistoryQuery,
  type HomeQuery,
} from '@/generated/graphql'
import { answer, connection, failing, figure, push, reason, refusal, renderRoom, silent } from '../../../tests/rooms'

const GROUP: HomeQuery['workSummary']['groups'][number] = {
  __typename: 'WorkGroup',
  kind: 'identity.role_change',
  label: 'Role changes',
  detail: '1 waits for a second person',
  count: 3,
  oldestAt: '2021-03-29T20:00:00Z',
  severity: 'WARNING',
  actionLabel: 'Review',
  actionPath: '/work?kind=identity.role_change',
}

function home(over: Partial<HomeQuery['workSummary']> = {}, totalValue = figure('2418642310.18')): HomeQuery {
  return {
    __typename: 'Query',
    firm: { __typename: 'Firm', id: 'firm-1', businessDate: '2021-03-31', householdCount: 412, accountCount: 980, totalValue },
    workSummary: { __typename: 'WorkSummary', openCount: 3, needsYou: 1, oldestAt: '2021-03-29T20:00:00Z', groups: [GROUP], ...over },
  }
}

function awaiting(count: number): AwaitingMeQuery {
  const node = {
    __typename: 'Approval' as const,
    id: 'approval-1',
    title: 'Role change of Priya Raman',
    commandSummary: 'Priya Raman becomes Advisor and Operations',
    requestedAt: '2021-03-31T15:00:00Z',
    expiresAt: '2021-04-07T15:00:00Z',
    subject: { __typename: 'SubjectRef' as const, id: 's', kind: 'user', label: 'Priya Raman' },
  }
  return { __typename: 'Query', approvals: connection('ApprovalConnection', count ? [node] : []) }
}

const COURSE: FirmHistoryQuery = {
  __typename: 'Query',
  firm: {
    __typename: 'Firm',
    id: 'firm-1',
    valueHistory: [
      { __typename: 'ValuePoint', date: '2021-01-29', value: '2251600000.00', quality: 'COMPLETE' },
      { __typename: 'ValuePoint', date: '2021-02-26', value: null, quality: 'UNAVAILABLE' },
      { __typename: 'ValuePoint', date: '2021-03-31', value: '2418642310.18', quality: 'COMPLETE' },
    ],
  },
}
const COURSE_ANSWER = answer(FirmHistoryDocument, () => COURSE)

describe('Home', () => {
  it('opens on what waits, then says what the firm holds', async () => {
    renderRoom('/', { answers: [COURSE_ANSWER, answer(HomeDocument, () => home()), answer(AwaitingMeDocument, () => awaiting(1))] })
    expect(await screen.findByRole('heading', { level: 1, name: 'Wednesday, 31 March' })).toBeVisible()
    expect(await screen.findByText(/3 items are open, 1 of them needs you\. The oldest has waited 2 d\./)).toBeVisible()
    const queue = screen.getByRole('region', { name: 'Work queue' })
    expect(within(queue).getByText('3')).toBeVisible()
    expect(within(queue).getByText("1 waits for a second person")).toBeVisible()
    expect(within(queue).getByRole('link', { name: 'Review: Role changes' })).toHaveAttribute('href', '/work?kind=identity.role_change')
    expect(await screen.findByRole('link', { name: /Role change of Priya Raman/ })).toHaveAttribute('href', '/approvals/approval-1')
    expect(screen.getByRole('button', { name: '$2,418,642,310.18' })).toBeVisible()
    expect(screen.getByText('As of 31 Mar 2021, trade date, summit books')).toBeVisible()
  })

  it('draws the course of the assets, by key and as a table', async () => {
    const { user } = renderRoom('/', { answers: [COURSE_ANSWER, answer(HomeDocument, () => home()), answer(AwaitingMeDocument, () => awaiting(0))] })
    const chart = await screen.findByRole('slider', { name: 'Assets at each month end, last twelve months' })
    expect(chart).toHaveAttribute('aria-valuetext', '31 Mar 2021, $2,418,642,310.18')
    chart.focus()
    await user.keyboard('{ArrowLeft}')
    expect(chart).toHaveAttribute('aria-valuetext', '26 Feb 2021, No value')
    await user.keyboard('{Home}')
    expect(chart).toHaveAttribute('aria-valuetext', '29 Jan 2021, $2,251,600,000.00')
    await user.click(screen.getByRole('button', { name: 'Show as table' }))
    const rows = within(screen.getByRole('region', { name: 'Assets at each month end, last twelve months' })).getAllByRole('row')
    expect(rows.map((row) => row.textContent)).toEqual(['DateAssets', '29 Jan 2021$2,251,600,000.00', '26 Feb 2021No value', '31 Mar 2021$2,418,642,310.18'])
  })

  it('keeps the chosen scope in the address and asks the server for it', async () => {
    const { user, address, lastAsked } = renderRoom('/', { answers: [COURSE_ANSWER, answer(HomeDocument, () => home()), answer(AwaitingMeDocument, () => awaiting(0))] })
    await screen.findByText(/3 items are open/)
    expect(lastAsked('Home')).toEqual({ scope: 'FIRM' })
    await user.click(screen.getByRole('button', { name: 'Mine' }))
    expect(await screen.findByRole('button', { name: 'Mine', pressed: true })).toBeVisible()
    expect(address()).toBe('/?scope=mine')
    expect(lastAsked('Home')).toEqual({ scope: 'MINE' })
  })

  it('says where the rest is when nothing waits for this person', async () => {
    renderRoom('/?scope=mine', { answers: [COURSE_ANSWER, answer(HomeDocument, () => home({ openCount: 0, needsYou: 0, oldestAt: null, groups: [] })), answer(AwaitingMeDocument, () => awaiting(0))] })
    expect(await screen.findByText('Nothing is waiting')).toBeVisible()
    expect(screen.getByRole('link', { name: 'See the work of the firm' })).toHaveAttribute('href', '/')
    expect(await screen.findByText('Nothing waits for your signature.')).toBeVisible()
    expect(screen.getByText(/Nothing is open\./)).toBeVisible()
  })

  it('never asks for approvals when the role does not sign', async () => {
    const { asked } = renderRoom('/', { viewer: { permissions: ['work.read', 'firm.read'] }, answers: [COURSE_ANSWER, answer(HomeDocument, () => home())] })
    expect(await screen.findByText('Your role does not sign approvals.')).toBeVisible()
    await screen.findByText(/3 items are open/)
    expect(asked.some(({ name }) => name === 'AwaitingMe')).toBe(false)
  })

  it('says a partial total in words with its reasons', async () => {
    const partial = figure('100.00', { quality: 'PARTIAL', reasons: [reason('UNPRICED', 'ACME has no price by 31 March 2021.')] })
    renderRoom('/', { answers: [COURSE_ANSWER, answer(HomeDocument, () => home({}, partial)), answer(AwaitingMeDocument, () => awaiting(0))] })
    expect(await screen.findByText('Partial value: not everything could be counted')).toBeVisible()
    expect(screen.getByText('ACME has no price by 31 March 2021.')).toBeVisible()
  })

  it('shows an outline while the answer is on the way', async () => {
    renderRoom('/', { answers: [COURSE_ANSWER, silent(HomeDocument), answer(AwaitingMeDocument, () => awaiting(0))] })
    expect((await screen.findAllByText('Loading')).length).toBeGreaterThan(0)
  })

  it('says what is safe and the request to quote when the answer fails, and asks again', async () => {
    const { user, setAnswer } = renderRoom('/', { answers: [COURSE_ANSWER, failing(HomeDocument, refusal('INTERNAL', 'Something broke', 'req-77')), answer(AwaitingMeDocument, () => awaiting(0))] })
    const alert = (await screen.findAllByRole('alert'))[0]
    if (!alert) throw new Error('no alert')
    expect(alert).toHaveTextContent('Something broke')
    expect(alert).toHaveTextContent('Nothing was changed.')
    expect(alert).toHaveTextContent('Request req-77')
    setAnswer(answer(HomeDocument, () => home()))
    await user.click(within(alert).getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText(/3 items are open/)).toBeVisible()
  })

  it('reads the queue again when the server says it changed', async () => {
    const { setAnswer } = renderRoom('/', { answers: [COURSE_ANSWER, answer(HomeDocument, () => home()), answer(AwaitingMeDocument, () => awaiting(0))] })
    await screen.findByText(/3 items are open/)
    setAnswer(answer(HomeDocument, () => home({ openCount: 9, groups: [{ ...GROUP, count: 9 }] })))
    await push(WorkQueueChangedDocument, { __typename: 'Subscription', workQueueChanged: { __typename: 'WorkQueueEvent', seq: '12', resync: false, eventType: 'work.item.opened', workItemId: 'w1', kind: 'x' } })
    expect(await screen.findByText(/9 items are open/)).toBeVisible()
  })

  it('keeps what it shows and says so when reading it again fails, and drops it when it may not be seen any more', async () => {
    const { setAnswer } = renderRoom('/', { answers: [COURSE_ANSWER, answer(HomeDocument, () => home()), answer(AwaitingMeDocument, () => awaiting(0))] })
    await screen.findByText(/3 items are open/)
    const changed = (seq: string) => push(WorkQueueChangedDocument, { __typename: 'Subscription', workQueueChanged: { __typename: 'WorkQueueEvent', seq, resync: false, eventType: 'work.item.opened', workItemId: 'w1', kind: 'x' } })
    setAnswer(failing(HomeDocument, refusal('INTERNAL', 'Something broke', 'req-78')))
    await changed('12')
    expect((await screen.findAllByText(/Something broke/)).length).toBeGreaterThan(0)
    expect(screen.getByRole('button', { name: '$2,418,642,310.18' })).toBeVisible()
    setAnswer(failing(HomeDocument, refusal('FORBIDDEN', 'Not yours', 'req-79')))
    await changed('13')
    expect((await screen.findAllByText(/Not yours/)).length).toBeGreaterThan(0)
    expect(screen.queryByRole('button', { name: '$2,418,642,310.18' })).toBeNull()
  })

  it('reads again by itself what could not be read without a network, as soon as there is one', async () => {
    const { setAnswer } = renderRoom('/', { answers: [COURSE_ANSWER, answer(HomeDocument, () => home()), answer(AwaitingMeDocument, () => awaiting(0))] })
    await screen.findByText(/3 items are open/)
    setAnswer(failing(HomeDocument, new CombinedError({ networkError: new TypeError('Failed to fetch') })))
    await push(WorkQueueChangedDocument, { __typename: 'Subscription', workQueueChanged: { __typename: 'WorkQueueEvent', seq: '12', resync: false, eventType: 'work.item.opened', workItemId: 'w1', kind: 'x' } })
    expect((await screen.findAllByRole('alert')).length).toBeGreaterThan(0)
    expect(screen.getByText(/3 items are open/)).toBeVisible()
    setAnswer(answer(HomeDocument, () => home({ openCount: 9, groups: [{ ...GROUP, count: 9 }] })))
    await act(async () => {})
    act(() => void window.dispatchEvent(new Event('online')))
    expect(await screen.findByText(/9 items are open/)).toBeVisible()
    expect(screen.queryAllByRole('alert')).toEqual([])
  })
})
