import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { rowsOf, valuesIn } from './support/grid'
import { householdId } from './support/households'
import { PEOPLE } from './support/people'
import { expect, test } from './support/test'

test('a loss is washed by what was bought ten days later, and was not before that @everywhere', async ({ open }) => {
  const person = PEOPLE.summitAdvisor
  const id = encodeURIComponent(await householdId(person, 'Whitfield Family'))
  const page = await open(person, `/households/${id}/lots`)
  const lots = page.getByRole('grid', { name: 'Open tax lots' })
  await expect(rowsOf(lots).first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  await page.getByRole('link', { name: 'Realised gains', exact: true }).click()
  const gains = page.getByRole('grid', { name: 'Realised gains, lot by lot' })
  const row = rowsOf(gains).filter({ hasText: '12 Mar 2021' }).filter({ hasText: 'EEM' })
  await row.locator('[role="gridcell"]').first().click()
  await expect(gains.getByText('Wash sale: $3,950.00 disallowed').last()).toBeVisible()
  await expect(gains.getByText(/EEM: 1,000 bought on 22 Mar 2021 in Joint brokerage \(Taxpayer\): \$3,950\.00 was added to its basis/)).toBeVisible()
  expect(await valuesIn(row)).toContain('0.00')
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  // On the fifteenth nobody had bought it back: the loss counted.
  await page.goto(`/households/${id}/lots?view=gains&asOf=2021-03-15`)
  const then = rowsOf(page.getByRole('grid', { name: 'Realised gains, lot by lot' })).filter({ hasText: 'EEM' }).first()
  await expect(then).toBeVisible()
  const values = await valuesIn(then)
  expect(values).toContain('-3950.00')
  expect(values).not.toContain('0.00')
})

test('a pair of securities is judged with a reason, and the judgement is taken back', async ({ open }) => {
  const page = await open(PEOPLE.summitCompliance, '/settings/identical')
  await page.getByRole('button', { name: 'Judge a pair' }).click()
  const dialog = page.getByRole('dialog', { name: 'Judge a pair' })
  await dialog.getByLabel('Security', { exact: true }).fill('SPY')
  await page.getByRole('option').filter({ hasText: 'S&P 500' }).first().click()
  await dialog.getByLabel('Other security').fill('QQQ')
  await page.getByRole('option').filter({ hasText: 'QQQ' }).first().click()
  await dialog.getByRole('button', { name: 'Record the judgement' }).click()
  await expect(dialog.getByText('Say why')).toBeVisible()
  await dialog.getByLabel('Reason').fill('The firm is careful with index funds')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Record the judgement' }).click()
  await expect(dialog).toHaveCount(0)
  const row = rowsOf(page.getByRole('grid', { name: 'Judgements of pairs' })).filter({ hasText: 'The firm is careful with index funds' })
  await expect(row).toHaveCount(1)
  await expect(row).toContainText('Joan Feld')
  await expectAccessible(page)
  await row.getByRole('button', { name: /Withdraw the judgement/ }).click()
  const taken = page.getByRole('dialog', { name: /Withdraw the judgement of/ })
  await taken.getByLabel('Reason').fill('Two indices after all')
  await taken.getByRole('button', { name: 'Withdraw', exact: true }).click()
  await expect(taken).toHaveCount(0)
  await expect(row).toHaveCount(0)
  await page.getByText('Show withdrawn ones').click()
  await expect(row.filter({ hasText: 'withdrawn' })).toHaveCount(1)
})
