import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { BASE } from './support/hosts'
import { freshCode, PEOPLE } from './support/people'
import { enterPassword, signIn, signOut } from './support/signIn'
import { expect, REFUSED, test } from './support/test'

test('the palette finds and opens a household by keyboard alone', async ({ page }) => {
  await signIn(page, PEOPLE.summitAdvisor)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search or go to' })).toBeFocused()
  await page.keyboard.type('whitf')
  await expect(page.getByRole('option', { name: /Whitfield/ }).first()).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/households\//)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Whitfield')
})

test('the frame is open to everybody in both schemes @everywhere', async ({ page }) => {
  await signIn(page, PEOPLE.summitAdmin)
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)
  }
})

test('a session that ends asks again over the page, keeps what was typed, and goes on', async ({ page, context, guards }) => {
  guards.allow(REFUSED)
  const person = PEOPLE.summitCompliance
  await signIn(page, person, '/book')
  await page.getByLabel('Name contains').fill('trust')
  await page.waitForURL(/trust/)
  await context.clearCookies({ name: /wn_(access|refresh)/ })
  await page.getByLabel('Name contains').fill('trust f')
  const sheet = page.getByRole('alertdialog', { name: 'Your session has ended' })
  await expect(sheet).toBeVisible()
  await expectAccessible(page)
  await sheet.getByLabel('Password', { exact: true }).fill('ridge-and-harbor-demo-2021')
  await sheet.getByRole('button', { name: 'Sign in' }).click()
  await sheet.getByLabel('6-digit code').fill(await freshCode(person.email))
  await expect(sheet).toBeHidden()
  await expect(page.getByLabel('Name contains')).toHaveValue('trust f')
})

test('signing out in one tab ends every tab', async ({ page, context }) => {
  const person = PEOPLE.summitTrader
  await signIn(page, person)
  const other = await context.newPage()
  await other.goto(`${BASE.summit}/book`)
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible()
  await signOut(page, person)
  await other.waitForURL(/\/sign-in/)
})

test('a person of one firm is refused on the other', async ({ page, guards }) => {
  guards.allow(REFUSED)
  await page.goto(`${BASE.harbor}/sign-in`)
  await enterPassword(page, PEOPLE.summitReadOnly.email)
  await expect(page.getByRole('alert')).toHaveText('The email or the password is not right.')
})

test('a lost connection is said after three seconds and forgotten when it returns', async ({ page, context, guards }) => {
  guards.allow(/ERR_INTERNET_DISCONNECTED|Failed to load resource|WebSocket/)
  await signIn(page, PEOPLE.harborAdvisor)
  // The page is whole before the network goes: what it still had to fetch would be another journey.
  await expect(page.getByRole('slider', { name: /^Assets at each month end/ })).toBeVisible()
  await context.setOffline(true)
  await expect(page.getByText(/Connection lost\. Reconnecting for \d+ s/)).toBeVisible({ timeout: 8_000 })
  await context.setOffline(false)
  await expect(page.getByText(/Connection lost/)).toBeHidden({ timeout: 30_000 })
})
