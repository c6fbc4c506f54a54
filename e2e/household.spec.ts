import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { cents, rowsOf, valuesIn } from './support/grid'
import { householdId } from './support/households'
import { PEOPLE } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

const advisor = PEOPLE.summitAdvisor
// docs/domain/demo-books.md: the plan's values, to the cent.
const WHITFIELD = { '4471': '4182306.42', '9034': '3640225.60', '2210': '1204918.77', '2211': '986540.13', '7718': '148902.35', total: '10162893.27' }

const same = (a: string | null, b: string) => expect(cents(a ?? '')).toBe(cents(b))

test('the accounts on the screen add up to the household, to the cent @everywhere', async ({ open }) => {
  const id = await householdId(advisor, 'Whitfield Family')
  const page = await open(advisor, `/households/${encodeURIComponent(id)}`)
  const grid = page.getByRole('grid', { name: 'Accounts of Whitfield Family' })
  await expect(rowsOf(grid)).toHaveCount(5)
  let sum = 0n
  for (const [last4, value] of Object.entries(WHITFIELD)) {
    if (last4 === 'total') continue
    const shown = (await valuesIn(rowsOf(grid).filter({ hasText: last4 }))).at(-1) ?? ''
    same(shown, value)
    sum += cents(shown)
  }
  expect(sum).toBe(cents(WHITFIELD.total))
  same((await valuesIn(grid.getByRole('row', { name: /^Total/ }))).at(-1) ?? '', WHITFIELD.total)
  await expect(page.getByRole('banner').getByText('$10,162,893.27').or(page.getByText('$10,162,893.27')).first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('holdings and cash of an account add up to its value @everywhere', async ({ open }) => {
  const id = await householdId(advisor, 'Whitfield Family')
  const page = await open(advisor, `/households/${encodeURIComponent(id)}`)
  await page.getByRole('link', { name: 'Holdings', exact: true }).click()
  const grid = page.getByRole('grid', { name: 'Holdings of Joint brokerage 4471' })
  await expect(grid).toBeVisible()
  await expect(rowsOf(grid).filter({ hasText: 'SPY' })).toContainText('$1,228,623.00')
  const column = async (row: number) => grid.locator(`[data-row="${row}"]`).getByText(/^\$[\d,]+\.\d\d$/).first().textContent()
  let sum = 0n
  for (let row = 0; row < (await rowsOf(grid).count()); row++) sum += cents(((await column(row)) ?? '').replace(/[$,]/g, ''))
  expect(sum).toBe(cents(WHITFIELD['4471']))
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('another day is in the address and changes every figure; the way back is one press @everywhere', async ({ open }) => {
  const id = await householdId(advisor, 'Whitfield Family')
  const day = '2019-06-28'
  const { household } = await ask<{ household: { marketValue: { value: string } } }>(
    advisor,
    'query ($id: ID!, $day: Date) { household(id: $id, asOf: $day) { marketValue { value } } }',
    { id, day },
  )
  const page = await open(advisor, `/households/${encodeURIComponent(id)}`)
  const head = page.locator('header').filter({ has: page.getByRole('heading', { level: 1 }) })
  await expect(head.locator('[data-value]')).toHaveAttribute('data-value', WHITFIELD.total)
  await page.getByLabel('As of', { exact: true }).fill(day)
  await expect(page).toHaveURL(new RegExp(`asOf=${day}`))
  await expect(head.locator('[data-value]')).toHaveAttribute('data-value', household.marketValue.value)
  await expect(head.getByText('As of 28 Jun 2019')).toBeVisible()
  expect(household.marketValue.value).not.toBe(WHITFIELD.total)
  // The day stays when the tab changes.
  await page.getByRole('link', { name: 'Holdings', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`holdings\\?asOf=${day}`))
  await page.getByRole('button', { name: 'Back to 31 Mar 2021' }).click()
  await expect(page).not.toHaveURL(/asOf/)
  await expect(head.locator('[data-value]')).toHaveAttribute('data-value', WHITFIELD.total)
})

test('a figure explains itself: formula, inputs, sources, and gives the focus back @everywhere', async ({ open }) => {
  const id = await householdId(advisor, 'Whitfield Family')
  const page = await open(advisor, `/households/${encodeURIComponent(id)}`)
  const figure = page.locator('header').filter({ has: page.getByRole('heading', { level: 1 }) }).locator('[data-value]')
  await figure.focus()
  await page.keyboard.press('Enter')
  const panel = page.getByRole('dialog', { name: 'How is Managed assets computed?' })
  await expect(panel.getByText('$10,162,893.27').first()).toBeVisible()
  await expect(panel.getByRole('listitem').first()).toBeVisible()
  await expect(panel.getByText(/^Book version \d+$/)).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  await expect(figure).toBeFocused()
})

test('a value that cannot be whole says so, and why @everywhere', async ({ open }) => {
  const id = await householdId(PEOPLE.summitLimitedAdvisor, 'Abernathy Trust')
  const page = await open(PEOPLE.summitLimitedAdvisor, `/households/${encodeURIComponent(id)}`)
  await expect(page.getByText('Partial value: not everything could be counted')).toBeVisible()
  await expect(page.getByText(/Art collection.* no price/).first()).toBeVisible()
  await page.getByRole('link', { name: 'Holdings', exact: true }).click()
  const grid = page.getByRole('grid', { name: /^Holdings of/ }).filter({ hasText: 'Art collection' })
  await expect(rowsOf(grid).filter({ hasText: 'Art collection' })).toContainText('No price')
  await expectAccessible(page)
})

test('two cheques alike on one day both count, and a filter finds them @everywhere', async ({ open }) => {
  const id = await householdId(advisor, 'Whitfield Family')
  const page = await open(advisor, `/households/${encodeURIComponent(id)}`)
  await page.getByRole('link', { name: 'Activity', exact: true }).click()
  const grid = page.getByRole('grid', { name: 'Transactions of Whitfield Family' })
  await expect(rowsOf(grid).first()).toBeVisible()
  await page.goto(`${page.url()}?type=deposit&from=2021-02-12&to=2021-02-12`)
  await expect(rowsOf(grid)).toHaveCount(2)
  const values = await rowsOf(grid).evaluateAll((rows) => rows.map((row) => row.textContent))
  expect(values[0]).toBe(values[1])
  await rowsOf(grid).first().locator('[role="gridcell"]').first().click()
  await expect(grid.getByText('transactions.csv').first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})
