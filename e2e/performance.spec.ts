import { readFileSync } from 'node:fs'
import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { change, createFamily } from './support/family'
import { householdId } from './support/households'
import { PEOPLE, type Person } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

interface Return {
  value: string | null
}
interface Period {
  kind: string
  net: Return
  gross: Return | null
}

/** What the API says of a scope's periods, now or as known at a moment. */
async function periodsOf(person: Person, scope: object, knownAt: string | null = null): Promise<Period[]> {
  const { performance } = await ask<{ performance: { periods: Period[] } }>(
    person,
    'query($scope: PerformanceScope!, $knownAt: DateTime) { performance(scope: $scope, knownAt: $knownAt) { periods(kinds: [YTD, THREE_YEARS]) { kind net { value } gross { value } } } }',
    { scope, knownAt },
  )
  return performance.periods
}

const of = (periods: Period[], kind: string) => {
  const found = periods.find((each) => each.kind === kind)
  if (!found) throw new Error(`No ${kind} in ${JSON.stringify(periods)}`)
  return found
}

test('an advisor reads a household’s returns, walks one down to its flows and saves it', async ({ open }) => {
  // Four looks at the whole page, at three widths.
  test.slow()
  const advisor = PEOPLE.summitAdvisor
  const id = await householdId(advisor, 'Whitfield Family')
  const three = of(await periodsOf(advisor, { householdId: id }), 'THREE_YEARS')
  const page = await open(advisor, `/households/${encodeURIComponent(id)}/performance`)
  const main = page.getByRole('main')
  await expect(main.getByRole('button', { name: 'YTD Year to date' })).toHaveAttribute('aria-pressed', 'true')
  await main.getByRole('button', { name: '3Y 3 years' }).click()
  await expect(page).toHaveURL(/period=3y/)
  // Net and gross beside each other, above the chart and in the table, to the last digit of the API.
  const row = main.getByRole('row', { name: /^3 years/ }).first()
  await expect(row.locator(`button[data-value="${three.net.value}"]`)).toBeVisible()
  await expect(row.locator(`button[data-value="${three.gross?.value}"]`)).toBeVisible()
  await expect(main.getByText('Where the gain comes from')).toBeVisible()
  await expectAccessible(page)
  // The chart by the keyboard, and as a table.
  const chart = main.getByRole('slider')
  const last = await chart.getAttribute('aria-valuetext')
  await chart.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(chart).not.toHaveAttribute('aria-valuetext', last ?? '')
  await main.getByRole('button', { name: 'Show as table' }).first().click()
  await expect(main.getByRole('region', { name: /^Growth since/ }).getByRole('row').nth(5)).toBeVisible()
  await main.getByRole('button', { name: 'Show as chart' }).first().click()
  // How is this computed? One step, then the flows it stands on.
  await row.locator(`button[data-value="${three.net.value}"]`).click()
  const panel = page.getByRole('complementary', { name: 'How is Net of fees, 3 years computed?' })
  await expect(panel.getByText('TWR = prod(1 + r) - 1 over the sub-periods')).toBeVisible()
  await panel.locator('button[aria-expanded]').first().click()
  const step = panel.getByRole('group', { name: 'Flows and accounts that joined or left' })
  await expect(step.getByText(/net flows/)).toBeVisible()
  await expectAccessible(page)
  const saved = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Save the explanation as a file' }).click()
  const file = await (await saved).path()
  const explanation = JSON.parse(readFileSync(file, 'utf8')) as { figure: { published: string }; transactions: { file: string | null; line: number | null }[] }
  expect(explanation.figure.published).toBe(three.net.value)
  expect(explanation.transactions.length).toBeGreaterThan(0)
  expect(explanation.transactions.every((row) => row.file !== null && row.line !== null)).toBe(true)
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await expectNoSidewaysScroll(page)
    await expectAccessible(page)
  }
})

test('a return as it was known, before an entry came late', async ({ open }) => {
  const family = await createFamily('Quillfeather', { fund: false })
  const account = family.accounts.joint
  const post = (key: string, type: string, tradeDate: string, amount: string) =>
    change(PEOPLE.summitOperations, 'postTransaction', { idempotencyKey: `${account}-${key}`, accountId: account, type, tradeDate, amount }, 'transaction { id }')
  // 101,000 / 100,000 - 1 = 1 %.
  await post('opening', 'DEPOSIT', '2021-01-04', '100000')
  await post('interest', 'INTEREST', '2021-02-01', '1000')
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const then = `${new Date().toISOString().slice(0, 19)}Z`
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  // Recorded later, of a day before: 101,500 / 100,000 - 1 = 1.5 %.
  await post('late', 'INTEREST', '2021-02-15', '500')
  const scope = { householdId: family.householdId }
  const [before, now] = [of(await periodsOf(PEOPLE.summitAdvisor, scope, then), 'YTD'), of(await periodsOf(PEOPLE.summitAdvisor, scope), 'YTD')]
  expect([before.net.value, now.net.value].map(Number)).toEqual([0.01, 0.015])
  const path = `/households/${encodeURIComponent(family.householdId)}/performance`
  const page = await open(PEOPLE.summitAdvisor, `${path}?knownAt=${encodeURIComponent(then)}`)
  const main = page.getByRole('main')
  const year = main.getByRole('row', { name: /^Year to date/ })
  await expect(main.getByText(/^As known on .*What was recorded later is left out/)).toBeVisible()
  await expect(year.getByRole('button', { name: '+1.00%' }).first()).toBeVisible()
  await expectAccessible(page)
  // The control says the same moment, and the way back leads to what is known now.
  await main.getByRole('button', { name: /^As known on/ }).click()
  const moment = page.getByRole('dialog', { name: 'As known on' })
  await expect(moment.getByRole('button', { name: 'Show what was known' })).toBeEnabled()
  await page.keyboard.press('Escape')
  await main.getByRole('button', { name: 'Back to what is known now' }).click()
  await expect(page).not.toHaveURL(/knownAt/)
  await expect(year.getByRole('button', { name: '+1.50%' }).first()).toBeVisible()
  await expect(year.locator(`button[data-value="${now.net.value}"]`).first()).toBeVisible()
})

test('holdings are grouped with the server’s sums, and open to what is in them', async ({ open }) => {
  const advisor = PEOPLE.summitAdvisor
  const id = await householdId(advisor, 'Whitfield Family')
  interface Group {
    key: string
    marketValue: Return
  }
  const { household } = await ask<{ household: { holdingGroups: Group[] } }>(advisor, 'query($id: ID!) { household(id: $id) { holdingGroups(by: SECTOR) { key marketValue { value } } } }', { id })
  const page = await open(advisor, `/households/${encodeURIComponent(id)}/holdings`)
  const main = page.getByRole('main')
  await main.getByRole('button', { name: /Group by/ }).click()
  await page.getByRole('menuitemradio', { name: 'Sector' }).click()
  await expect(page).toHaveURL(/by=sector/)
  const grid = main.getByRole('grid', { name: 'Holdings of Whitfield Family by sector' })
  for (const group of household.holdingGroups) await expect(grid.locator(`button[data-value="${group.marketValue.value}"]`).first()).toBeVisible()
  await grid.getByRole('img', { name: /^Show details/ }).first().click()
  await expect(grid.getByRole('region', { name: /^Holdings in/ }).getByRole('row').nth(1)).toBeVisible()
  await expectAccessible(page)
  await page.setViewportSize({ width: 320, height: 800 })
  await expectNoSidewaysScroll(page)
})

test('a client reads returns after fees, the same as the firm’s, and what is held @phone', async ({ open }) => {
  const client = PEOPLE.harborClient
  interface Access {
    state: string
    subject: { id: string; kind: string } | null
  }
  const { viewer } = await ask<{ viewer: { accesses: Access[] } }>(client, '{ viewer { accesses { state subject { id kind } } } }')
  const open_ = viewer.accesses.filter((each) => each.state === 'IN_FORCE')
  const subject = open_.length === 1 ? open_[0]?.subject : null
  const scope = subject ? { [`${subject.kind}Id`]: subject.id } : { firm: true }
  const own = await periodsOf(client, scope)
  expect(own.map((each) => each.gross)).toEqual([null, null])
  const year = of(own, 'YTD')
  if (subject) expect(of(await periodsOf(PEOPLE.harborAdmin, scope), 'YTD').net.value).toBe(year.net.value)
  const page = await open(client, '/portal')
  await page.getByRole('link', { name: 'Performance' }).click()
  const main = page.getByRole('main')
  const figure = main.locator(`button[data-value="${year.net.value}"]`).first()
  await expect(figure).toBeVisible()
  const shown = await figure.textContent()
  await expect(main.getByText(/gross/i)).toHaveCount(0)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await figure.click()
  const panel = page.getByRole('complementary', { name: /How is After fees, This year computed/ })
  // In a client's words, and from a value down to what was held.
  await expect(panel.getByText(/^The returns from one close to the next, multiplied/)).toBeVisible()
  await expect(panel.getByRole('button', { name: /^Value on 31 Mar 2021/ })).toBeVisible()
  await expectAccessible(page)
  await panel.getByRole('button', { name: 'Close', exact: true }).click()
  await main.getByRole('button', { name: '3 years', exact: true }).click()
  await expect(main.locator(`button[data-value="${of(own, 'THREE_YEARS').net.value}"]`).first()).toBeVisible()
  await page.getByRole('link', { name: 'Holdings' }).click()
  await expect(main.getByRole('heading', { name: 'Holdings', level: 1 })).toBeVisible()
  const group = main.getByRole('listitem').getByRole('button', { expanded: false }).first()
  await group.click()
  await expect(main.getByRole('listitem').getByRole('listitem').first()).toBeVisible()
  await expectAccessible(page)
  await page.setViewportSize({ width: 320, height: 800 })
  await expectNoSidewaysScroll(page)
  if (!subject || subject.kind !== 'household') return
  // The same string on the firm's screen.
  const desk = await open(PEOPLE.harborAdmin, `/households/${encodeURIComponent(subject.id)}/performance`)
  await expect(desk.getByRole('main').locator(`button[data-value="${year.net.value}"]`).first()).toHaveText(shown ?? '')
})

test('a person’s returns count every account by the share in it', async ({ open }) => {
  const advisor = PEOPLE.summitAdvisor
  const id = await householdId(advisor, 'Whitfield Family')
  const { parties } = await ask<{ parties: { edges: { node: { id: string; name: string } }[] } }>(advisor, 'query($id: ID!) { parties(first: 20, filter: { householdId: $id }) { edges { node { id name } } } }', { id })
  const eleanor = parties.edges.find(({ node }) => node.name === 'Eleanor Whitfield')?.node
  if (!eleanor) throw new Error('Eleanor Whitfield is not in her household')
  const year = of(await periodsOf(advisor, { partyId: eleanor.id }), 'YTD')
  const page = await open(advisor, `/parties/${encodeURIComponent(eleanor.id)}`)
  await page.getByRole('main').getByRole('link', { name: 'Performance' }).click()
  await expect(page).toHaveURL(/\/performance/)
  await expect(page.getByRole('main').locator(`button[data-value="${year.net.value}"]`).first()).toBeVisible()
  await expectAccessible(page)
  await page.setViewportSize({ width: 320, height: 800 })
  await expectNoSidewaysScroll(page)
})
