import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  AccountDocument,
  HouseholdBalanceDocument,
  HouseholdDocument,
  HouseholdOwnershipDocument,
  type BalanceLinePartsFragment,
  type HouseholdBalanceQuery,
  type HouseholdBalanceQueryVariables,
  type HouseholdOwnershipQuery,
} from '@/generated/graphql'
import { answer, connection, failing, figure, reason, refusal, renderRoom, silent } from '../../../tests/rooms'

type Sheet = NonNullable<HouseholdBalanceQuery['household']>['balanceSheet']

const head = answer(HouseholdDocument, () => ({
  __typename: 'Query' as const,
  household: {
    __typename: 'Household' as const,
    id: 'h1',
    externalId: 'H-0001',
    name: 'Whitfield Family',
    asOf: '2021-03-31',
    advisorName: null,
    accountCount: 2,
    openItems: 0,
    openedOn: null,
    cashShare: null,
    version: 1,
    tags: [],
    leftOn: null,
    members: [],
    viewerCan: [],
    marketValue: figure('1000.00'),
    accruedInterest: figure('0.00'),
    cash: figure('0.00'),
    valueHistory: [],
    accounts: connection('AccountConnection', []),
  },
  parties: connection('PartyConnection', []),
  workItems: connection('WorkItemConnection', []),
}))

function line(id: string, kind: string, label: string, value: string | null, shares: [string, string, string | null][], loose = '0'): BalanceLinePartsFragment {
  return {
    __typename: 'BalanceLine',
    label,
    kind: id.startsWith('a') ? 'JOINT' : 'MORTGAGE',
    notAttributedShare: loose,
    subject: { __typename: 'SubjectRef', id, kind, label },
    value: figure(value, value === null ? { reasons: [reason('UNPRICED', 'Art has no price.')] } : {}),
    shares: shares.map(([ownerId, share, part]) => ({ __typename: 'OwnerShare', ownerId, share, value: part })),
  }
}

const owner = (id: string, name: string, role: 'HEAD' | 'ENTITY' | null, assets: string, liabilities: string, netWorth: string) => ({
  __typename: 'BalanceOwner' as const,
  id,
  name,
  kind: 'PERSON' as const,
  role,
  assets: figure(assets),
  liabilities: figure(liabilities),
  netWorth: figure(netWorth),
})

function sheet(over: Partial<Sheet> = {}): HouseholdBalanceQuery {
  return {
    __typename: 'Query',
    household: {
      __typename: 'Household',
      id: 'h1',
      asOf: '2021-03-31',
      name: 'Whitfield Family',
      balanceSheet: {
        __typename: 'BalanceSheet',
        asOf: '2021-03-31',
        currency: 'USD',
        lookThrough: false,
        reasons: [],
        assets: [line('a1', 'ACCOUNT', 'Joint brokerage', '800.00', [['p1', '0.6', '480.00'], ['p2', '0.4', '320.00']]), line('a2', 'ACCOUNT', 'Family Trust', '200.00', [['p2', '1', '200.00']])],
        liabilities: [line('l1', 'LIABILITY', 'Mortgage, Elm Street', '250.00', [['p1', '1', '250.00']])],
        owners: [owner('p1', 'Eleanor', 'HEAD', '480.00', '250.00', '230.00'), owner('p2', 'Family Trust', null, '520.00', '0.00', '520.00')],
        totalAssets: figure('1000.00'),
        totalLiabilities: figure('250.00'),
        netWorth: figure('750.00'),
        ofMembers: figure('230.00'),
        ofOthers: figure('520.00'),
        notAttributed: figure('0.00'),
        ...over,
      },
    },
  }
}

const read = (over: Partial<Sheet> = {}) => answer(HouseholdBalanceDocument, () => sheet(over))

describe('the balance sheet of a household', () => {
  it('lists what is owned and owed with its weight, and what remains', async () => {
    renderRoom('/households/h1/balance-sheet', { answers: [head, read()] })
    const section = await screen.findByRole('region', { name: 'Balance sheet' })
    const rowOf = (name: string) => within(section).getByText(name).closest('tr') as HTMLElement
    expect(within(rowOf('Joint brokerage')).getByText('80.0%')).toBeInTheDocument()
    expect(within(section).getByRole('link', { name: 'Joint brokerage' })).toHaveAttribute('href', '/accounts/a1')
    expect(rowOf('Mortgage, Elm Street')).toHaveTextContent('−$250.00')
    expect(rowOf('Net worth')).toHaveTextContent('$750.00')
    expect(screen.getByText('25.0% of assets')).toBeVisible()
  })

  it('folds a group away and keeps its total', async () => {
    const { user } = renderRoom('/households/h1/balance-sheet', { answers: [head, read()] })
    const section = await screen.findByRole('region', { name: 'Balance sheet' })
    await user.click(within(section).getByRole('button', { name: 'Assets 2' }))
    expect(within(section).queryByText('Joint brokerage')).toBeNull()
    expect(within(section).getByRole('button', { name: '$1,000.00' })).toBeVisible()
  })

  it('says who owns what: the share where it is not all, and the net worth of each', async () => {
    renderRoom('/households/h1/balance-sheet', { answers: [head, read()] })
    const matrix = await screen.findByRole('region', { name: 'Who owns what, scrolls sideways' })
    const row = within(matrix).getByRole('row', { name: /^Joint brokerage/ })
    expect(row).toHaveTextContent('$48060.0%$32040.0%$800')
    expect(within(matrix).getByRole('row', { name: /^Net worth/ })).toHaveTextContent('$230$520$750')
    expect(within(matrix).getByRole('row', { name: /^Share/ })).toHaveTextContent('30.7%69.3%100.0%')
    expect(within(matrix).getByText('outside the household')).toBeVisible()
    expect(within(matrix).queryByText('Nobody known')).toBeNull()
  })

  it('keeps look-through in the address and asks the server for it', async () => {
    const reply = answer(HouseholdBalanceDocument, ({ lookThrough }: HouseholdBalanceQueryVariables) => sheet({ lookThrough, netWorth: figure(lookThrough ? '751.00' : '750.00') }))
    const { user, address, lastAsked } = renderRoom('/households/h1/balance-sheet?asOf=2020-12-31', { answers: [head, reply] })
    await user.click(await screen.findByRole('switch', { name: 'Look through entities' }))
    await waitFor(() => expect(address()).toBe('/households/h1/balance-sheet?asOf=2020-12-31&lookThrough=true'))
    expect((await screen.findAllByText('$751.00')).length).toBeGreaterThan(0)
    expect(lastAsked('HouseholdBalance')).toEqual({ id: 'h1', asOf: '2020-12-31', lookThrough: true })
  })

  it('says what is partial and what belongs to nobody known', async () => {
    const half = line('a1', 'ACCOUNT', 'Joint brokerage', '800.00', [['p1', '0.5', '400.00']], '0.5')
    renderRoom('/households/h1/balance-sheet', {
      answers: [head, read({ assets: [half, line('a3', 'ACCOUNT', 'Art', null, [['p1', '1', null]])], notAttributed: figure('400.00'), reasons: [reason('UNPRICED', 'Art has no price.')] })],
    })
    expect(await screen.findByText('Some values are missing or partial')).toBeVisible()
    expect(screen.getByText('Art has no price.')).toBeVisible()
    expect(screen.getByRole('columnheader', { name: 'Nobody known' })).toBeVisible()
    expect(screen.getByText(/No owner is known for \$400\.00/)).toBeVisible()
    expect(screen.getAllByText('Not available').length).toBeGreaterThan(0)
  })

  it('has its three empty ways, its error and its outline', async () => {
    const empty = renderRoom('/households/h1/balance-sheet', { answers: [head, read({ assets: [], liabilities: [], owners: [] })] })
    expect(await screen.findByText('Nothing to balance yet')).toBeVisible()
    empty.unmount()
    const ownerless = renderRoom('/households/h1/balance-sheet', { answers: [head, read({ owners: [] })] })
    expect(await screen.findByText('No owner is known yet')).toBeVisible()
    ownerless.unmount()
    const forbidden = renderRoom('/households/h1/balance-sheet', { answers: [head, failing(HouseholdBalanceDocument, refusal('FORBIDDEN', 'It needs accounts.read.'))] })
    expect(await screen.findByText(/It needs accounts\.read\./)).toBeVisible()
    forbidden.unmount()
    renderRoom('/households/h1/balance-sheet', { answers: [head, silent(HouseholdBalanceDocument)] })
    expect((await screen.findAllByText('Loading')).length).toBeGreaterThan(0)
  })
})

describe('ownership', () => {
  const subject = (id: string, kind: string, label: string) => ({ __typename: 'SubjectRef' as const, id, kind, label })
  const owned = (over: Partial<NonNullable<HouseholdOwnershipQuery['household']>> = {}): HouseholdOwnershipQuery => ({
    __typename: 'Query',
    household: {
      __typename: 'Household',
      id: 'h1',
      asOf: '2021-03-31',
      name: 'Whitfield Family',
      viewerCan: [],
      members: [{ __typename: 'HouseholdMember', role: 'HEAD', effectiveFrom: '2015-02-03', effectiveTo: null, party: { __typename: 'PartyRef', id: 'p1', name: 'Eleanor', kind: 'PERSON' } }],
      ownershipGraph: {
        __typename: 'OwnershipGraph',
        nodes: [
          { __typename: 'OwnershipNode', kind: 'PERSON', role: 'HEAD', subject: subject('p1', 'PARTY', 'Eleanor') },
          { __typename: 'OwnershipNode', kind: 'COMPANY', role: null, subject: subject('p2', 'PARTY', 'Lakes LLC') },
          { __typename: 'OwnershipNode', kind: 'LLC', role: null, subject: subject('a1', 'ACCOUNT', 'LLC brokerage') },
        ],
        edges: [
          { __typename: 'OwnershipEdge', fromId: 'p1', toId: 'p2', kind: 'OWNS', share: '0.6' },
          { __typename: 'OwnershipEdge', fromId: 'p2', toId: 'a1', kind: 'OWNER', share: null },
        ],
      },
      ...over,
    },
  })

  it('is walked by the arrow keys and opens what stands there', async () => {
    const { user, address } = renderRoom('/households/h1/ownership', { answers: [head, answer(HouseholdOwnershipDocument, () => owned()), silent(AccountDocument)] })
    const drawing = await screen.findByRole('group', { name: 'Ownership of Whitfield Family' })
    const first = within(drawing).getByRole('link', { name: 'Eleanor, Head. owns 60% Lakes LLC' })
    first.focus()
    await user.keyboard('{ArrowRight}')
    expect(within(drawing).getByRole('link', { name: /^Lakes LLC, Company/ })).toHaveFocus()
    await user.keyboard('{ArrowRight}')
    expect(within(drawing).getByRole('link', { name: /^LLC brokerage/ })).toHaveFocus()
    await user.keyboard('{Enter}')
    await waitFor(() => expect(address()).toBe('/accounts/a1'))
  })

  it('is a table when asked, and lists the members', async () => {
    const { user } = renderRoom('/households/h1/ownership', { answers: [head, answer(HouseholdOwnershipDocument, () => owned())] })
    await user.click(await screen.findByRole('button', { name: 'Show as table' }))
    expect(screen.getByRole('row', { name: 'Eleanor owns Lakes LLC 60.00%' })).toBeVisible()
    expect(within(screen.getByRole('region', { name: 'Members' })).getByRole('link', { name: 'Eleanor' })).toHaveAttribute('href', '/parties/p1')
  })

  it('says so when nobody and nothing is there', async () => {
    const none = owned({ members: [], ownershipGraph: { __typename: 'OwnershipGraph', nodes: [], edges: [] } })
    renderRoom('/households/h1/ownership', { answers: [head, answer(HouseholdOwnershipDocument, () => none)] })
    expect(await screen.findByText('Nothing is owned yet')).toBeVisible()
    expect(screen.getByText('No member is known')).toBeVisible()
  })
})
