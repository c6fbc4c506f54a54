import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  AccountDocument,
  AccountOwnersDocument,
  AccountPositionsDocument,
  PostTransactionDocument,
  TransactionPageDocument,
  UpdateAccountDocument,
  type AccountPositionsQueryVariables,
  type AccountQuery,
  type AccountQueryVariables,
  type HoldingRowFragment,
  type PostTransactionMutationVariables,
} from '@/generated/graphql'
import { account } from '../../../tests/account'
import { answer, connection, failing, figure, refusal, renderRoom } from '../../../tests/rooms'

type Account = NonNullable<AccountQuery['account']>

function holding(at: number): HoldingRowFragment {
  return {
    __typename: 'Position',
    id: `p${at}`,
    accountId: 'a1',
    quantity: '10',
    price: '1.50',
    priceDate: '2021-03-31',
    priceSource: 'Summit book',
    staleDays: 0,
    weight: '0.5',
    portfolioName: 'Default',
    marketValue: figure('15.00'),
    accruedInterest: null,
    cost: figure('10.00'),
    gain: figure('5.00'),
    security: { __typename: 'Security', id: `s${at}`, name: `Security ${at}`, symbol: null, securityType: 'COMMON_STOCK', assetClass: 'EQUITY', currency: 'USD', identifiers: [] },
  }
}

const read = (over: Partial<Account> = {}) => answer(AccountDocument, () => account(over))
const positions = answer(AccountPositionsDocument, ({ after }: AccountPositionsQueryVariables) => {
  const { totalCount: _totalCount, ...page } = after ? connection('PositionConnection', [holding(2)]) : connection('PositionConnection', [holding(1)], { hasNextPage: true, endCursor: 'c1' })
  return { __typename: 'Query' as const, positions: page }
})

describe('an account', () => {
  it('says what it is, its cash settled and not, and its holdings with their total', async () => {
    const { user } = renderRoom('/accounts/a1', { answers: [read(), positions] })
    expect(await screen.findByRole('heading', { level: 1, name: 'Joint brokerage 4471' })).toBeVisible()
    expect(screen.getByText('Roth IRA')).toBeVisible()
    expect(screen.getByText('Tax deferred')).toBeVisible()
    expect(screen.getByText('Lots: First in, first out')).toBeVisible()
    expect(screen.getByRole('link', { name: 'In Whitfield Family' })).toHaveAttribute('href', '/households/h1')
    expect(screen.getByRole('button', { name: '$750.00' })).toBeVisible()
    const grid = await screen.findByRole('grid', { name: 'Holdings of Joint brokerage 4471' })
    expect(within(grid).getByText('Security 1')).toBeVisible()
    expect(within(grid).getByRole('button', { name: '$1,229,623.00' })).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Show more holdings' }))
    expect(await within(grid).findByText('Security 2')).toBeVisible()
  })

  it('tells the interest that accrued beside the values, where anything bears interest', async () => {
    const untold = figure(null, { reasons: [{ __typename: 'FigureReason' as const, code: 'NO_ACCRUED_INTEREST', message: 'Note Corp bears interest, and its terms do not tell how much has accrued' }] })
    const bonds = [
      { ...holding(1), accruedInterest: figure('4958.33') },
      { ...holding(2), accruedInterest: untold },
      holding(3),
    ]
    const held = answer(AccountPositionsDocument, () => {
      const { totalCount: _totalCount, ...page } = connection('PositionConnection', bonds)
      return { __typename: 'Query' as const, positions: page }
    })
    const { user } = renderRoom('/accounts/a1', { answers: [read({ accruedInterest: figure('4958.33', { quality: 'PARTIAL' }) }), held] })
    const grid = await screen.findByRole('grid', { name: 'Holdings of Joint brokerage 4471' })
    expect(within(grid).getByRole('columnheader', { name: 'Accrued interest' })).toBeVisible()
    const line = within(grid).getAllByRole('row', { name: /Accrued interest/ }).at(-1)
    expect(line && within(line).getByRole('button', { name: '$4,958.33' })).toBeVisible()
    expect(within(grid).getAllByRole('button', { name: '$4,958.33' })).toHaveLength(3)
    expect(screen.getAllByRole('button', { name: '$4,958.33' })).toHaveLength(4)
    await user.click(within(grid).getByRole('img', { name: 'Show details of Security 2' }))
    expect(await screen.findByText('Note Corp bears interest, and its terms do not tell how much has accrued')).toBeVisible()
  })

  it('has no word of accrued interest where nothing bears any', async () => {
    renderRoom('/accounts/a1', { answers: [read(), positions] })
    await screen.findByRole('grid', { name: 'Holdings of Joint brokerage 4471' })
    expect(screen.queryByText('Accrued interest')).not.toBeInTheDocument()
  })

  it('asks for the chosen day everywhere', async () => {
    const dated = answer(AccountDocument, ({ asOf }: AccountQueryVariables) => account(asOf ? { asOf, marketValue: figure('5.00', { asOf }) } : {}))
    const { lastAsked, user, address } = renderRoom('/accounts/a1?asOf=2018-12-31', { answers: [dated, positions] })
    expect(await screen.findByText('As of 31 Dec 2018, trade date, summit books')).toBeVisible()
    await waitFor(() => expect(lastAsked('AccountPositions')).toMatchObject({ asOf: '2018-12-31' }))
    await user.click(screen.getByRole('button', { name: 'Back to 31 Mar 2021' }))
    await waitFor(() => expect(address()).toBe('/accounts/a1'))
    expect(await screen.findByText('As of 31 Mar 2021, trade date, summit books')).toBeVisible()
  })

  it('reads figures and holdings again after an entry was posted', async () => {
    const posted = answer(PostTransactionDocument, ({ input }: PostTransactionMutationVariables) => ({
      __typename: 'Mutation' as const,
      postTransaction: {
        __typename: 'PostTransactionSuccess' as const,
        dryRun: input.dryRun === true,
        transaction: null,
        preview: { __typename: 'TransactionPreview' as const, cashBefore: '1000.00', cashAfter: '1010.00', currency: 'USD', quantityBefore: null, quantityAfter: null, security: null, warnings: [] },
      },
    }))
    const { user, asked, setAnswer } = renderRoom('/accounts/a1', { answers: [read(), positions, posted] })
    await user.click(await screen.findByRole('button', { name: 'Post a transaction' }))
    await user.type(await screen.findByRole('textbox', { name: 'Amount' }), '10')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    setAnswer(read({ cash: figure('1010.00') }))
    await user.click(await screen.findByRole('button', { name: 'Post the entry' }))
    expect((await screen.findAllByRole('button', { name: '$1,010.00' })).length).toBeGreaterThan(0)
    expect(asked.filter(({ name }) => name === 'AccountPositions').length).toBeGreaterThan(1)
  })

  it('lists its own entries without naming itself in each', async () => {
    const none = answer(TransactionPageDocument, () => ({ __typename: 'Query' as const, transactions: connection('TransactionConnection', []) }))
    const { lastAsked } = renderRoom('/accounts/a1/activity', { answers: [read(), none] })
    expect(await screen.findByText('No transactions yet')).toBeVisible()
    expect(screen.queryByRole('columnheader', { name: 'Account' })).toBeNull()
    expect(lastAsked('TransactionPage')?.['filter']).toMatchObject({ accountId: 'a1' })
  })

  it('shows its entries as known at an earlier moment, and keeps the moment from tab to tab', async () => {
    const none = answer(TransactionPageDocument, () => ({ __typename: 'Query' as const, transactions: connection('TransactionConnection', []) }))
    const { lastAsked, address, user } = renderRoom('/accounts/a1/activity?knownAt=2021-03-15T20:00:00Z', { answers: [read(), none] })
    expect(await screen.findByText(/What was recorded later is left out/)).toBeVisible()
    await waitFor(() => expect(lastAsked('TransactionPage')).toMatchObject({ knownAt: '2021-03-15T20:00:00Z' }))
    const tabs = screen.getByRole('navigation', { name: 'Pages of this account' })
    for (const tab of ['Holdings', 'Performance', 'Tax lots']) expect(within(tabs).getByRole('link', { name: tab }).getAttribute('href')).toContain('knownAt=')
    expect(within(tabs).getByRole('link', { name: 'Owners' }).getAttribute('href')).not.toContain('knownAt=')
    await user.click(screen.getByRole('button', { name: 'Back to what is known now' }))
    await waitFor(() => expect(lastAsked('TransactionPage')).toMatchObject({ knownAt: null }))
    expect(address()).toBe('/accounts/a1/activity')
  })

  it('says who owns it with what share, who acts, who is to have it, and how far it is reconciled', async () => {
    const party = (id: string, name: string) => ({ __typename: 'PartyRef' as const, id, name, kind: 'PERSON' as const })
    const owner = (id: string, name: string, role: 'JOINT_COMMON' | 'ATTORNEY', share: string | null) => ({
      __typename: 'AccountOwner' as const,
      party: party(id, name),
      role,
      share,
      effectiveFrom: '2016-01-04',
      effectiveTo: null,
    })
    const owners = answer(AccountOwnersDocument, () => ({
      __typename: 'Query' as const,
      account: {
        __typename: 'Account' as const,
        id: 'a1',
        asOf: '2021-03-31',
        owners: [owner('p1', 'Eleanor Whitfield', 'JOINT_COMMON', '0.6'), owner('p2', 'James Whitfield', 'JOINT_COMMON', null), owner('p3', 'Ada Shaw', 'ATTORNEY', null)],
        beneficiaries: [{ __typename: 'AccountBeneficiary' as const, partyId: null, name: 'Red Cross', tier: 'CONTINGENT' as const, share: '1', isPerStirpes: true, effectiveFrom: '2016-01-04' }],
        householdHistory: [],
      assignments: [],
      },
    }))
    renderRoom('/accounts/a1/owners', { answers: [read(), owners] })
    const section = await screen.findByRole('region', { name: 'Owners and those who act for them' })
    expect(within(section).getByRole('link', { name: 'Eleanor Whitfield' })).toHaveAttribute('href', '/parties/p1')
    expect(within(section).getByText('60.00%')).toBeVisible()
    expect(within(section).getByText('equally')).toBeVisible()
    expect(within(section).getByText('does not own')).toBeVisible()
    expect(screen.getByText('Contingent, per stirpes')).toBeVisible()
    expect(screen.getByText('This account is in no representative’s book.')).toBeVisible()
    expect(screen.getByText('reconciled through 30 Mar 2021')).toBeVisible()
  })

  it('says when nobody is known to own it', async () => {
    const none = answer(AccountOwnersDocument, () => ({
      __typename: 'Query' as const,
      account: { __typename: 'Account' as const, id: 'a1', asOf: '2021-03-31', owners: [], beneficiaries: [], householdHistory: [], assignments: [] },
    }))
    renderRoom('/accounts/a1/owners', { answers: [read({ reconciledThrough: null }), none] })
    expect(await screen.findByText('No owner is known')).toBeVisible()
    expect(screen.getByText('No beneficiary is named')).toBeVisible()
    expect(screen.getByText('not yet reconciled')).toBeVisible()
  })

  it('asks from which day another lot method holds, and why when the day has passed', async () => {
    const saved = answer(UpdateAccountDocument, () => ({
      __typename: 'Mutation' as const,
      updateAccount: { __typename: 'UpdateAccountSuccess' as const, account: { __typename: 'Account' as const, id: 'a1', asOf: '2021-03-31' } },
    }))
    const { user, lastAsked } = renderRoom('/accounts/a1', { answers: [read({ viewerCan: ['EDIT_OWNERS'] }), positions, saved] })
    await user.click(await screen.findByRole('button', { name: 'Change the account' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Change what is kept of it' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).queryByLabelText('This holds from')).toBeNull()
    await user.click(within(dialog).getByRole('button', { name: /Lots are sold/ }))
    await user.click(await screen.findByRole('option', { name: 'Last in, first out' }))
    const day = within(dialog).getByRole('textbox', { name: 'This holds from' })
    expect(day).toHaveValue('31 Mar 2021')
    await user.clear(day)
    await user.type(day, '1 Dec 2020{Tab}')
    await user.click(within(dialog).getByRole('button', { name: 'Save' }))
    expect(within(dialog).getByText('Say why it holds from a day that has passed.')).toBeVisible()
    await user.type(within(dialog).getByRole('textbox', { name: /Why from a day that has passed/ }), 'Never typed')
    await user.click(within(dialog).getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(lastAsked('UpdateAccount')).toMatchObject({ input: { lotMethod: 'LIFO', effectiveFrom: '2020-12-01', reason: 'Never typed' } }))
  })

  it('never tells a foreign account from a missing one', async () => {
    renderRoom('/accounts/nope', { answers: [failing(AccountDocument, refusal('NOT_FOUND', 'No such account for you.')), positions] })
    expect(await screen.findByRole('heading', { name: 'This account cannot be shown' })).toBeVisible()
  })
})
