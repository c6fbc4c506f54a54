import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { BreaksChangedDocument, BreakEvidenceDocument, BreakPeekDocument, BreaksDocument, BreakTilesDocument, SignOffBreakDocument, type BreakRowFragment } from '@/generated/graphql'
import { answer, connection, failing, push, refusal, renderRoom } from '../../../tests/rooms'
import { entryOf } from './BreakPeek'

const ID = btoa('ReconciliationBreak:01a1fed7-e352-7047-9f8a-c8346abbbf61')

function row(over: Partial<BreakRowFragment> = {}): BreakRowFragment {
  return {
    __typename: 'ReconciliationBreak',
    id: ID,
    kind: 'QUANTITY',
    state: 'OPEN',
    custodian: 'Cascade Custody',
    currency: 'USD',
    ours: '300',
    theirs: '200',
    difference: '-100',
    worth: '39633',
    severity: 'BREACH',
    message: 'We hold 300 of SPY, the custodian 200.',
    openedOn: '2021-03-31',
    day: '2021-03-31',
    ageDays: 0,
    ageSessions: 0,
    needsSecondPerson: true,
    reasonCode: null,
    reason: null,
    decidedAt: null,
    version: 1,
    viewerCan: ['ASSIGN_BREAK', 'SIGN_OFF_BREAK'],
    account: { __typename: 'AccountRef', id: 'a1', name: 'Byrne joint', last4: '4471' },
    security: { __typename: 'Security', id: 's1', name: 'SPDR S&P 500', symbol: 'SPY' },
    owner: null,
    decidedBy: null,
    waitingFor: null,
    ...over,
  }
}

const count = (totalCount: number) => ({ __typename: 'ReconciliationBreakConnection' as const, totalCount })
const accounts = (totalCount: number) => ({ __typename: 'ReconciledAccountConnection' as const, totalCount })
const tiles = answer(BreakTilesDocument, () => ({ __typename: 'Query' as const, open: count(3), mine: count(1), old: count(0), waiting: count(0), matched: accounts(98), silent: accounts(2) }))
const list = (rows: BreakRowFragment[]) => answer(BreaksDocument, () => ({ __typename: 'Query' as const, reconciliationBreaks: connection('ReconciliationBreakConnection', rows) }))

const SUGGESTED = {
  externalId: 'reconciliation-b1-2021-03-31-UNBOOKED_TRADE',
  __typename: 'SuggestedEntry' as const,
  type: 'SELL',
  tradeDate: '2021-03-31',
  quantity: '100',
  price: '396.33',
  amount: '39633.00',
  security: { __typename: 'Security' as const, id: 's1', name: 'SPDR S&P 500', symbol: 'SPY' },
}
const peeked = (over: Partial<BreakRowFragment> = {}) =>
  answer(BreakPeekDocument, () => ({
    __typename: 'Query' as const,
    node: {
      ...row(over),
      __typename: 'ReconciliationBreak' as const,
      causes: [{ __typename: 'BreakCause' as const, code: 'UNBOOKED_TRADE' as const, message: 'SELL of 100 SPY at about 396.33', transactionIds: [], entry: SUGGESTED }],
    },
  }))
const evidence = answer(BreakEvidenceDocument, () => ({
  __typename: 'Query' as const,
  account: { __typename: 'Account' as const, id: 'a1', asOf: '2021-03-31', name: 'Byrne joint', currency: 'USD', reconciledThrough: null, viewerCan: ['POST_TRANSACTION' as const], custodianPositions: null },
}))
const OPERATIONS = { permissions: ['reconciliation.read', 'reconciliation.work', 'reconciliation.sign_off', 'approvals.read'] }

describe('the reconciliation desk', () => {
  it('lists differences, counts on its tiles, and a tile filters', async () => {
    const { user, lastAsked } = renderRoom('/reconciliation', { answers: [tiles, list([row()])], viewer: OPERATIONS })
    const grid = await screen.findByRole('grid', { name: 'Differences with custodians' })
    expect(within(grid).getByText('Byrne joint')).toBeVisible()
    const strip = screen.getByRole('group', { name: 'Filters of the desk' })
    expect(await within(strip).findByText('98')).toBeVisible()
    await user.click(within(strip).getByRole('button', { name: /mine/ }))
    expect(lastAsked('Breaks')).toMatchObject({ filter: { states: ['OPEN'], ownerId: 'user-anna' } })
  })

  it('shows what may lie behind a difference and offers to post it', async () => {
    const { user } = renderRoom(`/reconciliation?break=${encodeURIComponent(ID)}`, { answers: [tiles, list([row()]), peeked(), evidence], viewer: OPERATIONS })
    expect(await screen.findByText('Trade not booked')).toBeVisible()
    await user.click(await screen.findByRole('button', { name: 'Post it' }))
    const dialog = await screen.findByRole('dialog')
    expect(await within(dialog).findByDisplayValue('39633.00')).toBeVisible()
    expect(within(dialog).getByDisplayValue('100')).toBeVisible()
    expect(entryOf(SUGGESTED, 'USD')).toMatchObject({ externalId: SUGGESTED.externalId, type: 'SELL', tradeDate: '2021-03-31', securityId: 's1', price: '396.33' })
    expect(entryOf({ ...SUGGESTED, quantity: '10.0000000000', amount: '-1000.0000000000' }, 'USD')).toMatchObject({ quantity: '10', amount: '-1000.00' })
  })

  it('reads everything it shows again when a comparison has changed what differs', async () => {
    const { setAnswer, asked } = renderRoom(`/reconciliation?break=${encodeURIComponent(ID)}`, { answers: [tiles, list([row()]), peeked(), evidence], viewer: OPERATIONS })
    expect(await screen.findByRole('button', { name: 'Post it' })).toBeVisible()
    const changed = (kind: string, seq: string) => push(BreaksChangedDocument, { __typename: 'Subscription', workQueueChanged: { __typename: 'WorkQueueEvent', seq, resync: false, kind } })
    const read = () => asked.filter(({ name }) => name === 'Breaks').length
    const before = read()
    await changed('approvals', '1')
    expect(read()).toBe(before)
    setAnswer(list([]))
    setAnswer(peeked({ state: 'CLEARED', viewerCan: [] }))
    await changed('feeds.reconciliation', '2')
    expect(await screen.findByText('No difference is open')).toBeVisible()
    expect(await screen.findByText('Both sides agree again; nobody had to decide.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Post it' })).toBeNull()
  })

  it('signs off with a reason, says that a second person decides, and shows a refusal in words', async () => {
    const refused = answer(SignOffBreakDocument, () => ({
      __typename: 'Mutation' as const,
      signOffBreak: { __typename: 'Conflict' as const, code: 'CONFLICT', message: 'this difference was signed off by Joan Feld already; nothing was changed', requestId: 'r', path: null, currentVersion: 2, current: null } as never,
    }))
    const { user, setAnswer, lastAsked } = renderRoom(`/reconciliation?break=${encodeURIComponent(ID)}`, { answers: [tiles, list([row()]), peeked(), evidence, refused], viewer: OPERATIONS })
    await user.click(await screen.findByRole('button', { name: 'Sign off' }))
    const dialog = await screen.findByRole('dialog', { name: 'Sign off the difference' })
    await user.click(within(dialog).getByRole('button', { name: 'Sign off' }))
    expect(within(dialog).getByText('Say why')).toBeVisible()
    await user.type(within(dialog).getByLabelText('Reason'), 'settles tomorrow')
    await user.click(within(dialog).getByRole('button', { name: 'Sign off' }))
    expect(await within(dialog).findByText(/was signed off by Joan Feld already/)).toBeVisible()
    setAnswer(
      answer(SignOffBreakDocument, () => ({
        __typename: 'Mutation' as const,
        signOffBreak: { __typename: 'SignOffBreakSuccess' as const, reconciliationBreak: row(), approval: { __typename: 'Approval' as const, id: 'q1', expiresAt: '2021-04-07T20:00:00Z' } },
      })),
    )
    await user.click(within(dialog).getByRole('button', { name: 'Sign off' }))
    expect(await screen.findByRole('link', { name: 'Open the request' })).toHaveAttribute('href', '/approvals/q1')
    expect(lastAsked('SignOffBreak')).toEqual({ input: { breakId: ID, reasonCode: 'TIMING', reason: 'settles tomorrow', expectedVersion: 1 } })
  })

  it('offers nothing to who may only look, and says when there is nothing or no access', async () => {
    const first = renderRoom(`/reconciliation?break=${encodeURIComponent(ID)}`, { answers: [tiles, list([row({ viewerCan: [] })]), peeked({ viewerCan: [] }), evidence], viewer: { permissions: ['reconciliation.read'] } })
    expect(await screen.findByText('Trade not booked')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Sign off' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Compare now' })).toBeNull()
    first.unmount()
    const second = renderRoom('/reconciliation', { answers: [tiles, list([])], viewer: OPERATIONS })
    expect(await screen.findByText('No difference is open')).toBeVisible()
    expect(screen.getByText(/agrees with the custodians, or somebody signed its difference off/)).toBeVisible()
    expect(screen.getByRole('link', { name: 'See what was signed off' })).toHaveAttribute('href', '/reconciliation?state=signed-off')
    second.unmount()
    renderRoom('/reconciliation', { answers: [tiles, failing(BreaksDocument, refusal('FORBIDDEN', 'It needs reconciliation.read.'))], viewer: OPERATIONS })
    expect(await screen.findByText('You may not see the reconciliation desk')).toBeVisible()
  })
})
