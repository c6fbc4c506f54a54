import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { rowsOf } from './support/grid'
import { PEOPLE } from './support/people'
import { bundle } from './support/system'
import { expect, test } from './support/test'

const ACCOUNT_COLUMNS = 'external_id,household_external_id,account_number,name,account_type,tax_status,custodian,currency,opened_on,lot_method\n'
const TRANSACTION_COLUMNS =
  'external_id,account_external_id,type,trade_date,settlement_date,security_key,quantity,price,amount,fees,currency,lot_selection,related_external_id,accrued_interest,description\n'

function files(tag: string, amount: string): Record<string, string> {
  return {
    'bundle.json': JSON.stringify({ format_version: 1, source: `Journey ${tag}`, as_of: '2021-03-31' }),
    'households.csv': `external_id,name\nJ-${tag},Journey ${tag}\n`,
    'accounts.csv': `${ACCOUNT_COLUMNS}J-${tag}-1,J-${tag},0099-${tag},Journey account,INDIVIDUAL,TAXABLE,Cascade Custody,USD,2021-01-04,FIFO\n`,
    'transactions.csv': `${TRANSACTION_COLUMNS}J-${tag}-T1,J-${tag}-1,DEPOSIT,2021-01-05,2021-01-05,,,,${amount},0,USD,,,,Opening\n`,
  }
}

test('a bundle is checked, its findings seen, then written, and the same again changes nothing @everywhere', async ({ open }, { project }) => {
  const tag = `${project.name}${Date.now() % 1_000_000}`
  const page = await open(PEOPLE.summitOperations, '/imports')
  const choose = () => page.getByLabel('Choose a bundle')
  const stages = page.getByRole('list', { name: 'Import' })
  await expect(stages).toBeVisible()
  await expectAccessible(page)

  // What is wrong is named to the line; nothing can be written.
  await choose().setInputFiles(bundle(`broken-${tag}`, files(tag, 'a lot')))
  await expect(page.getByText('One problem: nothing was written.')).toBeVisible({ timeout: 20_000 })
  const problem = page.getByRole('list', { name: 'What is wrong with the bundle' }).getByRole('listitem')
  await expect(problem).toContainText('transactions.csv, line 2')
  await expect(problem).toContainText('a lot')
  await expect(page.getByRole('button', { name: 'Write it into the books' })).toHaveCount(0)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  // Settled at the source, checked again: still nothing written.
  await page.getByRole('button', { name: 'Choose another bundle' }).click()
  const good = bundle(`good-${tag}`, files(tag, '25000.00'))
  await choose().setInputFiles(good)
  await expect(page.getByText('The bundle is fine. Nothing has been written yet.')).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('row', { name: /^Transactions/ })).toContainText('1')
  const other = await page.context().newPage()
  await other.goto(`/book?q=${encodeURIComponent(`Journey ${tag}`)}`)
  await expect(other.getByText('No household matches')).toBeVisible()
  // A reload in the middle goes on where it was.
  await page.reload()
  await page.getByRole('button', { name: 'Write it into the books' }).click()
  await expect(page.getByText('The bundle is in the books.')).toBeVisible({ timeout: 20_000 })
  await expectAccessible(page)
  await other.reload()
  const row = rowsOf(other.getByRole('grid', { name: 'Households' })).filter({ hasText: `Journey ${tag}` })
  await expect(row).toContainText('$25,000.00')

  await page.getByRole('button', { name: 'Choose another bundle' }).click()
  await choose().setInputFiles(good)
  await page.getByRole('button', { name: 'Write it into the books' }).click({ timeout: 20_000 })
  await expect(page.getByText('The bundle is in the books.')).toBeVisible({ timeout: 20_000 })
  // New, changed, unchanged.
  const counts = await page.getByRole('row', { name: /^Transactions/ }).getByRole('cell').allInnerTexts()
  expect(counts).toEqual(['0', '0', '1'])
  await other.reload()
  await expect(row).toContainText('$25,000.00')

  // The job keeps the report for later.
  await page.getByRole('link', { name: 'Open the job' }).click()
  await expect(page.getByRole('list', { name: 'Stages' })).toBeVisible()
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('a file that is no bundle is refused before it is sent', async ({ open }) => {
  const page = await open(PEOPLE.summitOperations, '/imports')
  const sheet = { name: 'holdings.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }
  await page.getByLabel('Choose a bundle').setInputFiles(sheet)
  await expect(page.getByRole('alert')).toHaveText('“holdings.xlsx” is not a zip file. Expected a bundle ending in .zip; nothing was sent.')
  await page.getByLabel('Map files of another system').setInputFiles(sheet)
  await expect(page.getByRole('alert')).toHaveText('“holdings.xlsx” is neither a table nor a zip of tables. Expected a name ending in .csv or .zip; nothing was sent.')
})
