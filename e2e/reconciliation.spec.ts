import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { rowsOf } from './support/grid'
import { freshCode, PEOPLE, type Person } from './support/people'
import { ask, bundleFolder, passTime, wealthnexus } from './support/system'
import { expect, REFUSED, test } from './support/test'

interface Break {
  id: string
  kind: string
  difference: string
  worth: string | null
  state: string
  version: number
  account: { id: string; name: string }
  causes: { code: string }[]
}

const OF_ACCOUNTS = `query ($filter: ReconciliationBreakFilter!) { reconciliationBreaks(first: 50, filter: $filter) { edges { node {
  id kind difference worth state version account { id name } causes { code } } } } }`

async function breaks(person: Person, filter: object): Promise<Break[]> {
  const found = await ask<{ reconciliationBreaks: { edges: { node: Break }[] } }>(person, OF_ACCOUNTS, { filter })
  return found.reconciliationBreaks.edges.map(({ node }) => node)
}

async function accountOf(person: Person, name: string): Promise<{ id: string; value: string | null; through: string | null }> {
  const found = await ask<{ accounts: { edges: { node: { id: string; reconciledThrough: string | null; marketValue: { value: string | null } } }[] } }>(
    person,
    'query ($name: String!) { accounts(first: 1, filter: { nameContains: $name }) { edges { node { id reconciledThrough marketValue { value } } } } }',
    { name },
  )
  const node = found.accounts.edges[0]?.node
  if (!node) throw new Error(`There is no account ${name}.`)
  return { id: node.id, value: node.marketValue.value, through: node.reconciledThrough }
}

const COLUMNS = {
  accounts: 'external_id,household_external_id,account_number,name,account_type,tax_status,custodian,currency,opened_on,lot_method\n',
  securities: 'security_key,symbol,exchange,cusip,isin,sedol,figi,name,security_type,asset_class,sub_asset_class,currency,price_multiplier\n',
  prices: 'security_key,date,open,high,low,close,volume\n',
  transactions:
    'external_id,account_external_id,type,trade_date,settlement_date,security_key,quantity,price,amount,fees,currency,lot_selection,related_external_id,accrued_interest,description\n',
  custodian: 'account_external_id,date,security_key,custodian_key,currency,quantity,price,market_value,cost_basis\n',
}

/** A household of its own: one account misses a purchase of 10 at 100.00, another has 20,000.00 that nothing explains. */
function planted(tag: string): string {
  const account = (n: number, name: string) => `Q-${tag}-${n},Q-${tag},7700-${tag}-${n},${name} ${tag},INDIVIDUAL,TAXABLE,Cascade Custody,USD,2021-01-04,FIFO\n`
  return bundleFolder(`desk-${tag}`, {
    'bundle.json': JSON.stringify({ format_version: 1, source: `Desk ${tag}`, as_of: '2021-03-31' }),
    'households.csv': `external_id,name\nQ-${tag},Quillfeather ${tag}\n`,
    'accounts.csv': COLUMNS.accounts + account(1, 'Quill trade') + account(2, 'Quill large'),
    'securities.csv': `${COLUMNS.securities}QS-${tag},,XNYS,,,,,Quill share ${tag},COMMON_STOCK,EQUITY,,USD,1\n`,
    'prices.csv': `${COLUMNS.prices}QS-${tag},2021-03-30,,,,100,\nQS-${tag},2021-03-31,,,,100,\n`,
    'transactions.csv':
      `${COLUMNS.transactions}QT-${tag}-1,Q-${tag}-1,DEPOSIT,2021-03-01,2021-03-01,,,,50000.00,0,USD,,,,Opening\n` +
      `QT-${tag}-2,Q-${tag}-1,BUY,2021-03-30,2021-04-01,QS-${tag},20,100,-2000.00,0,USD,,,,First\n` +
      `QT-${tag}-3,Q-${tag}-2,DEPOSIT,2021-03-01,2021-03-01,,,,50000.00,0,USD,,,,Opening\n`,
    'custodian_positions.csv':
      `${COLUMNS.custodian}Q-${tag}-1,2021-03-31,QS-${tag},QUILL,USD,30,100,3000.00,\n` +
      `Q-${tag}-1,2021-03-31,,,USD,47000.00,,47000.00,\n` +
      `Q-${tag}-2,2021-03-31,,,USD,70000.00,,70000.00,\n`,
  })
}

test('the planted differences of both firms stand where they belong, each with what explains it', async ({ open }) => {
  const expected = {
    summit: ['CASH -25', 'CASH 39633', 'QUANTITY -100'],
    harbor: ['CASH -3314.1', 'QUANTITY 15'],
  } as const
  const people = { summit: PEOPLE.summitOperations, harbor: PEOPLE.harborOperations } as const
  for (const firm of ['summit', 'harbor'] as const) {
    const demo = (await breaks(people[firm], { states: ['OPEN'] })).filter((each) => !each.account.name.startsWith('Quill'))
    expect(demo.map((each) => `${each.kind} ${each.difference}`).sort()).toEqual([...expected[firm]].sort())
    expect(demo.every((each) => each.causes.length > 0)).toBe(true)
  }
  const page = await open(PEOPLE.summitOperations, '/')
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Reconciliation' }).click()
  const grid = page.getByRole('grid', { name: 'Differences with custodians' })
  await expect(rowsOf(grid).first()).toBeVisible()
  const trade = rowsOf(grid).filter({ hasText: 'Quantity' }).filter({ hasText: 'SPY' })
  await trade.first().click()
  const drawer = page.getByRole('complementary', { name: /^Difference of / })
  await expect(drawer.getByText('Trade not booked')).toBeVisible()
  await expect(drawer.getByText(/^SELL of 100 SPY at about 396\.33/)).toBeVisible()
  await expectAccessible(page)
  await drawer.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('link', { name: 'Accounts by day' }).click()
  await expect(page.getByRole('grid', { name: 'Accounts and compared days' })).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('a missing transaction is posted, a second person agrees to what stays, and days agree again', async ({ open, guards }, { project }) => {
  guards.allow(REFUSED)
  const tag = `${project.name}${Date.now() % 1_000_000}`
  const operations = PEOPLE.summitOperations
  wealthnexus('import', planted(tag), '--firm', 'summit')
  const [one, two] = [await accountOf(operations, `Quill trade ${tag}`), await accountOf(operations, `Quill large ${tag}`)]
  await expect.poll(async () => (await breaks(operations, { states: ['OPEN'], accountId: one.id })).map((each) => each.kind).sort(), { timeout: 60_000 }).toEqual(['CASH', 'QUANTITY'])
  expect(one.through).toBeNull()

  // The purchase that the arithmetic tells is posted as it is suggested; both differences go.
  const page = await open(operations, `/reconciliation?account=${encodeURIComponent(one.id)}`)
  const grid = page.getByRole('grid', { name: 'Differences with custodians' })
  await rowsOf(grid).filter({ hasText: 'Quantity' }).click()
  const drawer = page.getByRole('complementary', { name: /^Difference of / })
  await drawer.getByRole('button', { name: 'Post it' }).click()
  const entry = page.getByRole('dialog').last()
  await expect(entry.getByLabel('Amount', { exact: true })).toHaveValue('-1000.00')
  await entry.getByRole('button', { name: 'Check' }).click()
  await entry.getByRole('button', { name: 'Post the entry' }).click()
  // Nobody reloads the page: both differences leave the desk, and nothing is offered to be posted twice.
  await expect(drawer.getByText('Both sides agree again; nobody had to decide.')).toBeVisible({ timeout: 60_000 })
  await expect(drawer.getByRole('button', { name: 'Post it' })).toHaveCount(0)
  await expect(rowsOf(grid)).toHaveCount(0)
  await expect.poll(async () => (await breaks(operations, { states: ['OPEN'], accountId: one.id })).length, { timeout: 60_000 }).toBe(0)
  expect((await accountOf(operations, `Quill trade ${tag}`)).through).toBe('2021-03-31')

  // What nothing explains is signed off, which two people do.
  await page.goto(`/reconciliation?account=${encodeURIComponent(two.id)}`)
  await rowsOf(grid).filter({ hasText: 'Cash' }).click()
  await drawer.getByRole('button', { name: 'Sign off' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign off the difference' })
  await dialog.getByLabel('Reason', { exact: true }).fill('The custodian booked a deposit of somebody else; it will be reversed')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Sign off' }).click()
  await page.getByRole('link', { name: 'Open the request' }).last().click()
  const address = new URL(page.url()).pathname
  const [left] = await breaks(operations, { accountId: two.id })
  if (!left) throw new Error('The large difference is gone.')
  expect(left.state).toBe('OPEN')
  const checker = await open(PEOPLE.summitComplianceTwo, address)
  passTime('step-up', PEOPLE.summitComplianceTwo)
  await checker.getByRole('button', { name: 'Approve' }).click()
  const sheet = checker.getByRole('dialog', { name: 'Confirm that it is you' })
  await sheet.getByLabel('6-digit code').fill(await freshCode(PEOPLE.summitComplianceTwo.email))
  await sheet.getByRole('button', { name: 'Confirm' }).click()
  await expect(checker.getByText('Approved and done')).toBeVisible()
  expect((await accountOf(operations, `Quill large ${tag}`)).through).toBe('2021-03-31')

  // Once is enough: a second sign-off is refused, with who did it.
  const { signOffBreak } = await ask<{ signOffBreak: { code: string; message: string } }>(
    PEOPLE.summitCompliance,
    'mutation ($input: SignOffBreakInput!) { signOffBreak(input: $input) { ... on Error { code message } } }',
    { input: { breakId: left.id, reasonCode: 'TIMING', reason: 'again', expectedVersion: left.version } },
  )
  expect(signOffBreak.code).toBe('CONFLICT')
  expect(signOffBreak.message).toContain('was signed off by Marcus Teller on')

  // At the price desk a price by hand changes the account by exactly that, and is taken back.
  const before = await accountOf(operations, `Quill trade ${tag}`)
  const held = await ask<{ securities: { edges: { node: { id: string } }[] } }>(operations, 'query ($n: String!) { securities(first: 1, filter: { nameContains: $n }) { edges { node { id } } } }', { n: `Quill share ${tag}` })
  await page.goto(`/securities/${encodeURIComponent(held.securities.edges[0]?.node.id ?? '')}`)
  const sources = page.getByRole('region', { name: 'What each source says' }).first()
  await sources.getByRole('button', { name: 'Enter a price' }).click()
  const price = page.getByRole('dialog', { name: /^Enter a price of / })
  await price.getByLabel('Close, in USD').fill('101.50')
  await price.getByLabel('Reason', { exact: true }).fill('The exchange corrected its close')
  await price.getByRole('button', { name: 'Check' }).click()
  await price.getByRole('button', { name: 'Enter it' }).click()
  await expect(price).toHaveCount(0)
  // 30 at 1.50 more.
  const cents = (value: string | null) => Math.round(Number(value) * 100)
  expect(cents((await accountOf(operations, `Quill trade ${tag}`)).value)).toBe(cents(before.value) + 4_500)
  await sources.getByRole('button', { name: /^Withdraw 31 Mar Entered by hand/ }).click()
  const back = page.getByRole('dialog', { name: /^Withdraw a price of / })
  await back.getByLabel('Reason', { exact: true }).fill('The correction was itself withdrawn')
  await back.getByRole('button', { name: 'Check' }).click()
  await back.getByRole('button', { name: 'Withdraw it' }).click()
  await expect(back).toHaveCount(0)
  expect((await accountOf(operations, `Quill trade ${tag}`)).value).toBe(before.value)
  await expectAccessible(page)
})
