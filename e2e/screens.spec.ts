import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { BASE, type FirmSlug } from './support/hosts'
import { householdId } from './support/households'
import { PEOPLE, type Person } from './support/people'
import { expect, test } from './support/test'

/**
 * Every main screen in both brands, light and dark: open to everybody (axe), within its width, and kept as a picture in
 * e2e/.screens for the eye. In `make test` each brand is light on one device and dark on the other; in `make soak` both on
 * both.
 */
const folder = join(import.meta.dirname, '.screens')
mkdirSync(folder, { recursive: true })

function schemesOf(project: string, firm: FirmSlug): readonly ('light' | 'dark')[] {
  if (process.env.WEALTHNEXUS_SOAK === '1') return ['light', 'dark']
  return (project === 'phone') === (firm === 'summit') ? ['dark'] : ['light']
}

async function look(page: Page, project: string, firm: FirmSlug, name: string): Promise<void> {
  await expect(page.locator('.skeleton')).toHaveCount(0)
  for (const colorScheme of schemesOf(project, firm)) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Colours are judged once the page has been painted in them.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    await expectAccessible(page)
    await page.screenshot({ path: join(folder, `${name}-${firm}-${colorScheme}-${project}.png`) })
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await expectNoSidewaysScroll(page)
}

const FIRMS: Record<FirmSlug, { admin: Person; client: Person; household: string }> = {
  summit: { admin: PEOPLE.summitAdmin, client: PEOPLE.summitClient, household: 'Whitfield Family' },
  harbor: { admin: PEOPLE.harborAdmin, client: PEOPLE.harborClient, household: 'Larkspur Holdings' },
}

for (const [firm, { admin, client, household }] of Object.entries(FIRMS) as [FirmSlug, (typeof FIRMS)[FirmSlug]][]) {
  test(`the screens of work and books at ${firm} @everywhere`, async ({ open }, { project }) => {
    test.setTimeout(120_000)
    const id = encodeURIComponent(await householdId(admin, household))
    const page = await open(admin, '/')
    await expect(page.getByRole('slider', { name: /^Assets at each month end/ })).toBeVisible()
    await look(page, project.name, firm, 'home')
    await page.goto('/book')
    await expect(page.getByRole('grid', { name: 'Households' }).locator('[data-row]').first()).toBeVisible()
    await look(page, project.name, firm, 'book')
    await page.goto(`/book?peek=household:${id}`)
    await expect(page.getByRole('complementary').getByRole('heading', { name: household })).toBeVisible()
    await look(page, project.name, firm, 'peek')
    await page.goto(`/households/${id}`)
    await expect(page.getByRole('heading', { level: 1, name: household })).toBeVisible()
    await look(page, project.name, firm, 'household')
    await page.goto(`/households/${id}/holdings`)
    await expect(page.getByRole('grid', { name: /^Holdings of/ }).first()).toBeVisible()
    await look(page, project.name, firm, 'holdings')
    await page.goto(`/households/${id}/activity`)
    await expect(page.locator('[data-row]').first()).toBeVisible()
    await look(page, project.name, firm, 'activity')
    await page.goto(`/households/${id}`)
    await page.getByRole('main').locator('a[href^="/accounts/"]').first().click()
    await expect(page.getByRole('grid', { name: /^Holdings of/ })).toBeVisible()
    await look(page, project.name, firm, 'account')
    await page.goto('/work')
    await expect(page.getByRole('heading', { level: 1, name: 'Work' })).toBeVisible()
    await look(page, project.name, firm, 'work')
    await page.goto('/findings')
    await expect(page.getByRole('heading', { level: 1, name: 'Findings' })).toBeVisible()
    await look(page, project.name, firm, 'findings')
  })

  test(`the screens of people and records at ${firm} @everywhere`, async ({ open }, { project }) => {
    test.setTimeout(120_000)
    const page = await open(admin, '/settings/users')
    for (const [path, name] of [
      ['/settings/users', 'users'],
      ['/settings/audit', 'audit'],
      ['/settings/sessions', 'sessions'],
      ['/settings/firm', 'firm'],
      ['/settings/grants', 'access'],
      ['/settings/profile', 'profile'],
      ['/jobs', 'jobs'],
      ['/imports', 'imports'],
      ['/approvals', 'approvals'],
    ] as const) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await look(page, project.name, firm, name)
    }
    const portal = await open(client, '/portal')
    await expect(portal.getByRole('main').locator('[data-value]').first()).toBeVisible()
    await look(portal, project.name, firm, 'portal')
    await portal.goto(`${BASE[firm]}/portal/more`)
    await expect(portal.getByRole('button', { name: 'Sign out', exact: true })).toBeVisible()
    await look(portal, project.name, firm, 'portal-more')
  })
}

for (const firm of Object.keys(FIRMS) as FirmSlug[]) {
  test(`the sign-in screen of ${firm}, kept as a picture @everywhere`, async ({ page }, { project }) => {
    await page.goto(`${BASE[firm]}/sign-in`)
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await look(page, project.name, firm, 'sign-in')
  })
}
