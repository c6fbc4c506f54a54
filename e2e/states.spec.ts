import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { book, rowsOf } from './support/grid'
import { householdId } from './support/households'
import { PEOPLE } from './support/people'
import { expect, REFUSED, test } from './support/test'

test('no result says what was looked for and clears it @everywhere', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book?q=zzzz')
  const empty = page.locator('[data-empty="none"]')
  await expect(empty).toContainText('No household matches')
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await empty.getByRole('button', { name: 'Clear filters' }).click()
  await expect(rowsOf(book(page)).first()).toBeVisible()
})

test('a household with nothing in it says so', async ({ open }) => {
  const id = await householdId(PEOPLE.summitAdvisor, 'Quigley, N. and A.')
  const page = await open(PEOPLE.summitAdvisor, `/households/${encodeURIComponent(id)}`)
  await expect(page.getByText('No accounts', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Activity', exact: true }).click()
  await expect(page.getByText('No transactions yet')).toBeVisible()
  await expectAccessible(page)
})

test('an address that leads nowhere says so and shows the way home @everywhere', async ({ open, guards }) => {
  guards.allow(REFUSED)
  const page = await open(PEOPLE.summitAdvisor, '/nowhere/at/all')
  await expect(page.getByRole('heading', { level: 1, name: 'There is no page here' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Go to Home' }).click()
  await expect(page.getByRole('region', { name: 'Work queue' })).toBeVisible()
  await page.goto('/households/bm90aGluZw==')
  await expect(page.getByText('This household cannot be shown')).toBeVisible()
  await expectAccessible(page)
})

test('while the server thinks, an outline stands where the figures will be @everywhere', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/settings/profile')
  let slow = true
  const held: (() => void)[] = []
  await page.route('**/graphql', async (route) => {
    if (slow) await new Promise<void>((go) => held.push(go))
    await route.continue()
  })
  await page.getByRole('link', { name: 'Book', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Loading' }).first()).toBeVisible()
  await expect(page.locator('.skeleton').first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  slow = false
  for (const go of held.splice(0)) go()
  await expect(rowsOf(book(page)).first()).toBeVisible()
  await expect(page.locator('.skeleton')).toHaveCount(0)
})

test('a server in trouble is said with the request to quote, and trying again works @everywhere', async ({ open, guards }) => {
  guards.allow(/status of 503/, /answer 503/)
  const page = await open(PEOPLE.summitAdvisor, '/settings/profile')
  // What a balancer answers when no web process is left behind it.
  await page.route('**/graphql', (route) => route.fulfill({ status: 503, headers: { 'x-request-id': 'balancer-1' }, body: 'No server is available.' }))
  await page.getByRole('link', { name: 'Book', exact: true }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Nothing was changed.' }).first()
  await expect(alert).toBeVisible({ timeout: 30_000 })
  await expect(alert.getByText('Request balancer-1')).toBeVisible()
  await expectAccessible(page)
  await page.unroute('**/graphql')
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(rowsOf(book(page)).first()).toBeVisible()
  await expect(alert).toHaveCount(0)
})

test('without a network the page keeps what it shows and says that it is old @everywhere', async ({ open, guards }) => {
  guards.allow(/ERR_INTERNET_DISCONNECTED/, /WebSocket/)
  const page = await open(PEOPLE.summitAdvisor, '/')
  await expect(page.getByRole('region', { name: 'Assets' }).locator('button[data-value]').first()).toBeVisible()
  await page.context().setOffline(true)
  await expect(page.getByText(/^Connection lost\. Reconnecting for/)).toBeVisible({ timeout: 15_000 })
  await expect(page.getByRole('region', { name: 'Assets' }).locator('button[data-value]').first()).toBeVisible()
  await expectAccessible(page)
  await page.context().setOffline(false)
  await expect(page.getByText(/^Connection lost\. Reconnecting for/)).toHaveCount(0, { timeout: 30_000 })
})

test('a dropped connection to the server is one sentence, never a blank page', async ({ open, guards }) => {
  guards.allow(/ERR_FAILED/, /net::/)
  const page = await open(PEOPLE.summitAdvisor, '/book')
  await expect(rowsOf(book(page)).first()).toBeVisible()
  await page.route('**/graphql', (route) => route.abort())
  await rowsOf(book(page)).first().dblclick()
  await expect(page.getByRole('alert').first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('navigation', { name: 'Rooms' })).toBeVisible()
  await page.unroute('**/graphql')
  await page.getByRole('button', { name: 'Try again' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Abernathy Trust' })).toBeVisible()
})
