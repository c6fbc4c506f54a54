import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { householdId } from './support/households'
import { PEOPLE } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

const advisor = PEOPLE.summitAdvisor

interface Sheet {
  netWorth: { value: string }
  totalAssets: { value: string }
  owners: { id: string; name: string; kind: string | null; netWorth: { value: string } }[]
}

async function sheetOf(id: string, lookThrough: boolean): Promise<Sheet> {
  const { household } = await ask<{ household: { balanceSheet: Sheet } }>(
    advisor,
    `query ($id: ID!, $lookThrough: Boolean!) { household(id: $id) { balanceSheet(lookThrough: $lookThrough) {
      netWorth { value } totalAssets { value } owners { id name kind netWorth { value } } } } }`,
    { id, lookThrough },
  )
  return household.balanceSheet
}

test('the balance sheet says what a family has, owes and who owns it; look-through is in the address @everywhere', async ({ open }) => {
  const id = await householdId(advisor, 'Whitfield Family')
  const sheet = await sheetOf(id, false)
  const through = await sheetOf(id, true)
  expect(through.netWorth.value).toBe(sheet.netWorth.value)
  const page = await open(advisor, `/households/${encodeURIComponent(id)}`)
  await page.getByRole('link', { name: 'Balance sheet', exact: true }).click()
  const table = page.getByRole('region', { name: 'Balance sheet' })
  await expect(table.getByRole('row', { name: /^Net worth/ }).locator('[data-value]')).toHaveAttribute('data-value', sheet.netWorth.value)
  const matrix = page.getByRole('region', { name: 'Who owns what, scrolls sideways' })
  for (const owner of sheet.owners) await expect(matrix.getByRole('columnheader', { name: owner.name })).toHaveCount(1)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  await page.getByText('Look through entities').click()
  await expect(page).toHaveURL(/lookThrough=true/)
  await expect(matrix.getByRole('columnheader', { name: /(Head|Spouse|Child|Entity|outside)/ })).toHaveCount(through.owners.length)
  await page.reload()
  await expect(page.getByRole('switch', { name: 'Look through entities' })).toBeChecked()
})

test('from the drawing of ownership by keyboard to a person, and on to what they own @everywhere', async ({ open }) => {
  const id = await householdId(advisor, 'Whitfield Family')
  const page = await open(advisor, `/households/${encodeURIComponent(id)}/ownership`)
  const drawing = page.getByRole('group', { name: 'Ownership of Whitfield Family' })
  await expect(drawing).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  const first = drawing.locator('[data-node][tabindex="0"]')
  const name = ((await first.getAttribute('aria-label')) ?? '').split(',')[0] ?? ''
  await first.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await expect(page.getByRole('grid', { name: `Accounts of ${name}` })).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('a note is kept on a household, pinned and taken away', async ({ open }) => {
  const id = await householdId(advisor, 'Whitfield Family')
  const words = `Prefers calls after four, ${Date.now()}`
  const page = await open(advisor, `/households/${encodeURIComponent(id)}`)
  await page.getByRole('button', { name: 'New note' }).click()
  await page.getByRole('textbox', { name: 'New note' }).fill(words)
  await page.getByRole('button', { name: 'Add the note' }).click()
  const note = page.getByRole('list', { name: 'Notes on Whitfield Family' }).getByRole('listitem').filter({ hasText: words })
  await note.getByRole('button', { name: 'Pin it' }).click()
  await expect(note.getByText('Pinned', { exact: true })).toBeVisible()
  await note.getByRole('button', { name: 'Remove' }).click()
  await expect(note).toHaveCount(0)
})

test('a security shows its prices, its names and who holds it @everywhere', async ({ open }) => {
  const { securities } = await ask<{ securities: { edges: { node: { id: string; name: string } }[] } }>(
    advisor,
    'query { securities(first: 1, filter: { nameContains: "Apple" }) { edges { node { id name } } } }',
  )
  const security = securities.edges[0]?.node
  if (!security) throw new Error('The demo has no security called Apple.')
  const page = await open(advisor, `/securities/${encodeURIComponent(security.id)}`)
  await expect(page.getByRole('slider', { name: `Closing prices of ${security.name}. Use the arrow keys to read a day.` })).toBeVisible()
  await expect(page.getByRole('grid', { name: `Accounts that hold ${security.name}` }).locator('[data-row]').first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})
