import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  BookPageDocument,
  BookTilesDocument,
  BookTotalDocument,
  HouseholdPeekDocument,
  type BookPageQuery,
  type BookPageQueryVariables,
  type BookTilesQuery,
  type BookTotalQuery,
  type BookTotalQueryVariables,
  type HouseholdPeekQuery,
} from '@/generated/graphql'
import { answer, connection, failing, figure, reason, refusal, renderRoom, silent } from '../../../tests/rooms'

type Row = BookPageQuery['households']['edges'][number]['node']

function row(at: number, over: Partial<Row> = {}): Row {
  return {
    __typename: 'Household',
    id: `household-${at}`,
    name: `Family ${at}`,
    advisorName: 'Priya Raman',
    accountCount: 3,
    openItems: 0,
    openedOn: '2015-02-03',
    cashShare: '0.0410',
    marketValue: figure(`${1_000_000 + at}.50`),
    cash: figure('41000.00'),
    ...over,
  }
}

function total(count: number, value = figure('7125000.00')): BookTotalQuery {
  return { __typename: 'Query', households: { __typename: 'HouseholdConnection', totalCount: count, totalValue: value, totalCash: figure('205000.00') } }
}

const count = (totalCount: number) => ({ __typename: 'HouseholdConnection' as const, totalCount })
const TILES: BookTilesQuery = { __typename: 'Query', all: count(412), partial: count(3), stale: count(11), unavailable: count(0), open: count(6) }

function page(rows: Row[], over: { hasNextPage?: boolean; endCursor?: string } = {}): BookPageQuery {
  const { totalCount: _totalCount, ...households } = connection('HouseholdConnection', rows, over)
  return { __typename: 'Query', households }
}

function answers(rows: Row[] = [row(1), row(2), row(3)]) {
  return [answer(BookPageDocument, () => page(rows)), answer(BookTotalDocument, () => total(412)), answer(BookTilesDocument, () => TILES)]
}

const PEEK: HouseholdPeekQuery = {
  __typename: 'Query',
  household: {
    __typename: 'Household',
    id: 'household-2',
    asOf: '2021-03-31',
    name: 'Family 2',
    externalId: 'H-0002',
    advisorName: 'Priya Raman',
    accountCount: 2,
    openItems: 1,
    openedOn: '2015-02-03',
    cashShare: '0.0410',
    marketValue: figure('1000002.50'),
    cash: figure('41000.00'),
    valueHistory: [
      { __typename: 'ValuePoint', date: '2021-03-30', value: '990000.00', quality: 'COMPLETE' },
      { __typename: 'ValuePoint', date: '2021-03-31', value: '1000002.50', quality: 'COMPLETE' },
    ],
    accounts: connection('AccountConnection', [
      { __typename: 'Account' as const, id: 'account-1', asOf: '2021-03-31', name: 'Joint brokerage', accountNumberLast4: '4471', marketValue: figure('600000.50') },
      { __typename: 'Account' as const, id: 'account-2', asOf: '2021-03-31', name: 'Family trust', accountNumberLast4: null, marketValue: figure('400002.00') },
    ]),
  },
  workItems: connection('WorkItemConnection', [
    { __typename: 'WorkItem' as const, id: 'w1', title: 'Confirm the new bank details', detail: null, severity: 'BREACH' as const, createdAt: '2021-03-31T12:00:00Z', actionLabel: 'Call', actionPath: '/work?kind=call' },
  ]),
}

const textOf = (blob: Blob | undefined) =>
  new Promise<string>((resolve) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result)))
    reader.readAsText(blob ?? new Blob([]))
  })

beforeEach(() => localStorage.clear())

describe('the book', () => {
  it('lists households with the sum of the whole list, not of the page', async () => {
    renderRoom('/book', { answers: answers() })
    const grid = await screen.findByRole('grid', { name: 'Households' })
    expect(await within(grid).findByText('Family 1')).toBeVisible()
    expect(within(grid).getByText('$1,000,001.50')).toBeVisible()
    expect(await within(grid).findByText('412 households')).toBeVisible()
    expect(within(grid).getByRole('button', { name: '$7,125,000.00' })).toBeVisible()
    expect(grid).toHaveAttribute('aria-rowcount', '413')
    expect(screen.getByText('As of 31 Mar 2021, trade date, summit books')).toBeVisible()
  })

  it('sorts on the server and keeps the order in the address', async () => {
    const { user, lastAsked, address } = renderRoom('/book', { answers: answers() })
    await screen.findByText('Family 1')
    expect(lastAsked('BookPage')).toMatchObject({ first: 200, after: null, orderBy: { field: 'NAME', direction: 'ASC' } })
    await user.click(screen.getByRole('columnheader', { name: 'Value' }))
    await waitFor(() => expect(lastAsked('BookPage')).toMatchObject({ orderBy: { field: 'MARKET_VALUE', direction: 'DESC' } }))
    expect(address()).toBe('/book?sort=-value')
    expect(screen.getByRole('link', { name: 'Largest' })).toHaveAttribute('aria-current', 'page')
  })

  it('filters by name once the hand rests, and by tiles that combine', async () => {
    const { user, lastAsked, address } = renderRoom('/book', { answers: answers() })
    await screen.findByText('Family 1')
    await user.type(screen.getByRole('searchbox', { name: 'Name contains' }), 'whit')
    await waitFor(() => expect(lastAsked('BookPage')?.['filter']).toMatchObject({ nameContains: 'whit' }))
    const tiles = screen.getByRole('group', { name: 'Households by what needs attention' })
    await user.click(within(tiles).getByRole('button', { name: /11\s*Stale value/ }))
    await user.click(within(tiles).getByRole('button', { name: /6\s*Open items/ }))
    await waitFor(() => expect(lastAsked('BookPage')?.['filter']).toEqual({ nameContains: 'whit', minValue: null, quality: ['STALE'], hasOpenItems: true }))
    expect(address()).toBe('/book?q=whit&quality=stale&open=true')
    expect(lastAsked('BookTiles')?.['stale']).toEqual({ nameContains: 'whit', minValue: null, quality: ['STALE'] })
    await user.click(screen.getByRole('button', { name: 'Clear filters' }))
    await waitFor(() => expect(address()).toBe('/book'))
  })

  it('reads the next page from where the last one ended', async () => {
    const first = Array.from({ length: 40 }, (_, at) => row(at))
    const pages = answer(BookPageDocument, (variables: BookPageQueryVariables) =>
      variables.after ? page([row(100, { name: 'The last family' })]) : page(first, { hasNextPage: true, endCursor: 'cursor-40' }),
    )
    const { lastAsked } = renderRoom('/book', { answers: [...answers(), pages] })
    await screen.findByText('Family 0')
    await waitFor(() => expect(lastAsked('BookPage')).toMatchObject({ after: 'cursor-40' }))
  })

  it('marks a value that is not complete with a word, never with colour alone', async () => {
    const partial = figure('900.00', { quality: 'PARTIAL', reasons: [reason('UNPRICED', 'ACME has no price.')] })
    const missing = figure(null, { reasons: [reason('NOTHING_PRICED', 'Nothing could be priced.')] })
    renderRoom('/book', { answers: answers([row(1, { marketValue: partial }), row(2, { marketValue: missing })]) })
    const grid = await screen.findByRole('grid')
    expect(await within(grid).findByText('Incomplete value:')).toBeInTheDocument()
    expect(within(grid).getByText('Not available')).toBeVisible()
    expect(within(grid).getByText(/Nothing could be priced\./)).toBeInTheDocument()
  })

  it('adds the selection up on the server', async () => {
    const totals = answer(BookTotalDocument, (variables: BookTotalQueryVariables) => (variables.filter?.ids ? total(2, figure('2000003.00')) : total(412)))
    const { user, lastAsked } = renderRoom('/book', { answers: [...answers(), totals] })
    await screen.findByText('Family 1')
    await user.click(screen.getByRole('checkbox', { name: 'Select Family 1' }))
    await user.click(screen.getByRole('checkbox', { name: 'Select Family 2' }))
    const bar = await screen.findByRole('region', { name: '2 selected' })
    expect(await within(bar).findByRole('button', { name: '$2,000,003.00' })).toBeVisible()
    expect(lastAsked('BookTotal')?.['filter']).toEqual({ ids: ['household-1', 'household-2'] })
    await user.click(within(bar).getByRole('button', { name: 'Clear selection' }))
    expect(screen.queryByRole('region', { name: '2 selected' })).toBeNull()
  })
})

describe('the peek', () => {
  it('stands beside the list with accounts that add up, and moves with J and K', async () => {
    const { user, address } = renderRoom('/book?peek=household%3Ahousehold-2', { answers: [...answers(), answer(HouseholdPeekDocument, ({ id }) => (id === 'household-2' ? PEEK : { ...PEEK, household: null }))] })
    const peek = await screen.findByRole('complementary', { name: 'Peek at Family 2' })
    expect(await within(peek).findByText('2 of 412')).toBeVisible()
    const accounts = within(peek).getByRole('region', { name: 'Accounts' })
    expect(within(accounts).getByText('$600,000.50')).toBeVisible()
    expect(within(accounts).getByText('$400,002.00')).toBeVisible()
    expect(within(accounts).getByRole('button', { name: '$1,000,002.50' })).toBeVisible()
    expect(within(peek).getByRole('link', { name: 'Call: Confirm the new bank details' })).toHaveAttribute('href', '/work?kind=call')
    await user.keyboard('j')
    await waitFor(() => expect(address()).toBe('/book?peek=household%3Ahousehold-3'))
    await user.keyboard('k')
    await waitFor(() => expect(address()).toBe('/book?peek=household%3Ahousehold-2'))
    await user.keyboard('{Escape}')
    await waitFor(() => expect(address()).toBe('/book'))
  })

  it('does not take J and K from a field', async () => {
    const { user, address } = renderRoom('/book?peek=household%3Ahousehold-2', { answers: [...answers(), answer(HouseholdPeekDocument, () => PEEK)] })
    await screen.findByRole('complementary', { name: 'Peek at Family 2' })
    await user.type(screen.getByRole('searchbox', { name: 'Name contains' }), 'j')
    await waitFor(() => expect(address()).toContain('q=j'))
    expect(address()).toContain('household-2')
  })
})

describe('saved views', () => {
  it('keep the order and the tiles for this person, and can be taken back', async () => {
    const { user, address } = renderRoom('/book?sort=-cash&quality=stale&q=secret', { answers: answers() })
    await screen.findByText('Family 1')
    await user.click(screen.getByRole('button', { name: 'Save view' }))
    const dialog = await screen.findByRole('dialog', { name: 'Save this view' })
    await user.type(within(dialog).getByRole('textbox', { name: 'Name of the view' }), 'Old prices')
    await user.click(within(dialog).getByRole('button', { name: 'Save the view' }))
    expect(await screen.findByRole('link', { name: 'Old prices' })).toHaveAttribute('aria-current', 'page')
    expect(address()).toBe('/book?sort=-cash&quality=stale')
    const kept = localStorage.getItem('wn-book-views:user-anna') ?? ''
    expect(kept).toContain('Old prices')
    expect(kept).not.toContain('secret')
    await user.click(screen.getByRole('button', { name: 'Remove the view “Old prices”' }))
    expect(screen.queryByRole('link', { name: 'Old prices' })).toBeNull()
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    expect(await screen.findByRole('link', { name: 'Old prices' })).toBeVisible()
  })
})

describe('the export', () => {
  it('reads every page in the server’s order and saves one file', async () => {
    const pages = answer(BookPageDocument, (variables: BookPageQueryVariables) =>
      variables.after ? page([row(3, { name: 'Gallagher, R. and M.' })]) : page([row(1), row(2)], { hasNextPage: true, endCursor: 'c2' }),
    )
    const blobs: Blob[] = []
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: (blob: Blob) => (blobs.push(blob), 'blob:x'), revokeObjectURL: () => {} }))
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
    const { user, asked } = renderRoom('/book?sort=-value', { answers: [...answers(), pages] })
    await screen.findByText('Family 1')
    await user.click(screen.getByRole('button', { name: 'Export' }))
    expect(await screen.findByText('3 households exported.')).toBeVisible()
    expect(clicked).toHaveBeenCalledOnce()
    const lines = (await textOf(blobs[0])).trimEnd().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(screen.getAllByRole('row', { name: /Gallagher/ })).toHaveLength(1)
    expect(lines[0]).toContain('Household,Advisor,Accounts,Value,Cash,Currency')
    expect(lines[3]).toContain('"Gallagher, R. and M.",Priya Raman,3,1000003.50,41000.00,USD,0.0410,COMPLETE,,2021-03-31,0,2015-02-03')
    const exported = asked.filter(({ name }) => name === 'BookPage').slice(-2)
    expect(exported.map(({ variables }) => variables['after'])).toEqual([null, 'c2'])
    expect(exported[1]?.variables['orderBy']).toEqual({ field: 'MARKET_VALUE', direction: 'DESC' })
  })
})

describe('without rows', () => {
  const none = () => [answer(BookPageDocument, () => page([])), answer(BookTotalDocument, () => total(0)), answer(BookTilesDocument, () => TILES)]

  it('offers to clear the filters when they leave nothing', async () => {
    const { user, address } = renderRoom('/book?q=zzz', { answers: none() })
    expect(await screen.findByText('No household matches')).toBeVisible()
    await user.click(screen.getAllByRole('button', { name: 'Clear filters' }).at(-1) as HTMLElement)
    await waitFor(() => expect(address()).toBe('/book'))
  })

  it('says the next step on first use, to those who may take it', async () => {
    renderRoom('/book', { answers: none() })
    expect(await screen.findByText('Your book is empty')).toBeVisible()
    expect(screen.getByRole('link', { name: 'Import a bundle' })).toHaveAttribute('href', '/imports')
  })

  it('tells a limited person that nothing was shared', async () => {
    renderRoom('/book', { viewer: { scope: 'LIMITED', permissions: ['households.read'] }, answers: none() })
    expect(await screen.findByText(/Nobody has shared a household with you yet/)).toBeVisible()
    expect(screen.queryByRole('link', { name: 'Import a bundle' })).toBeNull()
  })

  it('shows an outline, then the error with its request', async () => {
    renderRoom('/book', { answers: [silent(BookPageDocument), silent(BookTotalDocument), silent(BookTilesDocument)] })
    expect((await screen.findAllByText('Loading')).length).toBeGreaterThan(0)
  })

  it('says what is safe when the list cannot be read, and who to ask when it may not be', async () => {
    const first = renderRoom('/book', { answers: [failing(BookPageDocument, refusal('INTERNAL', 'The list broke', 'req-9')), silent(BookTotalDocument), silent(BookTilesDocument)] })
    expect(await screen.findByText('Request req-9')).toBeVisible()
    first.unmount()
    renderRoom('/book', { answers: [failing(BookPageDocument, refusal('FORBIDDEN', 'You may not read households.')), silent(BookTotalDocument), silent(BookTilesDocument)] })
    expect(await screen.findByText('You may not see the book')).toBeVisible()
  })
})
