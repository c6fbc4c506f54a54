import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AssignAccountsDocument,
  BookChoicesDocument,
  BookPageDocument,
  BookTilesDocument,
  BookTotalDocument,
  BookViewsDocument,
  HouseholdPeekDocument,
  SaveViewDocument,
  type BookChoicesQuery,
  type BookPageQuery,
  type BookPageQueryVariables,
  type BookTilesQuery,
  type BookTotalQuery,
  type BookTotalQueryVariables,
  type BookViewsQuery,
  type HouseholdAttention,
  type HouseholdPeekQuery,
} from '@/generated/graphql'
import { NEEDS } from './search'
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
    leftOn: null,
    externalId: `H-${at}`,
    tags: [],
    cashShare: '0.0410',
    marketValue: figure(`${1_000_000 + at}.50`),
    cash: figure('41000.00'),
    ...over,
  }
}

function total(count: number, value = figure('7125000.00')): BookTotalQuery {
  return { __typename: 'Query', households: { __typename: 'HouseholdConnection', totalCount: count, totalValue: value, totalCash: figure('205000.00') } }
}

const COUNTS: Partial<Record<HouseholdAttention, number>> = { STALE: 11, OPEN_ITEMS: 6, UNPRICED: 3 }
const TILES: BookTilesQuery = {
  __typename: 'Query',
  householdTiles: { __typename: 'HouseholdTiles', totalCount: 412, tiles: NEEDS.map((attention) => ({ __typename: 'HouseholdTile' as const, attention, count: COUNTS[attention] ?? 0 })) },
}
const CHOICES: BookChoicesQuery = {
  __typename: 'Query',
  tags: [{ __typename: 'Tag', name: 'VIP', subjectCount: 2 }],
  books: [{ __typename: 'Book', id: 'book-1', kind: 'REPRESENTATIVE', parentId: null, code: 'R1', name: 'Priya Raman' }],
}
type View = BookViewsQuery['savedViews'][number]
const view = (over: Partial<View> = {}): View => ({
  __typename: 'SavedView',
  id: 'view-1',
  name: 'Old prices',
  query: 'needs=stale&sort=-cash',
  isShared: false,
  isDefault: false,
  isMine: true,
  owner: { __typename: 'ActorRef', id: 'user-anna', name: 'Anna Lindahl' },
  ...over,
})
const views = (...savedViews: View[]): BookViewsQuery => ({ __typename: 'Query', savedViews })

function page(rows: Row[], over: { hasNextPage?: boolean; endCursor?: string } = {}): BookPageQuery {
  const { totalCount: _totalCount, ...households } = connection('HouseholdConnection', rows, over)
  return { __typename: 'Query', households }
}

function answers(rows: Row[] = [row(1), row(2), row(3)]) {
  return [answer(BookPageDocument, () => page(rows)), answer(BookTotalDocument, () => total(412)), answer(BookTilesDocument, () => TILES), answer(BookChoicesDocument, () => CHOICES), answer(BookViewsDocument, () => views())]
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
    leftOn: null,
    tags: [],
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
    await user.click(within(tiles).getByRole('button', { name: /11\s*Stale price/ }))
    await user.click(within(tiles).getByRole('button', { name: /6\s*Open items/ }))
    await waitFor(() => expect(lastAsked('BookPage')?.['filter']).toMatchObject({ nameContains: 'whit', standing: 'CURRENT', attention: ['OPEN_ITEMS', 'STALE'] }))
    expect(address()).toBe('/book?q=whit&needs=open_items%2Cstale')
    expect(within(tiles).getByRole('button', { name: /0\s*No owner/ })).toBeVisible()
    // What a tile counts does not depend on the tiles.
    expect(lastAsked('BookTiles')?.['filter']).not.toHaveProperty('attention')
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
  it('are kept by the server, shared when wanted, and named in the row of views', async () => {
    const saved: View[] = []
    const { user, lastAsked } = renderRoom('/book?sort=-cash&needs=stale&q=kap', {
      viewer: { permissions: ['households.read', 'views.write', 'work.read', 'notes.read', 'users.read'] },
      answers: [
        ...answers(),
        answer(BookViewsDocument, () => views(...saved)),
        answer(SaveViewDocument, ({ input }) => {
          saved.push(view({ name: input.name, query: input.query, isShared: input.isShared ?? false }))
          return { __typename: 'Mutation' as const, saveView: { __typename: 'SaveViewSuccess' as const, viewId: 'view-1' } }
        }),
      ],
    })
    await screen.findByText('Family 1')
    await user.click(await screen.findByRole('button', { name: 'Save view' }))
    const dialog = await screen.findByRole('dialog', { name: 'Save this view' })
    await user.type(within(dialog).getByRole('textbox', { name: 'Name of the view' }), 'Old prices')
    await user.click(within(dialog).getByRole('checkbox', { name: /Share with the firm/ }))
    await user.click(within(dialog).getByRole('button', { name: 'Save the view' }))
    expect(await screen.findByRole('link', { name: 'Old prices' })).toHaveAttribute('aria-current', 'page')
    expect(lastAsked('SaveView')?.['input']).toMatchObject({ page: 'BOOK', name: 'Old prices', query: 'needs=stale&q=kap&sort=-cash', isShared: true, isDefault: false, viewId: null })
    expect(localStorage.length).toBe(0)
  })

  it('opens with the default, and not where the address says something else', async () => {
    const chosen = answer(BookViewsDocument, () => views(view({ isDefault: true })))
    const first = renderRoom('/book', { answers: [...answers(), chosen] })
    await waitFor(() => expect(first.address()).toBe('/book?sort=-cash&needs=stale'))
    first.unmount()
    const second = renderRoom('/book?sort=-value', { answers: [...answers(), chosen] })
    expect(await screen.findByRole('link', { name: 'Old prices' })).toBeVisible()
    expect(second.address()).toBe('/book?sort=-value')
  })
})

describe('columns', () => {
  it('are chosen, moved and kept in the address', async () => {
    const { user, address } = renderRoom('/book', { answers: answers() })
    await screen.findByText('Family 1')
    await user.click(screen.getByRole('button', { name: 'Columns' }))
    const dialog = await screen.findByRole('dialog', { name: 'Columns of the list' })
    await user.click(within(dialog).getByRole('checkbox', { name: 'Cash share' }))
    await user.click(within(dialog).getByRole('button', { name: 'Move Value to the left' }))
    await user.click(within(dialog).getByRole('button', { name: 'Show these' }))
    await waitFor(() => expect(address()).toBe('/book?cols=name%2Cvalue%2Cadvisor%2Ccash%2Caccounts%2CopenItems%2Copened'))
    expect(screen.queryByRole('columnheader', { name: 'Cash share' })).toBeNull()
  })
})

describe('the whole list', () => {
  it('is assigned after a look at what changes', async () => {
    const done = (variables: { input: { dryRun?: boolean | null } }) => ({
      __typename: 'Mutation' as const,
      assignAccounts: {
        __typename: 'AssignAccountsSuccess' as const,
        accountCount: 900,
        unchangedCount: variables.input.dryRun ? 100 : 0,
        before: [{ __typename: 'AssignmentBefore' as const, accountCount: 800, books: [] }],
      },
    })
    const { user, lastAsked } = renderRoom('/book?q=fam', {
      viewer: { permissions: ['households.read', 'books.assign', 'users.read', 'notes.read', 'work.read'] },
      answers: [...answers(), answer(AssignAccountsDocument, done)],
    })
    await screen.findByText('Family 1')
    await user.click(screen.getByRole('checkbox', { name: 'Select Family 1' }))
    await user.click(await screen.findByRole('button', { name: 'All 412 that match' }))
    const bar = await screen.findByRole('region', { name: '412 selected' })
    await user.click(within(bar).getByRole('button', { name: 'Assign' }))
    const dialog = await screen.findByRole('dialog', { name: 'Assign 412 households' })
    await user.click(within(dialog).getByRole('button', { name: 'Look at what changes' }))
    expect(within(dialog).getByText('Choose who gets them.')).toBeVisible()
    await user.click(within(dialog).getByRole('button', { name: /To/ }))
    await user.click(await screen.findByRole('option', { name: /R1, Priya Raman/ }))
    await user.click(within(dialog).getByRole('button', { name: 'Look at what changes' }))
    expect(await within(dialog).findByText('Nobody')).toBeVisible()
    expect(lastAsked('AssignAccounts')?.['input']).toMatchObject({ dryRun: true, expectedCount: 412, households: { nameContains: 'fam' }, splits: [{ bookId: 'book-1', split: '1' }] })
    await user.click(within(dialog).getByRole('button', { name: 'Assign 900 accounts' }))
    expect(await screen.findByText('900 accounts assigned.')).toBeVisible()
    expect(lastAsked('AssignAccounts')?.['input']).toMatchObject({ dryRun: false })
  })
})

describe('the export', () => {
  const download = (response: Response) => {
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} }))
    return { clicked: vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {}), fetched: vi.spyOn(globalThis, 'fetch').mockResolvedValue(response) }
  }

  it('is made by the server: this filter, this order, these columns', async () => {
    const { user } = renderRoom('/book?sort=-value&needs=stale&cols=name,value', { answers: answers() })
    await screen.findByText('Family 1')
    const { clicked, fetched } = download(new Response('x'))
    await user.click(screen.getByRole('button', { name: 'Export' }))
    expect(await screen.findByText('The list is exported.')).toBeVisible()
    expect(clicked).toHaveBeenCalledOnce()
    const asked = new URL(String(fetched.mock.calls.at(-1)?.[0]), 'http://x')
    expect(asked.pathname).toBe('/files/book.csv')
    expect(JSON.parse(asked.searchParams.get('filter') ?? '')).toMatchObject({ attention: ['STALE'], standing: 'CURRENT' })
    expect(JSON.parse(asked.searchParams.get('orderBy') ?? '')).toEqual({ field: 'MARKET_VALUE', direction: 'DESC' })
    expect(asked.searchParams.get('columns')).toBe('name,value,currency,quality,reasons,asOf,reference')
    vi.restoreAllMocks()
  })

  it('says in the server’s words why there is no file', async () => {
    const { user } = renderRoom('/book', { answers: answers() })
    await screen.findByText('Family 1')
    download(new Response(JSON.stringify({ error: { message: 'At most 20 files.' } }), { status: 429 }))
    await user.click(screen.getByRole('button', { name: 'Export' }))
    expect(await screen.findByText(/At most 20 files\./)).toBeVisible()
    vi.restoreAllMocks()
  })
})

describe('without rows', () => {
  const none = () => [answer(BookPageDocument, () => page([])), answer(BookTotalDocument, () => total(0)), answer(BookTilesDocument, () => TILES), answer(BookChoicesDocument, () => CHOICES), answer(BookViewsDocument, () => views())]

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
    renderRoom('/book', { answers: [silent(BookPageDocument), silent(BookTotalDocument), silent(BookTilesDocument), answer(BookChoicesDocument, () => CHOICES), answer(BookViewsDocument, () => views())] })
    expect((await screen.findAllByText('Loading')).length).toBeGreaterThan(0)
  })

  it('says what is safe when the list cannot be read, and who to ask when it may not be', async () => {
    const first = renderRoom('/book', { answers: [failing(BookPageDocument, refusal('INTERNAL', 'The list broke', 'req-9')), silent(BookTotalDocument), silent(BookTilesDocument), answer(BookChoicesDocument, () => CHOICES), answer(BookViewsDocument, () => views())] })
    expect(await screen.findByText('Request req-9')).toBeVisible()
    first.unmount()
    renderRoom('/book', { answers: [failing(BookPageDocument, refusal('FORBIDDEN', 'You may not read households.')), silent(BookTotalDocument), silent(BookTilesDocument), answer(BookChoicesDocument, () => CHOICES), answer(BookViewsDocument, () => views())] })
    expect(await screen.findByText('You may not see the book')).toBeVisible()
  })
})
