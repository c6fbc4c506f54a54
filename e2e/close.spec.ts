import { booksClosed } from './support/close'
import { PEOPLE } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

interface Households {
  households: { nodes: { id: string; name: string }[] }
}

test('the night has closed the books: five stages, and nothing that must hold is broken @everywhere', async ({ open }) => {
  await booksClosed(PEOPLE.summitOperations)
  const page = await open(PEOPLE.summitOperations, '/close')
  const rail = page.getByRole('list', { name: /^Stages of / }).first()
  await expect(rail.getByRole('listitem')).toHaveCount(5)
  await expect(rail.getByText('everything holds')).toBeVisible()
  await expect(rail.getByText(/^\d+ published$/)).toBeVisible()
})

test('a month that was published stays as it was said, and is published anew with a reason', async ({ open }) => {
  await booksClosed(PEOPLE.summitOperations)
  const { households } = await ask<Households>(PEOPLE.summitOperations, '{ households(first: 1, filter: { nameContains: "Whitaker" }) { nodes { id name } } }')
  const [household] = households.nodes.length > 0 ? households.nodes : (await ask<Households>(PEOPLE.summitOperations, '{ households(first: 1) { nodes { id name } } }')).households.nodes
  if (!household) throw new Error('The demo has no household.')
  const page = await open(PEOPLE.summitOperations, `/households/${household.id}/performance`)
  const section = page.getByRole('region', { name: 'As published' })
  await expect(section.getByText('Every figure is still what was published.')).toBeVisible({ timeout: 60_000 })
  await expect(section.getByText(/28 Feb 2021, number 1/)).toBeVisible()
  await section.getByRole('button', { name: 'Publish 31 Mar 2021' }).click()
  const dialog = page.getByRole('dialog', { name: 'Publish the figures for 31 Mar 2021' })
  await dialog.getByRole('button', { name: 'Publish' }).click()
  await expect(dialog.getByText('Say why')).toBeVisible()
  await dialog.getByLabel('Reason').fill('the quarter is over')
  await dialog.getByRole('button', { name: 'Publish' }).click()
  await expect(section.getByText(/31 Mar 2021, number 1/)).toBeVisible()
  await expect(section.getByText(/the quarter is over/)).toBeVisible()
})
