import { expectAccessible } from './support/axe'
import { BASE } from './support/hosts'
import { DEMO_PASSWORD, freshCode, PEOPLE } from './support/people'
import { signIn } from './support/signIn'
import { ask } from './support/system'
import { expect, REFUSED, test } from './support/test'

test('a session that ends while a form is open keeps what was typed, and goes on after signing in again @everywhere', async ({ stranger, guards }, { project }) => {
  guards.allow(REFUSED)
  const person = PEOPLE.harborAdvisor
  const old = await ownHousehold(project.name)
  const page = await stranger()
  await signIn(page, person, `/households/${encodeURIComponent(old.id)}`)
  await page.getByRole('button', { name: 'Rename' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rename the household' })
  const typed = `${old.name.replace(/ \(.*\)$/, '')} (${Date.now() % 100_000})`
  await dialog.getByLabel('Name').fill(typed)

  // The cookies run out while the button is held: nothing else of the page may ask before the form does.
  await dialog.getByRole('button', { name: 'Rename it' }).hover()
  await page.mouse.down()
  await page.context().clearCookies()
  await page.mouse.up()
  const sheet = page.getByRole('alertdialog', { name: 'Your session has ended' })
  await expect(sheet.getByText(`Sign in again as ${person.email}. What you have typed on this page is kept.`)).toBeVisible()
  await expect(dialog.getByLabel('Name')).toHaveValue(typed)
  await expectAccessible(page)
  await sheet.getByLabel('Password', { exact: true }).fill(DEMO_PASSWORD)
  await sheet.getByRole('button', { name: 'Sign in' }).click()
  await sheet.getByLabel('6-digit code').fill(await freshCode(person.email))
  await expect(sheet).toHaveCount(0)

  // The form stood under the sheet all the time; the request that waited is sent by itself.
  await expect(page.getByText(`The household is now called “${typed}”.`).first()).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: typed })).toBeVisible()
})

/** Each project renames a household of its own, whatever an earlier run called it. */
async function ownHousehold(project: string): Promise<{ id: string; name: string }> {
  const wanted = project === 'phone' ? 'Guerrero' : 'Calder'
  const { households } = await ask<{ households: { edges: { node: { id: string; name: string } }[] } }>(
    PEOPLE.harborAdvisor,
    'query ($name: String!) { households(first: 1, filter: { nameContains: $name }) { edges { node { id name } } } }',
    { name: wanted },
  )
  const found = households.edges[0]?.node
  if (!found) throw new Error(`The demo has no household ${wanted}.`)
  return found
}

test('a session ended from another browser is over there with the next thing it asks @everywhere', async ({ stranger, guards }) => {
  guards.allow(REFUSED)
  const person = PEOPLE.summitManager
  const here = await stranger()
  await signIn(here, person, '/settings/sessions')
  const there = await stranger({ userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0' })
  await signIn(there, person, '/')
  await here.reload()
  const list = here.getByRole('list', { name: 'My sessions' })
  await expect(list.getByText('This session')).toHaveCount(1)
  await expectAccessible(here)
  await list.getByRole('button', { name: /^End the session of Firefox/ }).first().click()
  await expect(here.getByText('The session is ended.').first()).toBeVisible()
  await there.getByRole('button', { name: 'Team' }).click()
  await expect(there.getByRole('alertdialog', { name: 'Your session has ended' })).toBeVisible()
  // Nothing more is answered there, and the session here goes on.
  await there.goto(`${BASE.summit}/book`)
  await expect(there).toHaveURL(/\/sign-in/)
  await here.goto(`${BASE.summit}/book`)
  await expect(here.getByRole('grid', { name: 'Households' })).toBeVisible()
})

test('signing out in one tab takes every tab of the browser along', async ({ stranger, guards }) => {
  guards.allow(REFUSED)
  const person = PEOPLE.summitManager
  const first = await stranger()
  await signIn(first, person, '/')
  const second = await first.context().newPage()
  await second.goto(`${BASE.summit}/book`)
  await expect(second.getByRole('grid', { name: 'Households' })).toBeVisible()
  await second.getByRole('button', { name: `Your account, ${person.name}` }).click()
  await second.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(first).toHaveURL(/\/sign-in/)
  await expect(second).toHaveURL(/\/sign-in/)
})

test('an access token that has run out is renewed without anybody noticing', async ({ stranger, guards }) => {
  guards.allow(REFUSED)
  const page = await stranger()
  await signIn(page, PEOPLE.summitManager, '/')
  const context = page.context()
  const before = (await context.cookies()).find((cookie) => cookie.name === 'wn_access')
  await context.clearCookies({ name: 'wn_access' })
  await page.getByRole('link', { name: 'Book', exact: true }).click()
  await expect(page.getByRole('grid', { name: 'Households' }).getByText('Abernathy Trust')).toBeVisible()
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  const after = (await context.cookies()).find((cookie) => cookie.name === 'wn_access')
  expect(after?.value).toBeTruthy()
  expect(after?.value).not.toBe(before?.value)
})
