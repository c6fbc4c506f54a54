import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { rowsOf } from './support/grid'
import { PEOPLE } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

test('the audit log says that its chain is verified, and shows an event whole @everywhere', async ({ open }) => {
  const person = PEOPLE.summitCompliance
  const page = await open(person, '/settings/audit')
  const chain = page.getByRole('region', { name: 'The chain' })
  await expect(chain.getByText('Chain verified', { exact: true })).toBeVisible()
  await expect(chain.getByText(/^[0-9a-f]{64}$/)).toBeVisible()
  // An event is sealed within seconds of what it records.
  await expect
    .poll(async () => {
      await chain.getByRole('button', { name: 'Verify again' }).click()
      return (await chain.innerText()).includes('none waiting')
    })
    .toBe(true)
  const { auditChain } = await ask<{ auditChain: { verified: boolean; sealedCount: string } }>(person, '{ auditChain { verified sealedCount } }')
  expect(auditChain.verified).toBe(true)

  const grid = page.getByRole('grid', { name: 'Events' })
  await rowsOf(grid).first().locator('[role="gridcell"]').first().click()
  await expect(grid.getByText('Content hash').first()).toBeVisible()
  await expect(grid.getByText(/^[0-9a-f]{64}$/).first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('the log narrows to one action, and the address keeps it', async ({ open }) => {
  const person = PEOPLE.summitCompliance
  const page = await open(person, '/settings/audit')
  await page.getByRole('searchbox', { name: 'Action' }).fill('feeds.batch.imported')
  await expect(page).toHaveURL(/action=feeds\.batch\.imported/)
  const grid = page.getByRole('grid', { name: 'Events' })
  await expect(rowsOf(grid).first()).toContainText('Demo loader')
  const { auditEvents } = await ask<{ auditEvents: { totalCount: number } }>(person, '{ auditEvents(first: 1, filter: { actions: ["feeds.batch.imported"] }) { totalCount } }')
  await expect(rowsOf(grid)).toHaveCount(auditEvents.totalCount)
  await page.getByRole('searchbox', { name: 'Action' }).fill('nothing.of.this.name')
  await expect(page.getByText('No event matches')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await expect(rowsOf(grid).first()).toBeVisible()
})
