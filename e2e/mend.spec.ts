import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { rowsOf } from './support/grid'
import { PEOPLE } from './support/people'
import { ask, bundle } from './support/system'
import { expect, test } from './support/test'

const HOUSEHOLDS = `query Found($q: String!) { households(first: 5, filter: { nameContains: $q }) { edges { node { id name marketValue { value } } } } }`

/** Files of another system, with faults of several kinds: a date and a number in other forms, a word, an amount. */
function theirs(tag: string): Record<string, string> {
  return {
    'Families.csv': `Family No,Family name\nM-${tag},Mended ${tag}\n`,
    'accounts.csv': `external_id,household_external_id,name,account_type,tax_status,custodian,currency,opened_on\nM-${tag}-1,M-${tag},Mended account,INDIVIDUEL,TAXABLE,Cascade Custody,USD,01/04/2021\n`,
    'transactions.csv': `external_id,account_external_id,type,trade_date,settlement_date,amount,fees,currency\nM-${tag}-T1,M-${tag}-1,DEPOSIT,01/05/2021,01/05/2021,"25,000.00",0,USD\nM-${tag}-T2,M-${tag}-1,DEPOSIT,01/06/2021,01/06/2021,a lot,0,USD\nM-${tag}-T3,M-${tag}-1,DEPOSIT,soon,01/07/2021,500,0,USD\n`,
  }
}

test('files of another system are mapped, mended in the grid, imported and taken back', async ({ open }, { project }) => {
  const tag = `${project.name}${Date.now() % 1_000_000}`
  const page = await open(PEOPLE.summitOperations, '/imports')
  await page.locator('input[accept*=".csv"]').setInputFiles(bundle(`theirs-${tag}`, theirs(tag)))

  // Mapped: what is alike is suggested, the rest is said.
  const families = page.getByRole('region', { name: 'Families.csv' })
  await expect(families).toBeVisible({ timeout: 20_000 })
  await expectAccessible(page)
  const choose = async (button: RegExp, option: string | RegExp, within = families) => {
    await within.getByRole('button', { name: button }).click()
    await page.getByRole('option', { name: option, exact: typeof option === 'string' }).click()
  }
  await choose(/Families.csv is/, 'Households')
  await choose(/External ID/i, 'Family No')
  await choose(/ Name needed$/, 'Family name')
  for (const file of ['accounts.csv', 'transactions.csv']) await choose(/Dates are written/, '3/31/2021', page.getByRole('region', { name: file }))
  await page.getByRole('textbox', { name: 'Sending system' }).fill(`Old system ${tag}`)
  await page.getByRole('button', { name: 'Check the rows' }).click()

  // Refused rows first: the cell says what was expected. Written over by keyboard alone.
  await expect(page.getByText(/cannot be imported as they are|cannot be imported/)).toBeVisible({ timeout: 30_000 })
  const grid = page.getByRole('grid')
  const faulty = grid.locator('[role="gridcell"][aria-invalid="true"]')
  await expect(faulty.first()).toContainText('INDIVIDUEL')
  await expectAccessible(page)
  await faulty.first().click()
  await page.keyboard.press('Enter')
  await page.keyboard.type('INDIVIDUAL')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Mended since the last check.')).toBeVisible()

  // Checked again: the amount. The row is left out with a reason.
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.getByText(/cannot be imported/)).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: / File$/ }).click()
  await page.getByRole('option', { name: /Transactions/ }).click()
  await expect(faulty.first()).toContainText('a lot')
  await faulty.first().click()
  await page.keyboard.press('Delete')
  await page.getByRole('textbox', { name: 'Why' }).fill('Nobody knows how much')
  await page.keyboard.press('Enter')
  // A date is written as the file writes them.
  await faulty.filter({ hasText: 'soon' }).click()
  await page.keyboard.press('Enter')
  await page.keyboard.type('1/7/2021')
  await page.keyboard.press('Enter')
  await expect(faulty.filter({ hasText: /^2021-01-07/ })).toBeVisible()
  // Left and come back to: the draft is as it was.
  await expect(page.getByText('Mended since the last check.')).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.getByText('Every row can be imported.')).toBeVisible({ timeout: 30_000 })
  await expectNoSidewaysScroll(page)

  await page.getByRole('button', { name: /^Import \d|^Import one/ }).click()
  await expect(page.getByText('The bundle is in the books.')).toBeVisible({ timeout: 30_000 })
  const known = await ask<{ households: { edges: { node: { name: string; marketValue: { value: string } } }[] } }>(PEOPLE.summitOperations, HOUSEHOLDS, { q: `Mended ${tag}` })
  expect(known.households.edges.map(({ node }) => [node.name, Number(node.marketValue.value)])).toEqual([[`Mended ${tag}`, 25_500]])
  const other = await page.context().newPage()
  await other.goto(`/book?q=${encodeURIComponent(`Mended ${tag}`)}`)
  await expect(rowsOf(other.getByRole('grid', { name: 'Households' })).filter({ hasText: `Mended ${tag}` })).toContainText('$25,500.00')

  // Taken back: the figures are gone, and the import says who and why.
  await page.getByRole('button', { name: /^Take back/ }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByRole('textbox', { name: 'Why' }).fill('The wrong family')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Take it back' }).click()
  // The page itself says so when it is done.
  await expect(page.getByText('Taken back', { exact: true }).first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('In the books', { exact: true })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Take back/ })).toHaveCount(0)
  await expect
    .poll(async () => (await ask<{ households: { edges: unknown[] } }>(PEOPLE.summitOperations, HOUSEHOLDS, { q: `Mended ${tag}` })).households.edges.length, { timeout: 30_000 })
    .toBe(0)
  await other.reload()
  await expect(other.getByText('No household matches')).toBeVisible()
  await page.goto('/imports')
  await expect(page.getByRole('region', { name: 'Past imports' }).getByRole('listitem').filter({ hasText: `Old system ${tag}` })).toContainText('Taken back')
})
