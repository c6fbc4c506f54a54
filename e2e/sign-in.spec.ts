import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { BASE, FIRM_NAMES, type FirmSlug } from './support/hosts'
import { freshCode, PEOPLE, wrongCode } from './support/people'
import { enterPassword, signOut } from './support/signIn'
import { passTime } from './support/system'
import { expect, REFUSED, test } from './support/test'

const FIRMS: FirmSlug[] = ['summit', 'harbor']

for (const firm of FIRMS) {
  test(`the sign-in page of ${firm} is in its own brand and open to everybody, light and dark @everywhere`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(`${BASE[firm]}/sign-in`)
    await expect(page).toHaveTitle(`Sign in · ${FIRM_NAMES[firm]}`)
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    const hue = await page.evaluate(() => document.documentElement.style.getPropertyValue('--h'))
    expect(hue).toBe(firm === 'summit' ? '255' : '160')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expectAccessible(page)
    }
    await expectNoSidewaysScroll(page)
  })
}

test('the sign-in page holds at 320 pixels @everywhere', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto(`${BASE.summit}/sign-in`)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expectNoSidewaysScroll(page)
})

test('a wrong password, then a wrong code, then both right; then out again @everywhere', async ({ page, guards }, { project }) => {
  guards.allow(REFUSED)
  const person = PEOPLE.summitManager
  await page.goto(`${BASE.summit}/book`)
  await expect(page).toHaveURL(/\/sign-in\?next=/)

  await enterPassword(page, person.email, 'not the password at all')
  await expect(page.getByRole('alert')).toHaveText('The email or the password is not right.')
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await enterPassword(page, person.email)
  await expect(page.getByRole('heading', { name: 'Enter your code' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('6-digit code').fill(wrongCode(person.email))
  await expect(page.getByRole('alert')).toHaveText('That code is not right, or it has been used. Wait for the next one and try again.')
  const code = await freshCode(person.email)
  await page.getByLabel('6-digit code').fill(code)

  // The page first asked for.
  await expect(page).toHaveURL(`${BASE.summit}/book`)
  await expect(page.getByRole('grid', { name: 'Households' })).toBeVisible()
  const cookies = await page.context().cookies()
  expect(cookies.find((cookie) => cookie.name === 'wn_access')).toMatchObject({ httpOnly: true, sameSite: 'Lax', domain: 'summit.localhost' })
  expect(cookies.find((cookie) => cookie.name === 'wn_refresh')).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/auth' })
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => !key.startsWith('wn-')))).toEqual([])

  if (project.name === 'phone') {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in/)
  } else await signOut(page, person)
  await page.goto(`${BASE.summit}/book`)
  await expect(page).toHaveURL(/\/sign-in\?next=/)

  // A code is spent by its first use.
  await enterPassword(page, person.email)
  await page.getByLabel('6-digit code').fill(code)
  await expect(page.getByRole('alert')).toContainText('it has been used')
})

test('an unknown person hears the same as a wrong password', async ({ page, guards }) => {
  guards.allow(REFUSED)
  await page.goto(`${BASE.summit}/sign-in`)
  await enterPassword(page, 'nobody@summitridge.example', 'not the password at all')
  await expect(page.getByRole('alert')).toHaveText('The email or the password is not right.')
})

test('too many wrong passwords lock the account, which says for how long @everywhere', async ({ page, guards }, { project }) => {
  guards.allow(REFUSED)
  const person = project.name === 'phone' ? PEOPLE.harborTrader : PEOPLE.harborReadOnly
  passTime('lock', person)
  await page.goto(`${BASE.harbor}/sign-in`)
  const alert = page.getByRole('alert')
  for (let attempt = 0; attempt < 12; attempt++) {
    const answered = page.waitForResponse((response) => response.url().endsWith('/auth/sign-in'))
    await enterPassword(page, person.email, 'not the password at all')
    if ((await answered).status() === 423) break
    await expect(alert).toHaveText('The email or the password is not right.')
  }
  await expect(alert).toHaveText(/^Too many wrong attempts\. This account is locked for \d+ (minutes?|seconds)\.$/)
  // Nothing can be sent while it lasts, and the wait is counted down.
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeDisabled()
  const first = await alert.textContent()
  await expect(alert).not.toHaveText(first ?? '', { timeout: 5_000 })
  await expectAccessible(page)

  // The right password does not open a locked account either.
  await page.reload()
  await enterPassword(page, person.email)
  await expect(alert).toContainText('This account is locked for')
  passTime('lock', person)
  await page.reload()
  await enterPassword(page, person.email)
  await expect(page.getByRole('heading', { name: 'Enter your code' })).toBeVisible()
})
