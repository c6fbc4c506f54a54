import type { Page } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { createFamily, type Family } from './support/family'
import { BASE } from './support/hosts'
import { freshCode, keyOf, PEOPLE } from './support/people'
import { ask, mails, passTime } from './support/system'
import { expect, REFUSED, test } from './support/test'

const admin = PEOPLE.summitAdmin
const SURNAME = 'Quillfeather'
const PASSWORD = 'an orchard above the river'
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
const TOMORROW_MS = 24 * 3_600_000

interface Seen {
  accessPreview: { subjectCount: number; subjects: { subject: { kind: string; label: string }; mayWrite: boolean; expiresAt: string | null }[] }
}

/** The id of the person who signs in with this address, as the firm's administrator finds it. */
async function userOf(email: string): Promise<string> {
  const { users } = await ask<{ users: { nodes: { id: string }[] } }>(admin, 'query ($email: String!) { users(first: 2, filter: { nameContains: $email }) { nodes { id } } }', { email })
  const id = users.nodes[0]?.id
  if (!id) throw new Error(`Nobody signs in as ${email}.`)
  return id
}

/** What the staff preview says: names of accounts, each once. */
async function previewed(email: string): Promise<string[]> {
  const { accessPreview } = await ask<Seen>(
    admin,
    'query ($id: ID!) { accessPreview(principalId: $id, first: 100) { subjectCount subjects { mayWrite expiresAt subject { kind label } } } }',
    { id: await userOf(email) },
  )
  expect(accessPreview.subjects.some(({ mayWrite }) => mayWrite)).toBe(false)
  return [...new Set(accessPreview.subjects.filter(({ subject }) => subject.kind === 'account').map(({ subject }) => subject.label))].sort()
}

/** Sends the form; a fresh confirmation is given where the server wants one. */
async function grantIt(page: Page, done: RegExp): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Grant it' }).click()
  const confirm = page.getByRole('dialog', { name: 'Confirm that it is you' })
  const said = page.getByText(done).first()
  await expect(confirm.or(said)).toBeVisible()
  if (await confirm.isVisible()) {
    await confirm.getByLabel('6-digit code').fill(await freshCode(admin.email))
    await confirm.getByRole('button', { name: 'Confirm' }).click()
  }
  await expect(said).toBeVisible()
}

/** From the person's page: the invitation, then, where asked for, what is theirs. Returns the address. */
async function invite(page: Page, partyId: string, name: string, withGrant: boolean): Promise<string> {
  await page.goto(`/parties/${encodeURIComponent(partyId)}`)
  await page.getByRole('button', { name: 'Invite to the portal' }).click()
  const dialog = page.getByRole('dialog', { name: `Invite ${name} to the portal` })
  const email = await dialog.getByLabel('E-mail address').inputValue()
  expect(email).toContain('@family.example')
  await dialog.getByRole('button', { name: 'Send the invitation' }).click()
  const grant = page.getByRole('dialog', { name: 'Grant access' })
  await expect(grant).toBeVisible()
  if (!withGrant) {
    await grant.getByRole('button', { name: 'Cancel' }).click()
    return email
  }
  await expect(grant.getByRole('region', { name: `What ${name} will see` }).getByRole('listitem').first()).toBeVisible()
  await grant.getByLabel('Reason').fill('Asked for at the review meeting')
  await grantIt(page, new RegExp(`^${name} now sees ${name}`))
  return email
}

/** The invited person on a phone: the link, a password, an authenticator, and the portal. */
async function join(page: Page, email: string): Promise<void> {
  await expect.poll(async () => (await mails('summit')).filter((mail) => mail.to === email).length, { timeout: 20_000 }).toBeGreaterThan(0)
  await page.goto(`${BASE.summit}/dev/mailbox`)
  await page.getByRole('article').filter({ hasText: email }).getByRole('link').first().click()
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('New password again').fill(PASSWORD)
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  const key = keyOf((await page.locator('[data-totp-secret]').textContent()) ?? '')
  await page.getByLabel('6-digit code').fill(await freshCode(email, key))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('checkbox', { name: 'I have kept them in a safe place' }).setChecked(true, { force: true })
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(/\/portal/)
}

/** The accounts of the family that the portal shows; the preview of the firm must say the same. */
async function expectPortal(page: Page, family: Family, email: string, wanted: string[]): Promise<void> {
  await page.goto(`${BASE.summit}/portal`)
  const main = page.getByRole('main')
  for (const name of wanted) await expect(main.getByText(name).first()).toBeVisible()
  if (wanted.length === 0) await expect(main.getByText('No accounts to show yet')).toBeVisible()
  for (const name of Object.values(family.accountNames).filter((each) => !wanted.includes(each))) await expect(main.getByText(name)).toHaveCount(0)
  expect(await previewed(email)).toEqual([...wanted].sort())
}

test('a family is shared with: the wife, the son and the accountant see what was granted, and no longer', async ({ open, stranger, guards }) => {
  guards.allow(REFUSED)
  test.setTimeout(240_000)
  const family = await createFamily(SURNAME)
  const { names, accountNames, parties } = family
  const desk = await open(admin, '/settings/grants')

  // By the screens: two of the family see what is theirs, the accountant the household until tomorrow.
  const wife = await invite(desk, parties.mother, names.mother, true)
  const son = await invite(desk, parties.son, names.son, true)
  const accountant = await invite(desk, parties.accountant, names.accountant, false)
  await desk.goto(`/households/${encodeURIComponent(family.householdId)}`)
  await desk.getByRole('link', { name: 'Who sees this' }).click()
  const viewers = desk.getByRole('list', { name: `People who see ${family.householdName}` })
  await expect(viewers.getByText(names.mother, { exact: true })).toBeVisible()
  await expect(viewers.getByText(names.accountant, { exact: true })).toHaveCount(0)
  await desk.getByRole('button', { name: 'Share…' }).click()
  const share = desk.getByRole('dialog', { name: `Share ${family.householdName}` })
  await share.getByRole('combobox', { name: 'Who' }).fill(accountant)
  await desk.getByRole('option', { name: names.accountant }).click()
  await share.getByRole('button', { name: /As what/ }).click()
  await desk.getByRole('option', { name: 'Accountant' }).click()
  await expect(share.getByText('5 accounts')).toBeVisible()
  const tomorrow = new Date(Date.now() + TOMORROW_MS * 2).toISOString().slice(0, 10)
  await share.getByLabel('Until, the first day without access').fill(tomorrow)
  await share.getByLabel('Reason').fill('Prepares the tax return')
  await expectAccessible(desk)
  await grantIt(desk, new RegExp(`^${names.accountant} now sees`))
  await expect(viewers.getByText('All of it')).toHaveCount(1)
  await expectAccessible(desk)
  await expectNoSidewaysScroll(desk)

  // Each on a phone of their own.
  const phones = { wife: await stranger(PHONE), son: await stranger(PHONE), accountant: await stranger(PHONE) }
  await join(phones.wife, wife)
  await expectPortal(phones.wife, family, wife, [accountNames.joint, accountNames.ira, accountNames.trust])
  await join(phones.son, son)
  await expectPortal(phones.son, family, son, [accountNames.utma])
  await join(phones.accountant, accountant)
  await expectPortal(phones.accountant, family, accountant, Object.values(accountNames))

  // The firm's page says the same, and until when.
  await desk.goto(`/settings/access/${encodeURIComponent(await userOf(accountant))}`)
  const grid = desk.getByRole('grid', { name: `What ${names.accountant} sees` })
  for (const name of Object.values(accountNames)) await expect(grid.getByText(name, { exact: true })).toBeVisible()
  await expect(grid.getByText('Open end')).toHaveCount(0)
  await expectAccessible(desk)

  // The last day comes, and one grant is taken back: both see nothing, the wife sees what she saw.
  passTime('grants', { firm: 'summit', name: names.accountant, email: accountant })
  await expectPortal(phones.accountant, family, accountant, [])
  await desk.reload()
  await expect(desk.getByText('Sees nothing yet')).toBeVisible()
  await desk.goto(`/households/${encodeURIComponent(family.householdId)}/access`)
  await expect(viewers.getByText(names.accountant, { exact: true })).toHaveCount(0)
  await viewers.getByRole('button', { name: `Revoke: ${names.son}, ${names.son}` }).click()
  const revoke = desk.getByRole('alertdialog', { name: 'Revoke the grant' }).or(desk.getByRole('dialog', { name: 'Revoke the grant' }))
  await revoke.getByLabel('Reason').fill('Lost the phone')
  await revoke.getByRole('button', { name: 'Revoke' }).click()
  await expect(desk.getByText('The grant is revoked.').first()).toBeVisible()
  await expectPortal(phones.son, family, son, [])
  await expectPortal(phones.wife, family, wife, [accountNames.joint, accountNames.ira, accountNames.trust])
})
