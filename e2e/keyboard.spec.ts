import type { Page } from '@playwright/test'
import { expectNoSidewaysScroll } from './support/axe'
import { BASE } from './support/hosts'
import { householdId } from './support/households'
import { DEMO_PASSWORD, freshCode, PEOPLE } from './support/people'
import { expect, test } from './support/test'

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null
    // Past the last stop the focus leaves the page: the body then holds every word there is.
    if (element === null || element === document.body) return ''
    return `${element.tagName} ${element.getAttribute('aria-label') ?? element.innerText}`.trim()
  })

/** Tab until something is focused; fails when the page has no way there. */
async function tabTo(page: Page, wanted: RegExp, most = 60): Promise<void> {
  for (let step = 0; step < most; step++) {
    await page.keyboard.press('Tab')
    if (wanted.test(await focused(page))) return
  }
  throw new Error(`${most} tabs did not lead to ${wanted}; the last stop was ${await focused(page)}`)
}

test('from the sign-in to a household and out again without a pointer', async ({ page }) => {
  const person = PEOPLE.summitManager
  await page.goto(`${BASE.summit}/sign-in`)
  await expect(page.getByLabel('Email')).toBeFocused()
  await page.keyboard.type(person.email)
  await tabTo(page, /^INPUT/)
  while (!(await page.getByLabel('Password', { exact: true }).evaluate((node) => node === document.activeElement))) await page.keyboard.press('Tab')
  await page.keyboard.type(DEMO_PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('6-digit code')).toBeFocused()
  await page.keyboard.type(await freshCode(person.email))
  await expect(page.getByRole('region', { name: 'Work queue' })).toBeVisible()

  // The first stop of every page leads past the rail.
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()

  await page.keyboard.press('Shift+Tab')
  await tabTo(page, /^A Book$/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Book of business' })).toBeVisible()
  // After a move the keyboard starts at the content.
  await expect(page.getByRole('main')).toBeFocused()
  await expect(page.getByRole('grid', { name: 'Households' }).locator('[data-row]').first()).toBeVisible()
  for (let step = 0; step < 60 && !(await page.locator('[role="gridcell"]:focus').count()); step++) await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Abernathy Trust' })).toBeVisible()
  await tabTo(page, /^A Holdings$/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('grid', { name: /^Holdings of/ }).first()).toBeVisible()

  await tabTo(page, /^BUTTON\b[^]*Your account/, 200)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.press('End')
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('what has the focus is seen: a ring of two pixels, never behind anything', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/book')
  await expect(page.locator('[data-row]').first()).toBeVisible()
  for (let step = 0; step < 25; step++) {
    await page.keyboard.press('Tab')
    const seen = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement
      if (element === document.body) return null
      const box = element.getBoundingClientRect()
      const top = document.elementFromPoint(Math.max(0, box.x + box.width / 2), Math.max(0, box.y + box.height / 2))
      const style = getComputedStyle(element)
      return {
        name: `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent?.slice(0, 30) ?? ''}`,
        ring: Number.parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none',
        covered: !(top && (element.contains(top) || top.contains(element) || element.closest('label')?.contains(top))),
        inside: box.bottom > 0 && box.top < innerHeight,
      }
    })
    if (seen) expect(seen).toEqual({ name: seen.name, ring: true, covered: false, inside: true })
  }
})

test('every page holds at 320 pixels, as at 400 percent @phone', async ({ open }) => {
  const id = await householdId(PEOPLE.summitAdmin, 'Whitfield Family')
  const household = `/households/${encodeURIComponent(id)}`
  const page = await open(PEOPLE.summitAdmin, '/', { viewport: { width: 320, height: 640 } })
  for (const path of ['/', '/work', '/findings', '/book', `/book?peek=household:${encodeURIComponent(id)}`, household, `${household}/holdings`, `${household}/activity`, '/approvals', '/jobs', '/imports', '/settings/firm', '/settings/users', '/settings/profile', '/settings/sessions', '/settings/grants', '/settings/audit']) {
    await page.goto(path)
    await expect(page.getByRole('main')).toBeVisible()
    await expect(page.locator('.skeleton')).toHaveCount(0)
    await expectNoSidewaysScroll(page)
  }
})

test('what is touched on a phone is large enough to touch @phone', async ({ open }) => {
  const page = await open(PEOPLE.summitClient, '/portal')
  await expect(page.getByText('$10,162,893.27').first()).toBeVisible()
  for (const [path, least] of [['/portal', 44], ['/portal/more', 44]] as const) {
    await page.goto(path)
    await expect(page.getByRole('navigation')).toBeVisible()
    const small = await page.evaluate((least) => {
      const targets = [...document.querySelectorAll<HTMLElement>('main a, main button, nav a, header button')]
      return targets
        .map((target) => {
          // A link that is stretched over its row is as large as the row.
          const stretched = getComputedStyle(target, '::after').position === 'absolute' ? target.offsetParent : null
          return { name: target.textContent?.trim() ?? '', box: (stretched ?? target).getBoundingClientRect(), inline: getComputedStyle(target).display === 'inline' }
        })
        .filter(({ box, inline }) => box.width > 0 && !inline && (box.height < least || box.width < least))
        .map(({ name, box }) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)
    }, least)
    expect(small).toEqual([])
  }
})
