import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { BASE } from './support/hosts'
import { PEOPLE, type Person } from './support/people'
import { signIn } from './support/signIn'
import { ask } from './support/system'
import { expect, REFUSED, test } from './support/test'

interface Figure {
  value: string | null
}
interface Worth {
  netWorth: Figure
  accounts: { id: string; name: string; marketValue: Figure }[]
}

/** What the API says of everything that is open to a client. */
async function worthOf(person: Person): Promise<Worth> {
  const found = await ask<{ viewer: { worth: Worth } }>(person, '{ viewer { worth { netWorth { value } accounts { id name marketValue { value } } } } }')
  return found.viewer.worth
}

for (const scheme of ['light', 'dark'] as const) {
  test(`a client sees what is shared and nothing else, in ${scheme} @phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await signIn(page, PEOPLE.summitGuardian, '/portal')
    const main = page.getByRole('main')
    const accounts = main.getByRole('region', { name: 'Accounts' }).getByRole('listitem')
    await expect(accounts).toHaveCount(1)
    await expect(accounts.first()).toContainText('529 plan')
    // Somebody else's: its value is told, and not called the guardian's net worth.
    await expect(main.getByText('Value together')).toBeVisible()
    await expect(main.getByText('Net worth', { exact: true })).toHaveCount(0)
    const worth = await worthOf(PEOPLE.summitGuardian)
    await expect(main.locator(`button[data-value="${worth.netWorth.value}"]`).first()).toBeVisible()
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)
  })
}

test('values move as quotes come, beside the close that the books know @phone', async ({ open }) => {
  const page = await open(PEOPLE.harborClient, '/portal')
  const main = page.getByRole('main')
  await expect(main.getByText('Live, simulated around the last real close')).toBeVisible({ timeout: 20_000 })
  const worth = await worthOf(PEOPLE.harborClient)
  await expect(main.locator(`button[data-value="${worth.netWorth.value}"]`)).toBeVisible()
  const hero = main.locator('.text-30 data')
  const seen = new Set<string>()
  await expect
    .poll(async () => seen.add((await hero.getAttribute('value')) ?? '').size, { timeout: 20_000 })
    .toBeGreaterThan(2)
  // A simulation stays around the close: no value of it is far away.
  for (const value of seen) expect(Math.abs(Number(value) / Number(worth.netWorth.value) - 1)).toBeLessThan(0.1)
  await expectNoSidewaysScroll(page)
})

test('a client opens an account, its movements and the profile @phone', async ({ open }) => {
  const page = await open(PEOPLE.harborClient, '/portal')
  const main = page.getByRole('main')
  const largest = (await worthOf(PEOPLE.harborClient)).accounts[0]
  if (!largest) throw new Error('The client has no account')
  await main.getByRole('link', { name: largest.name }).click()
  await expect(main.getByRole('heading', { name: largest.name, level: 1 })).toBeVisible()
  await expect(main.locator(`button[data-value="${largest.marketValue.value}"]`).first()).toBeVisible()
  const { account } = await ask<{ account: { positions: { totalCount: number } } }>(PEOPLE.harborClient, 'query($id: ID!) { account(id: $id) { positions { totalCount } } }', { id: largest.id })
  // Every investment, and the cash.
  await expect(main.getByRole('region', { name: 'Investments' }).getByRole('listitem')).toHaveCount(account.positions.totalCount + 1)
  const movements = main.getByRole('region', { name: 'Movements' })
  await expect(movements.getByRole('listitem')).toHaveCount(20)
  await movements.getByRole('button', { name: 'Show more' }).click()
  await expect(movements.getByRole('listitem')).toHaveCount(40)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await page.getByRole('link', { name: 'Profile' }).click()
  await expect(main.getByRole('heading', { name: PEOPLE.harborClient.name })).toBeVisible()
  await expect(main.getByText('On file, hidden')).toBeVisible()
  await expect(main.getByRole('region', { name: 'What you may see, and why' }).getByText('Open to you')).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('divorced parents each see the child’s account and nothing of the other @phone', async ({ open, guards }) => {
  guards.allow(REFUSED)
  const page = await open(PEOPLE.summitMother, '/portal')
  const main = page.getByRole('main')
  const child = main.getByRole('link', { name: 'Theo 529 plan' })
  await expect(child).toBeVisible()
  await expect(main.getByText('Karl')).toHaveCount(0)
  await expect(main.getByText('Osterman')).toHaveCount(0)
  // As the child's parent alone.
  await main.getByRole('combobox', { name: 'Shown' }).selectOption({ label: 'Theo 529 plan, as parent' })
  await expect(main.getByRole('region', { name: 'Accounts' }).getByRole('listitem')).toHaveCount(1)
  await child.click()
  await expect(main.getByText('Belongs to another owner')).toBeVisible()
  await expect(main.getByText('Karl')).toHaveCount(0)
  const his = (await worthOf(PEOPLE.summitFather)).accounts.find((account) => account.name !== 'Theo 529 plan')
  await page.goto(`${BASE.summit}/portal/accounts/${encodeURIComponent(his?.id ?? '')}`)
  await expect(main.getByText('There is no such account for you')).toBeVisible()
})

test('an accountant whose access has ended finds a friendly page @phone', async ({ open }) => {
  const page = await open(PEOPLE.harborFormerAccountant, '/portal')
  const main = page.getByRole('main')
  await expect(main.getByText('Your access has ended')).toBeVisible()
  await expect(main.getByText(/as accountant through/)).toBeVisible()
  await expect(main.getByText('Larkspur')).toHaveCount(0)
  expect((await worthOf(PEOPLE.harborFormerAccountant)).accounts).toEqual([])
  await expectAccessible(page)
})

test('a client asks for a change, and the advisor finds it as work @phone', async ({ open }) => {
  const page = await open(PEOPLE.harborReviewed, '/portal')
  const main = page.getByRole('main')
  await main.getByRole('link', { name: 'Review: Look over your details' }).click()
  await main.getByRole('button', { name: 'Ask for a change' }).click()
  const question = page.getByRole('dialog', { name: 'Ask for a change' })
  await question.getByRole('button', { name: 'Send to your advisor' }).click()
  await expect(question.getByText('Say what is to be changed.')).toBeVisible()
  const words = `My new telephone is 207 555 0123 (${Date.now()})`
  await question.getByLabel('What is to be changed?').fill(words)
  await expectAccessible(page)
  await question.getByRole('button', { name: 'Send to your advisor' }).click()
  await expect(question).toHaveCount(0)
  interface Item {
    id: string
    detail: string
    version: number
  }
  const { workItems } = await ask<{ workItems: { nodes: Item[] } }>(
    PEOPLE.harborAdvisor,
    '{ workItems(first: 100, filter: { kinds: ["clients.request.change_details"], states: [OPEN] }) { nodes { id detail version } } }',
  )
  const item = workItems.nodes.find((each) => each.detail === words)
  expect(item).toBeDefined()
  await page.getByRole('link', { name: 'Profile' }).click()
  await expect(main.getByText('With your advisor').first()).toBeVisible()
  // Done by the advisor: the client is told, and the queue is as it was.
  await ask(PEOPLE.harborAdvisor, 'mutation($input: CompleteWorkItemInput!) { completeWorkItem(input: $input) { __typename } }', {
    input: { workItemId: item?.id, expectedVersion: item?.version },
  })
  await page.reload()
  await expect(main.getByRole('region', { name: 'What you have asked' }).getByText('Done').first()).toBeVisible()
})

test('the portal hides amounts, ends the session and keeps nothing @phone', async ({ page }) => {
  await signIn(page, PEOPLE.harborClient, '/portal')
  await expect(page.getByRole('button', { name: /^\$/ }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Hide amounts' }).click()
  await expect(page.getByText('Hidden').first()).toBeAttached()
  expect(await page.locator('main').textContent()).not.toMatch(/\$\d/)
  await page.getByRole('button', { name: 'Show amounts' }).click()
  await page.getByRole('link', { name: 'Profile' }).click()
  await expect(page.getByText('This device')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.waitForURL(/\/portal\/sign-in/)
  await page.goto(page.url().replace('/sign-in', ''))
  await page.waitForURL(/\/portal\/sign-in\?next=/)
})

test('staff at the portal and clients at the desk are led to their own place @phone', async ({ page }) => {
  await signIn(page, PEOPLE.harborClient, '/')
  await page.waitForURL(/\/portal$/)
  await expect(page.getByText('Net worth', { exact: true }).first()).toBeVisible()
})

for (const [firm, person] of [
  ['summit', PEOPLE.summitClient],
  ['harbor', PEOPLE.harborClient],
] as const) {
  test(`on a desk the portal of ${firm} has its places at the side, and fits a narrow or enlarged page`, async ({ open }) => {
    const page = await open(person, '/portal')
    const places = page.getByRole('navigation', { name: 'Places' })
    await expect(places).toHaveCount(1)
    const side = await places.boundingBox()
    expect(side?.x).toBe(0)
    expect(side?.height).toBeGreaterThan(400)
    await expect(page.getByRole('region', { name: 'Accounts' })).toBeVisible()
    await expectAccessible(page)
    await places.getByRole('link', { name: 'Accounts' }).click()
    await expect(page.getByRole('heading', { name: 'Accounts and debts' })).toBeVisible()
    // 320 px wide, and a page of 1280 px at 200 %.
    for (const width of [320, 640]) {
      await page.setViewportSize({ width, height: 640 })
      for (const path of ['/portal', '/portal/accounts', '/portal/movements', '/portal/more']) {
        await page.goto(`${BASE[person.firm]}${path}`)
        await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeAttached()
        await expect(page.locator('.skeleton')).toHaveCount(0)
        await expectNoSidewaysScroll(page)
      }
    }
  })
}
