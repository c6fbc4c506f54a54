import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { freshCode, PEOPLE, wrongCode } from './support/people'
import { ask, passTime } from './support/system'
import { expect, REFUSED, test } from './support/test'

interface Roles {
  users: { edges: { node: { id: string; roles: string[] } }[] }
}

const trader = async () => {
  const { users } = await ask<Roles>(PEOPLE.summitAdmin, '{ users(first: 1, filter: { nameContains: "Theo Grant" }) { edges { node { id roles } } } }')
  const found = users.edges[0]?.node
  if (!found) throw new Error('The demo has no Theo Grant.')
  return found
}

test('a change of roles needs a second person, who confirms that it is them @everywhere', async ({ open, guards }) => {
  guards.allow(REFUSED)
  const before = await trader()
  const had = before.roles.includes('PORTFOLIO_MANAGER')
  const reason = `Cover for the desk ${Date.now()}`

  // The firm admin asks.
  const maker = await open(PEOPLE.summitAdmin, `/settings/users?user=${encodeURIComponent(before.id)}`)
  passTime('step-up', PEOPLE.summitAdmin)
  await maker.getByRole('button', { name: 'Change roles' }).click()
  const dialog = maker.getByRole('dialog', { name: 'Change the roles of Theo Grant' })
  await dialog.getByRole('checkbox', { name: /Portfolio manager/ }).setChecked(!had, { force: true })
  await dialog.getByLabel('Reason').fill(reason)
  await expectAccessible(maker)
  await dialog.getByRole('button', { name: 'Send for approval' }).click()
  const confirm = maker.getByRole('dialog', { name: 'Confirm that it is you' })
  await expect(confirm.getByText(/^You ask for Theo Grant to have these roles:/)).toBeVisible()
  await confirm.getByLabel('6-digit code').fill(wrongCode(PEOPLE.summitAdmin.email))
  await confirm.getByRole('button', { name: 'Confirm' }).click()
  await expect(confirm.getByRole('alert')).toContainText('That code is not right')
  await confirm.getByLabel('6-digit code').fill(await freshCode(PEOPLE.summitAdmin.email))
  await confirm.getByRole('button', { name: 'Confirm' }).click()
  await maker.getByRole('link', { name: 'Open the approval' }).click()

  // Who asked cannot decide.
  await expect(maker.getByText('You asked for this, so you cannot decide it.')).toBeVisible()
  await expect(maker.getByRole('button', { name: 'Approve' })).toHaveCount(0)
  await expect(maker.getByText(reason)).toBeVisible()
  await expectAccessible(maker)
  const address = new URL(maker.url()).pathname
  expect((await trader()).roles).toEqual(before.roles)

  // A second person finds it on Home.
  const checker = await open(PEOPLE.summitComplianceTwo, '/')
  passTime('step-up', PEOPLE.summitComplianceTwo)
  const waiting = checker.getByRole('region', { name: 'Waiting for your signature' })
  await expect(waiting.locator(`a[href="${address}"]`)).toBeVisible()
  await waiting.locator(`a[href="${address}"]`).click()
  await expect(checker.getByText('Nobody has decided yet.')).toBeVisible()
  await expect(checker.getByText(/^[0-9a-f]{64}$/)).toBeVisible()
  await expectNoSidewaysScroll(checker)

  // Declining to confirm leaves everything as it was.
  await checker.getByRole('button', { name: 'Approve' }).click()
  const sheet = checker.getByRole('dialog', { name: 'Confirm that it is you' })
  await expect(sheet.getByText(/^You approve: /)).toBeVisible()
  await expectAccessible(checker)
  await sheet.getByRole('button', { name: 'Do not continue' }).click()
  await expect(sheet).toHaveCount(0)
  expect((await trader()).roles).toEqual(before.roles)

  await checker.getByRole('button', { name: 'Approve' }).click()
  await sheet.getByLabel('6-digit code').fill(await freshCode(PEOPLE.summitComplianceTwo.email))
  await sheet.getByRole('button', { name: 'Confirm' }).click()
  await expect(checker.getByText('Your approval is recorded.').first()).toBeVisible()
  await expect(checker.getByText('Approved and done')).toBeVisible()
  await expect(checker.getByText(/^Rosa Imhof approved on/)).toBeVisible()
  await expect(checker.getByRole('button', { name: 'Approve' })).toHaveCount(0)

  const after = await trader()
  expect(after.roles.includes('PORTFOLIO_MANAGER')).toBe(!had)
  // The person concerned has the role.
  const concerned = await open(PEOPLE.summitTrader, '/settings/profile')
  await expect(concerned.getByRole('main').getByText(had ? /^Trader$/ : /Portfolio manager/).first()).toBeVisible()
})

test('a rejection says why, and a request can be taken back', async ({ open }) => {
  const before = await trader()
  const page = await open(PEOPLE.summitAdmin, `/settings/users?user=${encodeURIComponent(before.id)}`)
  const askFor = async (reason: string) => {
    await page.goto(`/settings/users?user=${encodeURIComponent(before.id)}`)
    await page.getByRole('button', { name: 'Change roles' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the roles of Theo Grant' })
    await dialog.getByRole('checkbox', { name: /Operations/ }).setChecked(true, { force: true })
    await dialog.getByLabel('Reason').fill(reason)
    await dialog.getByRole('button', { name: 'Send for approval' }).click()
    const confirm = page.getByRole('dialog', { name: 'Confirm that it is you' })
    const link = page.getByRole('link', { name: 'Open the approval' })
    await expect(confirm.or(link)).toBeVisible()
    if (await confirm.isVisible()) {
      await confirm.getByLabel('6-digit code').fill(await freshCode(PEOPLE.summitAdmin.email))
      await confirm.getByRole('button', { name: 'Confirm' }).click()
    }
    await link.click()
    await expect(page.getByText(reason)).toBeVisible()
    return new URL(page.url()).pathname
  }

  const rejected = await askFor('To be rejected')
  const checker = await open(PEOPLE.summitComplianceTwo, rejected)
  await checker.getByRole('button', { name: 'Reject' }).click()
  await expect(checker.getByText('Say why you reject it.')).toBeVisible()
  await checker.getByLabel('Your reason').fill('Not on this desk')
  await checker.getByRole('button', { name: 'Reject' }).click()
  const sheet = checker.getByRole('dialog', { name: 'Confirm that it is you' })
  await expect(sheet.or(checker.getByText('Your rejection is recorded.').first())).toBeVisible()
  if (await sheet.isVisible()) {
    await sheet.getByLabel('6-digit code').fill(await freshCode(PEOPLE.summitComplianceTwo.email))
    await sheet.getByRole('button', { name: 'Confirm' }).click()
  }
  await expect(checker.getByText(/^Rosa Imhof rejected on/)).toBeVisible()
  await expect(checker.getByText('Not on this desk')).toBeVisible()
  await page.reload()
  await expect(page.getByText('This request is closed.')).toBeVisible()

  await askFor('To be withdrawn')
  await page.getByRole('button', { name: 'Withdraw the request' }).click()
  await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible()
  expect((await trader()).roles).toEqual(before.roles)
})
