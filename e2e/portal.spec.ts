import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { PEOPLE } from './support/people'
import { signIn } from './support/signIn'
import { expect, test } from './support/test'

for (const scheme of ['light', 'dark'] as const) {
  test(`a client sees what is shared and nothing else, in ${scheme} @phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await signIn(page, PEOPLE.summitGuardian, '/portal')
    const accounts = page.getByRole('listitem')
    await expect(accounts).toHaveCount(1)
    await expect(accounts.first()).toContainText('529 plan')
    // One account is shared: its value is the whole net worth.
    const worth = await page.getByText('Net worth', { exact: true }).first().locator('..').locator('..').getByRole('button').first().textContent()
    await expect(accounts.first()).toContainText(worth ?? 'no figure')
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)
  })
}

test('the portal hides amounts, ends the session and keeps nothing @phone', async ({ page }) => {
  await signIn(page, PEOPLE.harborClient, '/portal')
  await expect(page.getByRole('button', { name: /^\$/ }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Hide amounts' }).click()
  await expect(page.getByText('Hidden').first()).toBeAttached()
  expect(await page.locator('main').textContent()).not.toMatch(/\$\d/)
  await page.getByRole('button', { name: 'Show amounts' }).click()
  await page.getByRole('link', { name: 'More' }).click()
  await expect(page.getByText('This device')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.waitForURL(/\/portal\/sign-in/)
  await page.goto(page.url().replace('/sign-in', ''))
  await page.waitForURL(/\/portal\/sign-in\?next=/)
})

test('staff at the portal and clients at the desk are led to their own place @phone', async ({ page }) => {
  await signIn(page, PEOPLE.harborClient, '/')
  await page.waitForURL(/\/portal$/)
  await expect(page.getByText('Net worth', { exact: true }).first()).toBeVisible()
})
