import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { householdId } from './support/households'
import { PEOPLE, type Person } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

interface Summary {
  workSummary: { openCount: number; needsYou: number; groups: { kind: string; label: string; count: number; actionLabel: string; actionPath: string }[] }
  firm: { householdCount: number; accountCount: number; totalValue: { value: string; asOf: string; basis: string } }
}

const QUERY = `query ($scope: WorkScope) {
  workSummary(scope: $scope) { openCount needsYou groups { kind label count actionLabel actionPath } }
  firm { householdCount accountCount totalValue { value asOf basis } }
}`
/** Several items whose oldest would open a single thing are opened as a list. */
const actionOf = (group: Summary['workSummary']['groups'][number]) =>
  group.count > 1 && /^\/(households|accounts|parties|securities|approvals|jobs|imports)\/.|[?&]break=/.test(group.actionPath) ? 'See all' : group.actionLabel

const summaryOf = (person: Person, scope: string) => ask<Summary>(person, QUERY, { scope })

test('Home opens on the work queue, and its numbers are the API’s @everywhere', async ({ open }) => {
  const person = PEOPLE.summitOperations
  const page = await open(person)
  const { workSummary, firm } = await summaryOf(person, 'FIRM')
  await expect(page.getByRole('heading', { level: 1, name: 'Wednesday, 31 March' })).toBeVisible()
  const queue = page.getByRole('region', { name: 'Work queue' })
  await expect(queue.getByRole('listitem')).toHaveCount(workSummary.groups.length)
  expect(workSummary.groups.length).toBeGreaterThan(0)
  for (const [index, group] of workSummary.groups.entries()) {
    const row = queue.getByRole('listitem').nth(index)
    await expect(row).toContainText(group.label)
    await expect(row.locator('data').first()).toHaveText(String(group.count))
    await expect(row.getByRole('link', { name: `${actionOf(group)}: ${group.label}` })).toBeVisible()
  }
  expect(workSummary.groups.reduce((sum, group) => sum + group.count, 0)).toBe(workSummary.openCount)
  await expect(page.getByText(workSummary.openCount === 1 ? '1 item is open' : `${workSummary.openCount} items are open`)).toBeVisible()

  const assets = page.getByRole('region', { name: 'Assets' })
  await expect(assets.locator('button[data-value]').first()).toHaveAttribute('data-value', firm.totalValue.value)
  await expect(assets.getByText(`As of 31 Mar 2021, ${firm.totalValue.basis}`)).toBeVisible()
  await expect(assets.locator(`data[value="${firm.householdCount}"]`).first()).toBeVisible()
  await expect(assets.locator(`data[value="${firm.accountCount}"]`)).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('the one action of a queue row opens the same list, filtered @everywhere', async ({ open }) => {
  const person = PEOPLE.summitOperations
  const page = await open(person)
  const { workSummary } = await summaryOf(person, 'FIRM')
  const first = workSummary.groups[0]
  if (!first) throw new Error('The demo has no open work.')
  await page.getByRole('link', { name: `${actionOf(first)}: ${first.label}` }).click()
  await expect(page).not.toHaveURL(/\/$/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('region', { name: 'Work queue' })).toBeVisible()
})

test('whose work is shown is in the address', async ({ open }) => {
  const person = PEOPLE.summitOperations
  const page = await open(person)
  const { workSummary } = await summaryOf(person, 'MINE')
  await page.getByRole('button', { name: 'Mine' }).click()
  await expect(page).toHaveURL(/\/\?scope=mine$/)
  await expect(page.getByRole('region', { name: 'Work queue' }).getByRole('listitem')).toHaveCount(workSummary.groups.length)
})

test('hidden amounts are hidden everywhere, and only amounts @everywhere', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor)
  await page.getByRole('button', { name: 'Hide amounts' }).click()
  const assets = page.getByRole('region', { name: 'Assets' })
  await expect(assets.locator('[data-masked]').first()).toBeVisible()
  await expect(assets.getByText('$')).toHaveCount(0)
  await expect(assets.locator('data').first()).toBeVisible()
  await page.goto('/book')
  const grid = page.getByRole('grid', { name: 'Households' })
  await expect(grid.locator('[data-masked]').first()).toBeVisible()
  expect(await grid.innerText()).not.toMatch(/\$\d/)
  const household = `/households/${encodeURIComponent(await householdId(PEOPLE.summitAdvisor, 'Whitfield Family'))}`
  for (const tab of ['', '/balance-sheet', '/ownership', '/holdings', '/activity', '/timeline']) {
    await page.goto(household + tab)
    await expect(page.locator('[data-masked]').first()).toBeVisible()
    expect(await page.getByRole('main').innerText(), tab).not.toMatch(/[$€£]\s?\d/)
  }
  await page.goto('/book')
  await page.getByRole('button', { name: 'Show amounts' }).click()
  await expect(grid.getByText(/^\$\d/).first()).toBeVisible()
})
