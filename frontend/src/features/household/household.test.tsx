import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  CorrectionPreviewDocument,
  CorrectTransactionDocument,
  HouseholdDocument,
  HouseholdHoldingsDocument,
  HouseholdNameDocument,
  PostTransactionDocument,
  RenameHouseholdDocument,
  SecuritySearchDocument,
  TransactionPageDocument,
  type HoldingRowFragment,
  type HouseholdHoldingsQuery,
  type HouseholdQuery,
  type HouseholdQueryVariables,
  type PostTransactionMutation,
  type PostTransactionMutationVariables,
  type RenameHouseholdMutation,
  type RenameHouseholdMutationVariables,
  type TransactionRowFragment,
} from '@/generated/graphql'
import { answer, connection, failing, figure, reason, refusal, renderRoom, silent } from '../../../tests/rooms'

type Household = NonNullable<HouseholdQuery['household']>

function account(id: string, name: string, value: string): Household['accounts']['edges'][number]['node'] {
  return {
    __typename: 'Account',
    id,
    asOf: '2021-03-31',
    name,
    accountNumberLast4: '4471',
    accountType: 'JOINT',
    taxStatus: 'TAXABLE',
    custodian: 'Granite Trust',
    currency: 'USD',
    viewerCan: ['POST_TRANSACTION'],
    marketValue: figure(value),
    cash: figure('1000.00'),
  }
}

function household(over: Partial<Household> = {}): HouseholdQuery {
  return {
    __typename: 'Query',
    household: {
      __typename: 'Household',
      id: 'h1',
      externalId: 'H-0001',
      name: 'Whitfield Family',
      asOf: '2021-03-31',
      advisorName: 'Priya Raman',
      accountCount: 1,
      openItems: 0,
      openedOn: '2015-02-03',
      cashShare: '0.0410',
      tags: [],
      leftOn: null,
      members: [],
      version: 4,
      viewerCan: ['EDIT_HOUSEHOLD'],
      marketValue: figure('10162893.27'),
      accruedInterest: figure('0.00'),
      cash: figure('1000.00'),
      valueHistory: [],
      accounts: connection('AccountConnection', [account('a1', 'Joint brokerage', '10162893.27')]),
      ...over,
    },
    parties: connection('PartyConnection', []),
    workItems: connection('WorkItemConnection', []),
  }
}

const read = (over: Partial<Household> = {}) => answer(HouseholdDocument, () => household(over))

describe('a household', () => {
  it('says its value, on what day and basis, and accounts that add up', async () => {
    renderRoom('/households/h1', { answers: [read()] })
    expect(await screen.findByRole('heading', { level: 1, name: 'Whitfield Family' })).toBeVisible()
    const grid = await screen.findByRole('grid', { name: 'Accounts of Whitfield Family' })
    expect(within(grid).getByRole('link', { name: /Joint brokerage/ })).toHaveAttribute('href', '/accounts/a1')
    expect(within(grid).getAllByRole('button', { name: '$10,162,893.27' })).toHaveLength(2)
    expect(screen.getAllByText('As of 31 Mar 2021, trade date, summit books').length).toBeGreaterThan(0)
  })

  it('shows another day when the address asks for one, on every tab', async () => {
    const reply = answer(HouseholdDocument, ({ asOf }: HouseholdQueryVariables) => household(asOf ? { asOf, marketValue: figure('500.00', { asOf }) } : {}))
    const { lastAsked } = renderRoom('/households/h1?asOf=2019-06-28', { answers: [reply] })
    expect((await screen.findAllByText('As of 28 Jun 2019, trade date, summit books')).length).toBeGreaterThan(0)
    expect(lastAsked('Household')).toEqual({ id: 'h1', asOf: '2019-06-28' })
    expect(screen.getByRole('link', { name: 'Holdings' })).toHaveAttribute('href', '/households/h1/holdings?asOf=2019-06-28')
    expect(screen.getByRole('button', { name: 'Back to 31 Mar 2021' })).toBeVisible()
  })

  it('lists the open items of the household and its accounts, and opens them as a list', async () => {
    const due = { __typename: 'WorkItem' as const, id: 'w1', title: 'The custodianship ends', detail: null, severity: 'WARNING' as const, createdAt: '2021-03-31T12:00:00Z', actionLabel: 'Open', actionPath: '/accounts/a1' }
    const reply = answer(HouseholdDocument, () => ({ ...household({ openItems: 1 }), workItems: connection('WorkItemConnection', [due]) }))
    renderRoom('/households/h1', { answers: [reply] })
    const items = await screen.findByRole('region', { name: 'Open items' })
    expect(within(items).getByText('The custodianship ends')).toBeVisible()
    expect(within(items).getByRole('link', { name: 'All work of this household' })).toHaveAttribute('href', '/work?household=h1')
  })

  it('says in words why a value is partial', async () => {
    const marketValue = figure('900.00', { quality: 'PARTIAL', reasons: [reason('UNPRICED', 'Art collection has no price on or before the date.')] })
    renderRoom('/households/h1', { answers: [read({ marketValue })] })
    expect(await screen.findByText('Partial value: not everything could be counted')).toBeVisible()
    expect(screen.getByText('Art collection has no price on or before the date.')).toBeVisible()
  })

  it('offers nothing the person may not do', async () => {
    const bare = account('a1', 'Joint brokerage', '5.00')
    renderRoom('/households/h1', { answers: [read({ viewerCan: [], accounts: connection('AccountConnection', [{ ...bare, viewerCan: [] }]) })] })
    await screen.findByRole('heading', { name: 'Whitfield Family' })
    expect(screen.queryByRole('button', { name: 'Rename' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Post a transaction' })).toBeNull()
  })

  it('never tells a foreign household from a missing one, and outlines while it waits', async () => {
    const first = renderRoom('/households/nope', { answers: [failing(HouseholdDocument, refusal('NOT_FOUND', 'There is no such household for you.'))] })
    expect(await screen.findByRole('heading', { name: 'This household cannot be shown' })).toBeVisible()
    first.unmount()
    renderRoom('/households/h2', { answers: [silent(HouseholdDocument)] })
    expect((await screen.findAllByText('Loading')).length).toBeGreaterThan(0)
  })
})

describe('renaming', () => {
  const renamed = (name: string, version: number): RenameHouseholdMutation => ({
    __typename: 'Mutation',
    renameHousehold: { __typename: 'RenameHouseholdSuccess', household: { __typename: 'Household', id: 'h1', asOf: '2021-03-31', name, version } },
  })

  it('sends the version that was read and shows the new name', async () => {
    const { user, lastAsked, setAnswer } = renderRoom('/households/h1', { answers: [read(), answer(RenameHouseholdDocument, () => renamed('Whitfield and Sons', 5))] })
    await user.click(await screen.findByRole('button', { name: 'Rename' }))
    const name = await screen.findByRole('textbox', { name: 'Name' })
    await user.clear(name)
    await user.type(name, 'Whitfield and Sons')
    setAnswer(read({ name: 'Whitfield and Sons', version: 5 }))
    await user.click(screen.getByRole('button', { name: 'Rename it' }))
    expect(await screen.findByRole('heading', { level: 1, name: 'Whitfield and Sons' })).toBeVisible()
    expect(lastAsked('RenameHousehold')).toEqual({ input: { householdId: 'h1', name: 'Whitfield and Sons', expectedVersion: 4 } })
  })

  it('after a conflict shows the newer name beside what was typed, which is kept', async () => {
    const reply = ({ input }: RenameHouseholdMutationVariables): RenameHouseholdMutation =>
      input.expectedVersion === 6
        ? renamed(input.name, 7)
        : { __typename: 'Mutation', renameHousehold: { __typename: 'Conflict', code: 'CONFLICT', message: 'It changed meanwhile.', path: null, currentVersion: 6 } }
    const newest = answer(HouseholdNameDocument, () => ({
      __typename: 'Query' as const,
      household: { __typename: 'Household' as const, id: 'h1', name: 'Whitfield Trust', version: 6 },
    }))
    const { user, lastAsked } = renderRoom('/households/h1', { answers: [read(), answer(RenameHouseholdDocument, reply), newest] })
    await user.click(await screen.findByRole('button', { name: 'Rename' }))
    const name = await screen.findByRole('textbox', { name: 'Name' })
    await user.clear(name)
    await user.type(name, 'Mine')
    await user.click(screen.getByRole('button', { name: 'Rename it' }))
    expect(await screen.findByText(/It is now called “Whitfield Trust”/)).toBeVisible()
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveValue('Mine')
    expect(screen.getByRole('button', { name: 'Keep “Whitfield Trust”' })).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Rename it all the same' }))
    await waitFor(() => expect(lastAsked('RenameHousehold')).toEqual({ input: { householdId: 'h1', name: 'Mine', expectedVersion: 6 } }))
  })
})

describe('posting', () => {
  const preview = { __typename: 'TransactionPreview' as const, cashBefore: '1000.00', cashAfter: '3500.00', currency: 'USD', quantityBefore: null, quantityAfter: null, security: null, warnings: [] }
  const posted = (dryRun: boolean): PostTransactionMutation => ({
    __typename: 'Mutation',
    postTransaction: { __typename: 'PostTransactionSuccess', dryRun, transaction: null, preview },
  })

  it('checks first, shows what it would change, and posts the same entry', async () => {
    const { user, asked } = renderRoom('/households/h1', { answers: [read(), answer(PostTransactionDocument, ({ input }: PostTransactionMutationVariables) => posted(input.dryRun === true))] })
    await user.click(await screen.findByRole('button', { name: 'Post a transaction' }))
    await user.type(await screen.findByRole('textbox', { name: 'Amount' }), '2,500.00')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    expect(await screen.findByText('Checked. Nothing has been written yet.')).toBeVisible()
    expect(screen.getByText('$3,500.00')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Post the entry' }))
    expect(await screen.findByText('The entry is posted.')).toBeVisible()
    const sent = asked.filter(({ name }) => name === 'PostTransaction').map(({ variables }) => variables['input'] as PostTransactionMutationVariables['input'])
    expect(sent.map(({ dryRun }) => dryRun)).toEqual([true, false])
    expect(sent[1]).toMatchObject({ accountId: 'a1', type: 'DEPOSIT', tradeDate: '2021-03-31', amount: '2500.00', quantity: null, securityId: null })
    expect(sent[0]?.idempotencyKey).not.toBe(sent[1]?.idempotencyKey)
    await waitFor(() => expect(asked.filter(({ name }) => name === 'Household').length).toBeGreaterThan(1))
  })

  it('puts the server’s problems beside their fields, keeps what was typed, and uses one key for one content', async () => {
    const refused: PostTransactionMutation = {
      __typename: 'Mutation',
      postTransaction: {
        __typename: 'ValidationFailed',
        code: 'VALIDATION_FAILED',
        message: 'The entry was not accepted.',
        path: ['input'],
        problems: [
          { __typename: 'Problem', path: ['input', 'amount'], message: 'More cash leaves than is there.', value: '2500' },
          { __typename: 'Problem', path: ['input', 'accountId'], message: 'The account is closed.', value: null },
        ],
      },
    }
    const { user, asked } = renderRoom('/households/h1', { answers: [read(), answer(PostTransactionDocument, () => refused)] })
    await user.click(await screen.findByRole('button', { name: 'Post a transaction' }))
    await user.type(await screen.findByRole('textbox', { name: 'Amount' }), '2500')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('The entry was not accepted.')
    expect(alert).toHaveTextContent('The account is closed.')
    expect(alert).not.toHaveTextContent('More cash leaves')
    expect(screen.getByRole('textbox', { name: 'Amount' })).toHaveAccessibleDescription(/More cash leaves than is there\./)
    expect(screen.getByRole('textbox', { name: 'Amount' })).toHaveValue('2500')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    await waitFor(() => expect(asked.filter(({ name }) => name === 'PostTransaction')).toHaveLength(2))
    const keys = asked.filter(({ name }) => name === 'PostTransaction').map(({ variables }) => (variables['input'] as { idempotencyKey: string }).idempotencyKey)
    expect(new Set(keys).size).toBe(1)
  })

  it('says that the outcome is not known when the connection breaks, and that trying again is safe', async () => {
    const { user } = renderRoom('/households/h1', { answers: [read(), failing(PostTransactionDocument, refusal('INTERNAL', 'Something broke', 'req-5'))] })
    await user.click(await screen.findByRole('button', { name: 'Post a transaction' }))
    await user.type(await screen.findByRole('textbox', { name: 'Amount' }), '10')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('Request req-5')
    expect(screen.getByText(/the same entry is never written twice/)).toBeVisible()
  })

  it('finds securities on the server for the kinds that need one', async () => {
    const found = answer(SecuritySearchDocument, () => ({
      __typename: 'Query' as const,
      search: {
        __typename: 'SearchResults' as const,
        groups: [{ __typename: 'SearchGroup' as const, kind: 'SECURITY' as const, hits: [{ __typename: 'SearchHit' as const, id: 's1', title: 'Apple Inc.', subtitle: 'AAPL' }] }],
      },
    }))
    const { user, lastAsked } = renderRoom('/households/h1', { answers: [read(), found, answer(PostTransactionDocument, () => posted(true))] })
    await user.click(await screen.findByRole('button', { name: 'Post a transaction' }))
    await user.click(await screen.findByRole('button', { name: /Kind of entry/ }))
    await user.click(await screen.findByRole('option', { name: 'Buy' }))
    await user.type(await screen.findByRole('combobox', { name: 'Security' }), 'appl')
    await user.click(await screen.findByRole('option', { name: /Apple Inc\./ }))
    await user.type(screen.getByRole('textbox', { name: 'Quantity' }), '100')
    await user.type(screen.getByRole('textbox', { name: 'Amount' }), '-12215')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    await waitFor(() => expect(lastAsked('PostTransaction')?.['input']).toMatchObject({ type: 'BUY', securityId: 's1', quantity: '100', amount: '-12215', dryRun: true }))
  })
})

const HOLDING: HoldingRowFragment = {
  __typename: 'Position',
  id: 'p1',
  accountId: 'a1',
  quantity: '3100',
  price: '396.33',
  priceDate: '2021-03-31',
  priceSource: 'Summit book',
  staleDays: 0,
  weight: '0.2938',
  portfolioName: 'Default',
  marketValue: figure('1228623.00'),
  accruedInterest: null,
  cost: figure('872960.00'),
  gain: figure('355663.00'),
  security: {
    __typename: 'Security',
    id: 's1',
    name: 'SPDR S&P 500 ETF',
    symbol: 'SPY',
    securityType: 'ETF',
    assetClass: 'EQUITY',
    currency: 'USD',
    identifiers: [{ __typename: 'Identifier', scheme: 'CUSIP', value: '78462F103', effectiveFrom: null, effectiveTo: null }],
  },
}
const UNPRICED: HoldingRowFragment = {
  ...HOLDING,
  id: 'p2',
  price: null,
  priceDate: null,
  staleDays: null,
  weight: null,
  marketValue: figure(null, { reasons: [reason('UNPRICED', 'Art has no price.')] }),
  security: { ...HOLDING.security, id: 's2', name: 'Art collection', symbol: null, identifiers: [] },
}
const STALE: HoldingRowFragment = { ...HOLDING, id: 'p3', staleDays: 130, marketValue: figure('500.00', { quality: 'STALE' }), security: { ...HOLDING.security, id: 's3', name: 'Meridian Growth', symbol: null } }

describe('holdings', () => {
  const holdings: HouseholdHoldingsQuery = {
    __typename: 'Query',
    household: {
      __typename: 'Household',
      id: 'h1',
      asOf: '2021-03-31',
      accounts: connection('AccountConnection', [
        {
          __typename: 'Account' as const,
          id: 'a1',
          asOf: '2021-03-31',
          name: 'Joint brokerage',
          accountNumberLast4: '4471',
          currency: 'USD',
          marketValue: figure('1230123.00'),
          accruedInterest: figure('0.00'),
          cash: figure('1000.00'),
          cashShare: '0.00081293',
          positions: connection('PositionConnection', [HOLDING, UNPRICED, STALE]),
        },
      ]),
    },
  }

  it('show each account with its cash and total; a row opens to identifiers and price', async () => {
    const { user } = renderRoom('/households/h1/holdings', { answers: [read(), answer(HouseholdHoldingsDocument, () => holdings)] })
    const grid = await screen.findByRole('grid', { name: 'Holdings of Joint brokerage 4471' })
    expect(within(grid).getAllByText('29.38%')).toHaveLength(2)
    expect(within(grid).getAllByText('No price').length).toBeGreaterThan(0)
    expect(within(grid).getByText('Stale, 130 d')).toBeVisible()
    expect(within(grid).getByText('Cash')).toBeVisible()
    expect(within(grid).getByText('0.08%')).toBeVisible()
    expect(within(grid).getByRole('button', { name: '$1,230,123.00' })).toBeVisible()
    await user.click(within(grid).getByRole('img', { name: 'Show details of SPDR S&P 500 ETF' }))
    expect(await within(grid).findByText('78462F103')).toBeVisible()
    expect(within(grid).getByText(/Price of 31 Mar 2021 from Summit book/)).toBeVisible()
    await user.click(within(grid).getByRole('img', { name: 'Show details of Art collection' }))
    expect(await within(grid).findByText(/There is no price on or before this day/)).toBeVisible()
    expect(within(grid).queryByRole('img', { name: 'Show details of Cash' })).toBeNull()
  })
})

function transaction(over: Partial<TransactionRowFragment> = {}): TransactionRowFragment {
  return {
    __typename: 'Transaction',
    id: 't1',
    externalId: 'A-1',
    type: 'DEPOSIT',
    tradeDate: '2021-03-31',
    settlementDate: '2021-03-31',
    quantity: null,
    price: null,
    amount: '2500.00',
    fees: '0.00',
    currency: 'USD',
    description: null,
    bookVersion: '2',
    recordedAt: '2021-03-31T18:00:00Z',
    status: 'EFFECTIVE',
    reversesId: null,
    replacesId: null,
    viewerCan: ['CORRECT_TRANSACTION'],
    account: { __typename: 'AccountRef', id: 'a1', name: 'Joint brokerage', last4: '4471' },
    security: null,
    source: { __typename: 'Provenance', batchId: null, file: 'transactions.csv', line: 12, source: 'Summit book', sourceId: 'A-1' },
    ...over,
  }
}

describe('activity', () => {
  const list = (rows: TransactionRowFragment[]) => answer(TransactionPageDocument, () => ({ __typename: 'Query' as const, transactions: connection('TransactionConnection', rows) }))

  it('asks the server for what the address says', async () => {
    const { user, lastAsked, address } = renderRoom('/households/h1/activity?type=buy%2Csell&from=2021-01-01&asOf=2021-02-26', { answers: [read(), list([transaction()])] })
    await screen.findByRole('grid')
    expect(lastAsked('TransactionPage')).toMatchObject({
      filter: { householdId: 'h1', types: ['BUY', 'SELL'], tradedFrom: '2021-01-01', tradedTo: '2021-02-26', includeReversed: null },
      orderBy: { field: 'TRADE_DATE', direction: 'DESC' },
    })
    await user.click(screen.getByRole('button', { name: 'Show corrections' }))
    await waitFor(() => expect(lastAsked('TransactionPage')?.['filter']).toMatchObject({ includeReversed: true }))
    expect(address()).toContain('all=true')
    expect(address()).toContain('asOf=2021-02-26')
  })

  it('shows where an entry came from and how it was corrected', async () => {
    const rows = [
      transaction({ id: 't3', amount: '2600.00', replacesId: 't1', bookVersion: '3' }),
      transaction({ id: 't2', amount: '-2500.00', status: 'REVERSAL', reversesId: 't1', viewerCan: [], bookVersion: '3' }),
      transaction({ status: 'REVERSED', viewerCan: [] }),
    ]
    const { user } = renderRoom('/households/h1/activity?all=true', { answers: [read(), list(rows)] })
    const grid = await screen.findByRole('grid')
    const [first] = within(grid).getAllByRole('img', { name: 'Show details of Deposit 2021-03-31' })
    if (first) await user.click(first)
    expect(await within(grid).findByText('Summit book, transactions.csv line 12')).toBeVisible()
    expect(within(grid).getByText('First entry')).toBeVisible()
    expect(within(grid).getByText('Replacement')).toBeVisible()
    expect(within(grid).getByRole('button', { name: 'Correct this entry' })).toBeVisible()
  })

  it('corrects with a reason, checked before it is posted', async () => {
    const corrected = answer(CorrectTransactionDocument, ({ input }) => ({
      __typename: 'Mutation' as const,
      correctTransaction: {
        __typename: 'CorrectTransactionSuccess' as const,
        dryRun: input.dryRun === true,
        reversal: null,
        replacement: null,
        preview: { __typename: 'TransactionPreview' as const, cashBefore: '3500.00', cashAfter: '3600.00', currency: 'USD', quantityBefore: null, quantityAfter: null, security: null, warnings: [{ __typename: 'FigureReason' as const, code: 'LATE', message: 'The month is already reported.' }] },
      },
    }))
    const changes = answer(CorrectionPreviewDocument, () => ({
      __typename: 'Query' as const,
      transactionCorrectionPreview: {
        __typename: 'TransactionCorrectionPreview' as const,
        returns: [],
        changedFrom: '2021-03-31',
        currency: 'USD',
        lotCount: 0,
        lots: [],
        gainCount: 1,
        gains: [],
        gainSums: [{ __typename: 'GainSum' as const, account: { __typename: 'AccountRef' as const, id: 'a1', name: 'Joint brokerage' }, gain: null, recognised: '-20.00', currency: 'USD' }],
        washSales: [],
        isPartial: true,
      },
    }))
    const { user, lastAsked } = renderRoom('/households/h1/activity', { answers: [read(), list([transaction()]), corrected, changes] })
    await user.click(await screen.findByRole('img', { name: 'Show details of Deposit 2021-03-31' }))
    await user.click(await screen.findByRole('button', { name: 'Correct this entry' }))
    const amount = await screen.findByRole('textbox', { name: 'Amount' })
    expect(amount).toHaveValue('2500.00')
    await user.clear(amount)
    await user.type(amount, '2600')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    expect(await screen.findByText('Say why: the reason is kept with the entry.')).toBeVisible()
    await user.type(screen.getByRole('textbox', { name: 'Reason' }), 'Bank statement')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    expect(await screen.findByText('The month is already reported.')).toBeVisible()
    expect(await screen.findByText('Realised gain, Joint brokerage')).toBeVisible()
    expect(screen.getByText('not known')).toBeVisible()
    expect(screen.getByText(/^You see a part of the firm/)).toBeVisible()
    expect(lastAsked('CorrectionPreview')).toMatchObject({ id: 't1', replacement: { type: 'DEPOSIT', amount: '2600' } })
    await user.click(screen.getByRole('button', { name: 'Post the correction' }))
    expect(await screen.findByText('The correction is posted.')).toBeVisible()
    expect(lastAsked('CorrectTransaction')?.['input']).toMatchObject({ transactionId: 't1', reason: 'Bank statement', dryRun: false, replacement: { type: 'DEPOSIT', amount: '2600' } })
  })

  it('tells no results from an empty ledger', async () => {
    const first = renderRoom('/households/h1/activity', { answers: [read(), list([])] })
    expect(await screen.findByText('No transactions yet')).toBeVisible()
    first.unmount()
    renderRoom('/households/h1/activity?type=buy', { answers: [read(), list([])] })
    expect(await screen.findByText('No entry matches')).toBeVisible()
  })
})
