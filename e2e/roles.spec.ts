import type { Page } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { book, cents, names } from './support/grid'
import type { FirmSlug } from './support/hosts'
import { householdId } from './support/households'
import { PEOPLE, type Person } from './support/people'
import { ask } from './support/system'
import { expect, REFUSED, test } from './support/test'

/** What each role finds on the screens, and nothing else. The server decides; the screens must not offer more or less. */
interface Sees {
  person: Person
  /** Beside Home, Book and Settings. */
  desks?: string[]
  settings: string[]
  household: string[]
  invite: boolean
  userActions: string[]
  approvals: boolean
}

const EVERYBODY = ['Firm', 'Users and roles', 'Sign-in and security', 'My sessions']
const ROLES: Record<string, Sees> = {
  'firm admin': {
    person: PEOPLE.summitAdmin,
    settings: [...EVERYBODY, 'Access grants', 'Identical securities', 'Benchmarks', 'Conventions', 'Imports', 'Jobs', 'Audit log'],
    household: ['Rename'],
    invite: true,
    userActions: ['Change roles', 'Deactivate'],
    approvals: true,
  },
  advisor: { person: PEOPLE.summitAdvisor, settings: [...EVERYBODY, 'Identical securities', 'Benchmarks', 'Conventions', 'Jobs'], household: ['Rename'], invite: true, userActions: [], approvals: true },
  // The trader of the other firm: this one's roles are changed by the journey of the approvals.
  trader: { person: PEOPLE.harborTrader, settings: [...EVERYBODY, 'Identical securities', 'Benchmarks', 'Conventions', 'Jobs'], household: [], invite: false, userActions: [], approvals: true },
  operations: {
    person: PEOPLE.summitOperations,
    desks: ['Reconciliation', 'Prices', 'Corporate actions', 'Composites'],
    settings: [...EVERYBODY, 'Identical securities', 'Benchmarks', 'Conventions', 'Imports', 'Jobs'],
    household: ['Rename', 'Post a transaction'],
    invite: true,
    userActions: [],
    approvals: true,
  },
  compliance: {
    person: PEOPLE.summitCompliance,
    desks: ['Reconciliation'],
    settings: [...EVERYBODY, 'Access grants', 'Identical securities', 'Benchmarks', 'Conventions', 'Jobs', 'Audit log'],
    household: [],
    invite: false,
    userActions: ['Deactivate'],
    approvals: true,
  },
  'read only': { person: PEOPLE.summitReadOnly, settings: [...EVERYBODY, 'Identical securities', 'Benchmarks', 'Conventions', 'Jobs'], household: [], invite: false, userActions: [], approvals: false },
}

/** One household and one colleague of each firm. */
const KNOWN: Record<FirmSlug, { household: string; colleague: Person }> = {
  summit: { household: 'Whitfield Family', colleague: PEOPLE.summitComplianceTwo },
  harbor: { household: 'Larkspur Holdings', colleague: PEOPLE.harborCompliance },
}

const linksOf = (page: Page, name: string) => page.getByRole('navigation', { name }).getByRole('link').allInnerTexts()
const buttonsOf = async (page: Page, known: readonly string[]) => {
  const shown: string[] = []
  for (const name of known) if ((await page.getByRole('button', { name, exact: true }).count()) > 0) shown.push(name)
  return shown
}
const trimmed = (texts: string[]) => texts.map((text) => text.trim())

async function userId(viewer: Person, of: Person): Promise<string> {
  const { users } = await ask<{ users: { edges: { node: { id: string } }[] } }>(viewer, 'query ($n: String!) { users(first: 1, filter: { nameContains: $n }) { edges { node { id } } } }', {
    n: of.name,
  })
  return users.edges[0]?.node.id ?? ''
}

for (const [role, sees] of Object.entries(ROLES)) {
  const everywhere = role === 'operations' || role === 'read only' ? ' @everywhere' : ''
  test(`the role ${role} finds exactly its rooms and actions${everywhere}`, async ({ open }, { project }) => {
    const page = await open(sees.person, '/settings/profile')
    await expect(page.getByRole('heading', { level: 1, name: 'Sign-in and security' })).toBeVisible()
    const rooms = ['Home', 'Book', ...(sees.desks ?? []), 'Settings']
    // The foot of a phone holds four; what follows is behind "More".
    expect(trimmed(await linksOf(page, 'Rooms'))).toEqual(project.name === 'phone' ? rooms.slice(0, 4) : rooms)
    expect(trimmed(await linksOf(page, 'Settings'))).toEqual(sees.settings)

    const { household, colleague } = KNOWN[sees.person.firm]
    const id = await householdId(sees.person, household)
    await page.goto(`/households/${encodeURIComponent(id)}`)
    await expect(page.getByRole('heading', { level: 1, name: household })).toBeVisible()
    expect(await buttonsOf(page, ['Rename', 'Post a transaction'])).toEqual(sees.household)

    await page.goto(`/settings/users?user=${encodeURIComponent(await userId(sees.person, colleague))}`)
    await expect(page.getByRole('heading', { level: 2, name: colleague.name })).toBeVisible()
    expect(await buttonsOf(page, ['Change roles', 'Deactivate'])).toEqual(sees.userActions)
    expect((await buttonsOf(page, ['Invite somebody'])).length > 0).toBe(sees.invite)

    await page.goto('/approvals')
    await expect(page.getByText('You may not see approvals')).toHaveCount(sees.approvals ? 0 : 1)
    if (project.name === 'desktop') await expectAccessible(page)
  })
}

for (const [path, permission] of [
  ['/settings/audit', 'audit.read'],
  ['/settings/grants', 'grants.read'],
  ['/imports', 'imports.run'],
] as const) {
  test(`${path} typed into the address says what is missing and who to ask`, async ({ open }) => {
    const page = await open(PEOPLE.summitReadOnly, path)
    const empty = page.locator('[data-empty="forbidden"]')
    await expect(empty).toContainText(permission)
    await expect(empty).toContainText('A firm admin can give it to you.')
    await expectAccessible(page)
  })
}

test('an advisor of a book sees the households of that book and no trace of others @everywhere', async ({ open, guards }) => {
  const person = PEOPLE.summitLimitedAdvisor
  const page = await open(person, '/book')
  const grid = book(page)
  await expect(grid).toHaveAttribute('aria-rowcount', '14')
  const { households } = await ask<{ households: { totalCount: number; totalValue: { value: string }; edges: { node: { name: string; accountCount: number; advisorName: string | null; marketValue: { value: string } } }[] } }>(
    person,
    '{ households(first: 100, orderBy: { field: NAME, direction: ASC }) { totalCount totalValue { value } edges { node { name accountCount advisorName marketValue { value } } } } }',
  )
  expect(await names(grid)).toEqual(households.edges.map(({ node }) => node.name))
  expect(new Set(households.edges.filter(({ node }) => node.accountCount > 0).map(({ node }) => node.advisorName))).toEqual(new Set(['Lucie Moreau']))
  const sum = households.edges.reduce((all, { node }) => all + cents(node.marketValue.value), 0n)
  expect(cents((await grid.locator('button[data-value]').last().getAttribute('data-value')) ?? '')).toBe(sum)
  expect(sum).toBe(cents(households.totalValue.value))
  await expect(page.getByText('Whitfield')).toHaveCount(0)

  // The address of another household says no more than that there may be none.
  guards.allow(REFUSED)
  const other = await householdId(PEOPLE.summitAdvisor, 'Whitfield Family')
  await page.goto(`/households/${encodeURIComponent(other)}`)
  await expect(page.getByText('This household cannot be shown')).toBeVisible()
  await expect(page.getByText('It does not exist, or you may not see it.')).toBeVisible()
  await expect(page.getByText('Whitfield')).toHaveCount(0)
  await page.goto('/')
  await expect(page.getByRole('region', { name: 'Assets' }).locator('button[data-value]').first()).toHaveAttribute('data-value', households.totalValue.value)
})

test('a client sees the accounts shared with them, to the cent, and nothing of the firm @everywhere', async ({ open, guards }) => {
  guards.allow(REFUSED)
  const page = await open(PEOPLE.summitClient, '/portal')
  const main = page.getByRole('main')
  await expect(main.getByText('$10,162,893.27').first()).toBeVisible()
  const accounts = main.getByRole('region', { name: 'Accounts' }).getByRole('listitem')
  await expect(accounts).toHaveCount(5)
  // Each line follows the quotes; the closes they started from add up to the whole.
  const shared = await ask<{ viewer: { worth: { accounts: { name: string; marketValue: { value: string } }[] } } }>(
    PEOPLE.summitClient,
    '{ viewer { worth { accounts { name marketValue { value } } } } }',
  )
  expect(shared.viewer.worth.accounts.map((account) => cents(account.marketValue.value)).reduce((all, each) => all + each, 0n)).toBe(cents('10162893.27'))
  for (const account of shared.viewer.worth.accounts) await expect(accounts.filter({ hasText: account.name })).toHaveCount(1)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  // Their place is the portal: the firm's pages are not theirs.
  for (const path of ['/', '/book', '/settings/audit']) {
    await page.goto(path)
    await expect(page).toHaveURL(/\/portal/)
  }
})

test('a guardian sees the one account of their ward @everywhere', async ({ open }) => {
  const page = await open(PEOPLE.summitGuardian, '/portal')
  const main = page.getByRole('main')
  await expect(main.getByRole('link', { name: 'Clara 529 plan' })).toBeVisible()
  await expect(main.getByText('$148,902.35').first()).toBeVisible()
  await expect(main.getByText('10,162,893.27')).toHaveCount(0)
  await expect(main.getByRole('region', { name: 'Accounts' }).getByRole('listitem')).toHaveCount(1)
})

test('staff who open the portal are shown the way back', async ({ open }) => {
  const page = await open(PEOPLE.summitAdvisor, '/portal')
  await expect(page.getByText('This is the place of the firm’s clients')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Open the staff app' }).click()
  await expect(page.getByRole('region', { name: 'Work queue' })).toBeVisible()
})
