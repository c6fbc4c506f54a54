import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { PEOPLE } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

const person = PEOPLE.summitOperations

interface Accounts {
  accounts: { nodes: { id: string; name: string }[] }
}

test('a composite is made, an account joins and leaves it with a reason, and its years are shown @everywhere', async ({ open }, { project }) => {
  const name = `US equity ${project.name} ${Date.now() % 1_000_000}`
  const page = await open(person, '/composites')
  await expect(page.getByRole('heading', { name: 'Composites' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'New composite' }).click()
  const making = page.getByRole('dialog', { name: 'New composite' })
  await making.getByLabel('Composite').fill(name)
  await making.getByLabel('Description').fill('Accounts of US equity.')
  await making.getByRole('button', { name: 'Create' }).click()
  await expect(making.getByText('Needed.')).toBeVisible()
  await making.getByLabel('Reason').fill('A new strategy')
  await making.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
  await expect(page.getByText('There is no whole month yet')).toBeVisible()

  const { accounts } = await ask<Accounts>(person, '{ accounts(first: 1) { nodes { id name } } }')
  const [account] = accounts.nodes
  if (!account) throw new Error('The demo has no account.')
  await page.getByRole('button', { name: 'Add an account' }).click()
  const adding = page.getByRole('dialog', { name: `Add an account to ${name}` })
  await adding.getByRole('combobox', { name: 'Account' }).fill(account.name)
  await page.getByRole('option').filter({ hasText: account.name }).first().click()
  await expect(adding.getByRole('combobox', { name: 'Account' })).toHaveValue(account.name)
  await adding.getByRole('textbox', { name: 'First day' }).fill('1 Jan 2019')
  await adding.getByLabel('Reason').fill('Its mandate')
  await adding.getByRole('button', { name: 'Add' }).click()
  const table = page.getByRole('table', { name: 'Returns, dispersion and assets by year' })
  await expect(table.getByRole('row').filter({ hasText: '2021' })).toContainText('3 months')
  const members = page.getByRole('table', { name: 'Accounts of the composite, with their days' })
  await expect(members).toContainText('Its mandate')
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  await members.getByRole('button', { name: /^Remove: / }).click()
  const leaving = page.getByRole('dialog', { name: /^Remove / })
  await leaving.getByRole('textbox', { name: 'First day on which it no longer belongs' }).fill('1 Jan 2021')
  await leaving.getByLabel('Reason').fill('Restricted by the client')
  await leaving.getByRole('button', { name: 'Remove' }).click()
  await expect(members).toContainText('Restricted by the client')
})
