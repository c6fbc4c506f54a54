import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { BASE, FIRM_NAMES, type FirmSlug } from './support/hosts'
import { PEOPLE } from './support/people'
import { enterPassword } from './support/signIn'
import { expect, REFUSED, test } from './support/test'

const FIRMS: FirmSlug[] = ['summit', 'harbor']
const SCHEMES = ['light', 'dark'] as const

for (const firm of FIRMS) {
  for (const scheme of SCHEMES) {
    test(`the sign-in page of ${firm} in ${scheme} is in its own brand and open to everybody @everywhere`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.goto(`${BASE[firm]}/sign-in`)
      await expect(page).toHaveTitle(`Sign in · ${FIRM_NAMES[firm]}`)
      await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
      const hue = await page.evaluate(() => document.documentElement.style.getPropertyValue('--h'))
      expect(hue).toBe(firm === 'summit' ? '255' : '160')
      await expectAccessible(page)
      await expectNoSidewaysScroll(page)
    })
  }
}

test('the sign-in page holds at 320 pixels and at 200 percent @everywhere', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto(`${BASE.summit}/sign-in`)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expectNoSidewaysScroll(page)
})

test('an unknown person hears the same as a wrong password', async ({ page, guards }) => {
  guards.allow(REFUSED)
  await page.goto(`${BASE.summit}/sign-in`)
  await enterPassword(page, PEOPLE.summitReadOnly.email, 'not the password at all')
  await expect(page.getByRole('alert')).toHaveText('The email or the password is not right.')
  await enterPassword(page, 'nobody@summitridge.example', 'not the password at all')
  await expect(page.getByRole('alert')).toHaveText('The email or the password is not right.')
})
