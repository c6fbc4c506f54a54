import { readFileSync } from 'node:fs'
import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { book, cents, names, rowsOf } from './support/grid'
import { PEOPLE, type Person } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

interface Page {
  households: { totalCount: number; totalValue: { value: string }; totalCash: { value: string }; edges: { node: { id: string; name: string; marketValue: { value: string } } }[] }
}

const QUERY = `query ($filter: HouseholdFilter, $orderBy: HouseholdOrder) {
  households(first: 200, filter: $filter, orderBy: $orderBy) {
    totalCount totalValue { value } totalCash { value } edges { node { id name marketValue { value } } }
  }
}`
const householdsOf = async (person: Person, filter: object = {}, orderBy: object = { field: 'NAME', direction: 'ASC' }) =>
  (await ask<Page>(person, QUERY, { filter: { standing: 'CURRENT', ...filter }, orderBy })).households
const namesOf = (page: Page['households']) => page.edges.map(({ node }) => node.name)

test('name, least value and order narrow the book; a shared address shows the same @everywhere', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book')
  const grid = book(page)
  await expect(grid).toHaveAttribute('aria-rowcount', /^[1-9]\d+$/)
  const everybody = (await grid.getAttribute('aria-rowcount')) ?? ''
  await page.getByRole('searchbox', { name: 'Name contains' }).fill('family')
  await expect(page).toHaveURL(/q=family/)
  await page.getByRole('button', { name: /^Value/ }).click()
  await page.getByRole('menuitemradio', { name: 'at least $5,000,000' }).click()
  await expect(page).toHaveURL(/min=5000000/)
  await page.getByRole('button', { name: /^Order/ }).click()
  await page.getByRole('menuitemradio', { name: 'Value, largest first' }).click()
  await expect(page).toHaveURL(/sort=-value/)

  const wanted = await householdsOf(PEOPLE.summitAdvisor, { nameContains: 'family', minValue: '5000000' }, { field: 'MARKET_VALUE', direction: 'DESC' })
  expect(wanted.totalCount).toBeGreaterThan(2)
  await expect(grid).toHaveAttribute('aria-rowcount', String(wanted.totalCount + 1))
  await expect.poll(() => names(grid)).toEqual(namesOf(wanted))
  await expect(grid.getByText(`${wanted.totalCount} households`)).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  // Another person of the firm opens the same address in another browser.
  const address = new URL(page.url())
  const other = await open(PEOPLE.summitCompliance, address.pathname + address.search)
  await expect.poll(() => names(book(other))).toEqual(namesOf(wanted))
  await expect(other.getByRole('searchbox', { name: 'Name contains' })).toHaveValue('family')

  // Back takes the filters off again, step by step or at once.
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await expect(page).not.toHaveURL(/q=/)
  await expect(grid).toHaveAttribute('aria-rowcount', everybody)
})

test('the head of a column sorts, and says so', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book')
  const grid = book(page)
  const cash = grid.getByRole('columnheader', { name: 'Cash', exact: true })
  await cash.click()
  await expect(cash).toHaveAttribute('aria-sort', 'descending')
  await expect(page).toHaveURL(/sort=-cash/)
  await cash.click()
  await expect(cash).toHaveAttribute('aria-sort', 'ascending')
  const wanted = namesOf(await householdsOf(PEOPLE.summitAdvisor, {}, { field: 'CASH', direction: 'ASC' }))
  await expect.poll(async () => (await names(grid)).slice(0, 10)).toEqual(wanted.slice(0, 10))
})

test('the grid draws what is seen, and the last row is one key away', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book')
  const grid = book(page)
  await expect(grid).toHaveAttribute('aria-rowcount', /^[4-9]\d$/)
  const drawn = await rowsOf(grid).count()
  expect(drawn).toBeLessThan(40)
  const all = namesOf(await householdsOf(PEOPLE.summitAdvisor))
  await grid.locator('[role="gridcell"][tabindex="0"]').focus()
  await page.keyboard.press('Control+End')
  const last = rowsOf(grid).filter({ hasText: all.at(-1) ?? '' })
  await expect(last).toBeInViewport()
  await expect(last.locator('[role="gridcell"]:focus')).toHaveCount(1)
  await expect(grid.getByText(all[0] ?? '', { exact: true })).toHaveCount(0)
  await page.keyboard.press('Control+Home')
  await expect(rowsOf(grid).filter({ hasText: all[0] ?? '' })).toBeInViewport()
  // The total is the server's, over all rows, drawn or not.
  const { totalValue } = await householdsOf(PEOPLE.summitAdvisor)
  await expect(grid.locator(`button[data-value="${totalValue.value}"]`)).toBeVisible()
})

test('a household is peeked at, moved through and opened with keys alone', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book')
  const grid = book(page)
  const all = await names(grid)
  await grid.locator('[role="gridcell"][tabindex="0"]').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press(' ')
  await expect(page).toHaveURL(/peek=household/)
  const peek = (name: string | undefined) => page.getByRole('complementary', { name: `Peek at ${name}` })
  await expect(peek(all[1]).getByRole('heading', { name: all[1] })).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('j')
  await expect(peek(all[2]).getByRole('heading', { name: all[2] })).toBeVisible()
  await page.keyboard.press('k')
  await expect(peek(all[1]).getByRole('heading', { name: all[1] })).toBeVisible()
  // Its accounts add up to the household.
  const total = await peek(all[1]).getByRole('row', { name: 'Total' }).locator('[data-value]').getAttribute('data-value')
  const parts = await peek(all[1]).locator('tbody data').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('value') ?? ''))
  expect(parts.map(cents).reduce((sum, part) => sum + part, 0n)).toBe(cents(total ?? ''))
  await page.keyboard.press('Escape')
  await expect(page).not.toHaveURL(/peek=/)
  await grid.locator('[role="gridcell"][tabindex="0"]').focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/households\//)
  await expect(page.getByRole('heading', { level: 1, name: all[1] })).toBeVisible()
})

test('a tap shows the peek over the whole phone @phone', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book?q=whitfield')
  await page.getByText('Whitfield Family').tap()
  const peek = page.getByRole('complementary', { name: 'Peek at Whitfield Family' })
  await expect(peek.getByText('$10,162,893.27').first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await peek.getByRole('link', { name: 'Open household' }).tap()
  await expect(page.getByRole('heading', { level: 1, name: 'Whitfield Family' })).toBeVisible()
})

test('the export is the view: its rows, its order, its columns @everywhere', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book?sort=-value&cols=name,value,accounts')
  await expect(rowsOf(book(page)).first()).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('summit-households-2021-03-31.csv')
  const text = readFileSync(await file.path(), 'utf8')
  expect(text.startsWith('\uFEFF')).toBe(true)
  const lines = text.trim().split('\r\n')
  const wanted = await householdsOf(PEOPLE.summitAdvisor, {}, { field: 'MARKET_VALUE', direction: 'DESC' })
  expect(lines).toHaveLength(wanted.totalCount + 1)
  expect(lines[0]).toContain('Household,Value,Accounts,Currency')
  expect(lines[1]).toContain(wanted.edges[0]?.node.marketValue.value ?? 'nothing')
  await expect(page.getByText('The list is exported.')).toBeVisible()
})

test('tiles combine, count what they would leave, and who left is asked for', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book')
  const grid = book(page)
  const tiles = page.getByRole('group', { name: 'Households by what needs attention' })
  const press = async (name: RegExp, attention: string[]) => {
    await tiles.getByRole('button', { name }).click()
    const wanted = await householdsOf(PEOPLE.summitAdvisor, { attention })
    await expect(grid).toHaveAttribute('aria-rowcount', String(wanted.totalCount + 1))
    return wanted
  }
  const overdue = await press(/KYC overdue$/, ['KYC_OVERDUE'])
  expect(overdue.totalCount).toBeGreaterThan(0)
  await expect(tiles.getByRole('button', { name: /KYC overdue$/ })).toHaveText(new RegExp(`^${overdue.totalCount}`))
  await press(/No note in a year$/, ['KYC_OVERDUE', 'NO_CONTACT'])
  await expect(page).toHaveURL(/needs=kyc_overdue%2Cno_contact/)
  await expectAccessible(page)
  await tiles.getByRole('button', { name: /All$/ }).click()
  await page.getByRole('link', { name: 'Who left' }).click()
  const left = await householdsOf(PEOPLE.summitAdvisor, { standing: 'LEFT' })
  await expect(grid).toHaveAttribute('aria-rowcount', String(left.totalCount + 1))
})

test('a selection is counted and summed by the server', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book?sort=-value')
  const grid = book(page)
  await expect(rowsOf(grid).first()).toBeVisible()
  await rowsOf(grid).nth(0).getByRole('checkbox').click()
  await rowsOf(grid).nth(2).getByRole('checkbox').click({ modifiers: ['Shift'] })
  const wanted = await householdsOf(PEOPLE.summitAdvisor, {}, { field: 'MARKET_VALUE', direction: 'DESC' })
  const sum = wanted.edges.slice(0, 3).reduce((all, { node }) => all + cents(node.marketValue.value), 0n)
  const bar = page.getByRole('region', { name: '3 selected' })
  await expect.poll(async () => cents((await bar.locator('[data-value]').getAttribute('data-value')) ?? '0')).toBe(sum)
  await bar.getByRole('button', { name: 'Clear selection' }).click()
  await expect(bar).toHaveCount(0)
})

test('a view is kept by the server with its columns, renamed, and taken back @everywhere', async ({ open }, { project }) => {
  const name = `Cash in old prices ${project.name}`
  const page = await open(PEOPLE.summitAdvisor, '/book?needs=stale&sort=-cash&cols=name,cash,value')
  await page.getByRole('button', { name: 'Save view' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save this view' })
  await dialog.getByLabel('Name of the view').fill(name)
  await dialog.getByRole('button', { name: 'Save the view' }).click()
  await expect(page.getByRole('link', { name })).toHaveAttribute('aria-current', 'page')
  await page.getByRole('link', { name: 'All households' }).click()
  await expect(page).toHaveURL(/\/book$/)

  // Another browser of the same person has it too.
  const other = await open(PEOPLE.summitAdvisor, '/book')
  await other.getByRole('link', { name }).click()
  await expect(other).toHaveURL(/needs=stale/)
  await expect(other).toHaveURL(/sort=-cash/)
  await expect(other.getByRole('columnheader', { name: 'Cash', exact: true })).toBeVisible()
  await expect(other.getByRole('columnheader', { name: 'Accounts', exact: true })).toHaveCount(0)
  await other.getByRole('button', { name: `The view “${name}”` }).click()
  await other.getByRole('menuitem', { name: 'Rename or share' }).click()
  const change = other.getByRole('dialog', { name: 'Change this view' })
  await change.getByLabel('Name of the view').fill(`${name} again`)
  await change.getByRole('button', { name: 'Save the view' }).click()
  await expect(other.getByRole('link', { name: `${name} again` })).toHaveAttribute('aria-current', 'page')
  await other.getByRole('button', { name: `The view “${name} again”` }).click()
  await other.getByRole('menuitem', { name: 'Remove the view' }).click()
  await expect(other.getByRole('link', { name })).toHaveCount(0)
})
