import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { PEOPLE } from './support/people'
import { expect, test } from './support/test'

test('the palette finds a household and opens it, with keys alone', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  const input = page.getByRole('combobox', { name: 'Search or go to' })
  await expect(input).toBeFocused()
  await expect(page.getByRole('option', { name: 'Book' })).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.type('whitf')
  const hit = page.getByRole('option', { name: /^Whitfield Family/ }).first()
  await expect(hit).toBeVisible()
  // Down to the household, wherever it stands in the list.
  for (let step = 0; step < 20 && (await hit.getAttribute('aria-selected')) !== 'true'; step++) await page.keyboard.press('ArrowDown')
  await expect(hit).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/households\//)
  await expect(page.getByRole('heading', { level: 1, name: 'Whitfield Family' })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('settings')
  await expect(page.getByRole('option').first()).toContainText('Settings')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/settings/)

  // Escape closes it and gives the focus back to the page.
  await page.keyboard.press('Control+k')
  await expect(input).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('the palette goes to every page under Settings that this person may open', async ({ open }) => {
  const page = await open(PEOPLE.summitCompliance)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search or go to' })).toBeFocused()
  await page.keyboard.type('audit')
  await expect(page.getByRole('option').first()).toContainText('Audit log')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible()
  const advisor = await open(PEOPLE.summitAdvisor)
  await expect(advisor.getByRole('heading', { level: 1 })).toBeVisible()
  await advisor.keyboard.press('Control+k')
  await expect(advisor.getByRole('combobox', { name: 'Search or go to' })).toBeFocused()
  await advisor.keyboard.type('audit')
  await expect(advisor.getByText('Nothing found for', { exact: false })).toBeVisible()
  await expect(advisor.getByRole('option')).toHaveCount(0)
})

test('the palette acts: dark, light, amounts hidden', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor)
  const act = async (typed: string) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill(typed)
    await expect(page.getByRole('option').first()).toContainText(new RegExp(typed, 'i'))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  await act('appearance: dark')
  expect(await ground()).toBe('dark')
  await act('appearance: light')
  expect(await ground()).toBe('light')
  await act('hide amounts')
  await expect(page.locator('[data-masked]').first()).toBeVisible()
  await act('show amounts')
  await expect(page.locator('[data-masked]')).toHaveCount(0)
})

test('the palette finds nothing beyond what a person may see @everywhere', async ({ open }) => {
  const page = await open(PEOPLE.summitLimitedAdvisor)
  await page.getByRole('button', { name: 'Search' }).click()
  const input = page.getByRole('combobox', { name: 'Search or go to' })
  await input.fill('whitfield')
  await expect(page.getByText('Nothing found for “whitfield”.')).toBeVisible()
  await input.fill('abernathy')
  await expect(page.getByRole('option', { name: /Abernathy Trust/ })).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await page.getByRole('option', { name: /Abernathy Trust/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Abernathy Trust' })).toBeVisible()
})
