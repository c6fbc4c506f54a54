import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { rowsOf } from './support/grid'
import { householdId } from './support/households'
import { PEOPLE } from './support/people'
import { expect, test } from './support/test'

test('an entry is checked before it is posted, counts at once, and is undone by a correction @everywhere', async ({ open }, { project }) => {
  const person = PEOPLE.harborOperations
  const id = await householdId(person, 'Ellery, T.')
  const page = await open(person, `/households/${encodeURIComponent(id)}`)
  const head = page.locator('header').filter({ has: page.getByRole('heading', { level: 1 }) })
  await expect(head.locator('[data-value]')).toHaveAttribute('data-value', /^0(\.0+)?$/)

  await page.getByRole('button', { name: 'Post a transaction' }).click()
  const dialog = page.getByRole('dialog', { name: 'Post a transaction' })
  await dialog.getByLabel(/^Amount/).fill('2500.10')
  await dialog.getByLabel(/^Description/).fill(`First deposit, ${project.name}`)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Check' }).click()
  await expect(dialog.getByText('Checked. Nothing has been written yet.')).toBeVisible()
  await expect(dialog.getByText('$2,500.10').first()).toBeVisible()
  await expect(head.locator('[data-value]')).toHaveAttribute('data-value', /^0(\.0+)?$/)
  await dialog.getByRole('button', { name: 'Post the entry' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(head.locator('[data-value]')).toHaveAttribute('data-value', '2500.10')

  await page.getByRole('link', { name: 'Activity', exact: true }).click()
  const grid = page.getByRole('grid', { name: 'Transactions of Ellery, T.' })
  await expect(rowsOf(grid)).toHaveCount(1)
  await rowsOf(grid).first().locator('[role="gridcell"]').first().click()
  await grid.getByRole('button', { name: 'Correct this entry' }).click()
  const correction = page.getByRole('dialog', { name: 'Correct a transaction' })
  await correction.getByText('Only reverse it').click()
  await correction.getByLabel('Reason').fill('Posted to the wrong account')
  await expectAccessible(page)
  await correction.getByRole('button', { name: 'Check' }).click()
  await correction.getByRole('button', { name: 'Post the correction' }).click()
  await expect(correction).toHaveCount(0)
  await expect(head.locator('[data-value]')).toHaveAttribute('data-value', /^0(\.0+)?$/)
  // Nothing is deleted: both entries are there for who asks.
  await expect(rowsOf(grid)).toHaveCount(0)
  await page.getByText('Show corrections').click()
  await expect(rowsOf(grid).first()).toBeVisible()
  if (project.name === 'desktop') {
    await expect(rowsOf(grid).filter({ hasText: 'Reversed' }).first()).toBeVisible()
    await expect(rowsOf(grid).filter({ hasText: 'Reversal' }).first()).toBeVisible()
  } else {
    // Without a column of its own the status is a shape, and a word for who listens.
    await expect(rowsOf(grid).filter({ hasText: 'Reversed: Deposit' })).not.toHaveCount(0)
    await expect(rowsOf(grid).filter({ hasText: 'Reversal: Deposit' })).not.toHaveCount(0)
  }
  await expectNoSidewaysScroll(page)
})

test('an entry that cannot be is refused with the field named, and nothing typed is lost', async ({ open }) => {
  const person = PEOPLE.harborOperations
  const id = await householdId(person, 'Ellery, T.')
  const page = await open(person, `/households/${encodeURIComponent(id)}`)
  await page.getByRole('button', { name: 'Post a transaction' }).click()
  const dialog = page.getByRole('dialog', { name: 'Post a transaction' })
  await dialog.getByLabel(/^Amount/).fill('-5')
  await dialog.getByLabel(/^Description/).fill('kept')
  await dialog.getByRole('button', { name: 'Check' }).click()
  await expect(dialog.getByText('Cash arrives with this kind of entry: expected a positive amount.')).toBeVisible()
  await expect(dialog.getByLabel(/^Description/)).toHaveValue('kept')
  await expectAccessible(page)
})
