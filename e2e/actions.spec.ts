import { readFileSync } from 'node:fs'
import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { rowsOf } from './support/grid'
import { householdId } from './support/households'
import { PEOPLE } from './support/people'
import { ask, bundleFolder, wealthnexus } from './support/system'
import { expect, test } from './support/test'

const person = PEOPLE.harborOperations

/** A family with 125 shares in two lots, of which 50 were sold; a split, a spin-off, and a split to come. */
function family(tag: string): string {
  const [parent, child] = [`P${tag}`, `C${tag}`]
  return bundleFolder(`actions-${tag}`, {
    'bundle.json': JSON.stringify({ format_version: 1, source: `Actions ${tag}`, as_of: '2021-03-31' }),
    'households.csv': `external_id,name\nH-${tag},Actions ${tag}\n`,
    'accounts.csv':
      'external_id,household_external_id,account_number,name,account_type,tax_status,custodian,currency,opened_on,lot_method\n' +
      `A-${tag},H-${tag},0077-${tag},Actions account ${tag},INDIVIDUAL,TAXABLE,Cascade Custody,USD,2020-01-02,FIFO\n`,
    'securities.csv':
      'security_key,symbol,exchange,cusip,isin,sedol,figi,name,security_type,asset_class,sub_asset_class,currency,price_multiplier\n' +
      `${parent},${parent},XNYS,,,,,Parent ${tag},COMMON_STOCK,EQUITY,,USD,1\n${child},${child},XNYS,,,,,Child ${tag},COMMON_STOCK,EQUITY,,USD,1\n`,
    'prices.csv': `security_key,date,open,high,low,close,volume\n${parent},2020-01-06,,,,50,\n${parent},2021-03-31,,,,20,\n${child},2021-03-31,,,,10,\n`,
    'transactions.csv':
      'external_id,account_external_id,type,trade_date,settlement_date,security_key,quantity,price,amount,fees,currency,lot_selection,related_external_id,accrued_interest,description\n' +
      `T1-${tag},A-${tag},DEPOSIT,2020-01-02,,,,,20000.00,0,USD,,,,\n` +
      `T2-${tag},A-${tag},BUY,2020-01-06,,${parent},100,50,-5000.00,0,USD,,,,First\n` +
      `T3-${tag},A-${tag},BUY,2020-06-01,,${parent},25,60,-1500.00,0,USD,,,,Second\n` +
      `T4-${tag},A-${tag},SELL,2021-02-01,,${parent},50,70,3500.00,0,USD,,,,Sale\n`,
    'corporate_actions.csv':
      'external_id,security_key,type,ex_date,record_date,pay_date,ratio_new,ratio_old,cash_amount,currency,other_security_key,new_value,description\n' +
      `X1-${tag},${parent},SPLIT,2021-03-15,,,3,1,,,,,Three for one\n` +
      `X2-${tag},${parent},SPIN_OFF,2021-03-22,,,1,4,,,${child},,Child shares\n` +
      `X3-${tag},${parent},SPLIT,2021-06-01,,,2,1,,,,,To come\n`,
  })
}

interface Lots {
  household: { accounts: { nodes: { id: string; lots: { nodes: { security: { symbol: string }; quantity: string; acquiredOn: string; cost: { value: string } }[] } }[] } }
}

async function lotsOf(id: string): Promise<string[]> {
  const { household } = await ask<Lots>(
    person,
    'query ($id: ID!) { household(id: $id) { accounts(first: 5) { nodes { id lots(first: 20) { nodes { security { symbol } quantity acquiredOn cost { value } } } } } } }',
    { id },
  )
  return household.accounts.nodes.flatMap(({ lots }) => lots.nodes.map((lot) => `${lot.security.symbol[0]} ${Number(lot.quantity)} ${lot.acquiredOn} ${lot.cost.value}`)).sort()
}

test('a split and a spin-off go from what was announced to the lots, and back @everywhere', async ({ open }, { project }) => {
  const tag = `${project.name === 'phone' ? 'F' : 'D'}${Date.now() % 1_000_000}`
  wealthnexus('import', family(tag), '--firm', 'harbor')
  const page = await open(person, '/corporate-actions')
  const grid = page.getByRole('grid', { name: 'Corporate actions' })
  const mine = rowsOf(grid).filter({ hasText: `P${tag}` })
  await expect(mine).toHaveCount(3)
  await expect(mine.filter({ hasText: 'Announced' })).toHaveCount(1)
  await expect(mine.filter({ hasText: 'Due' })).toHaveCount(2)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  // The split: 75 shares become 225, basis and days stay.
  await mine.filter({ hasText: '15 Mar 2021' }).locator('[role="gridcell"]').first().click()
  const peek = page.getByRole('complementary').or(page.getByRole('dialog')).filter({ hasText: `Parent ${tag}` })
  await expect(peek.getByText('1 entry in 1 account')).toBeVisible()
  const lots = peek.getByRole('table', { name: `Lots of Actions account ${tag}` })
  await expect(lots.getByRole('row').nth(1)).toContainText('50')
  await expect(lots.getByRole('row').nth(1)).toContainText('150')
  await expect(lots.getByRole('row').nth(2)).toContainText('75')
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await peek.getByRole('button', { name: 'Post', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Post the corporate action' })
  await dialog.getByRole('button', { name: 'Post', exact: true }).click()
  await expect(dialog.getByText('Say why: the reason is kept in the audit log.')).toBeVisible()
  await dialog.getByLabel('Reason').fill('Notice of 1 March')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Post', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await expect(peek.getByText('The one holding of the eve has its entries.')).toBeVisible()
  const household = await householdId(person, `Actions ${tag}`)
  expect(await lotsOf(household)).toEqual(['P 150 2020-01-06 2500.00', 'P 75 2020-06-01 1500.00'])

  // The spin-off: 225 shares bring 56.25, the fraction is paid out, three tenths of the basis go along.
  await page.getByRole('button', { name: 'Close' }).first().click()
  await mine.filter({ hasText: '22 Mar 2021' }).locator('[role="gridcell"]').first().click()
  await peek.getByRole('button', { name: /Fractions of a unit/ }).click()
  await page.getByRole('option', { name: 'Pay them out' }).click()
  await peek.getByLabel('Cash for one unit received').fill('12')
  await peek.getByLabel('Part of the basis that goes to what is received').fill('0.3')
  await peek.getByRole('button', { name: 'Work out the effects' }).click()
  await expect(peek.getByRole('table', { name: `Realised in Actions account ${tag}` })).toBeVisible()
  await expect(peek.getByRole('list', { name: `Entries of Actions account ${tag}` })).toContainText('+56')
  await peek.getByRole('button', { name: 'Post', exact: true }).click()
  await dialog.getByLabel('Reason').fill('Form 8937')
  await dialog.getByRole('button', { name: 'Post', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  const after = await lotsOf(household)
  expect(after.filter((lot) => lot.startsWith('P'))).toEqual(['P 150 2020-01-06 1750.00', 'P 75 2020-06-01 1050.00'])
  expect(after.filter((lot) => lot.startsWith('C')).map((lot) => lot.split(' ')[2]).sort()).toEqual(['2020-01-06', '2020-06-01'])

  // Taken back as one act.
  await peek.getByRole('button', { name: 'Take back' }).click()
  const back = page.getByRole('dialog', { name: 'Take the posting back' })
  await back.getByLabel('Reason').fill('The issuer has changed the ratio')
  await back.getByRole('button', { name: 'Take back' }).click()
  await expect(back).toHaveCount(0)
  await expect(peek.getByRole('button', { name: 'Post', exact: true })).toBeVisible()
  expect(await lotsOf(household)).toEqual(['P 150 2020-01-06 2500.00', 'P 75 2020-06-01 1500.00'])
})

test('a corrected purchase shows the lots and gains it changes before it is saved, and the old are known as before @everywhere', async ({ open }, { project }) => {
  const tag = `${project.name === 'phone' ? 'G' : 'E'}${Date.now() % 1_000_000}`
  wealthnexus('import', family(tag), '--firm', 'harbor')
  const id = await householdId(person, `Actions ${tag}`)
  const page = await open(person, `/households/${encodeURIComponent(id)}/activity`)
  const grid = page.getByRole('grid', { name: `Transactions of Actions ${tag}` })
  await rowsOf(grid).filter({ hasText: '6 Jan 2020' }).locator('[role="gridcell"]').first().click()
  await grid.getByRole('button', { name: 'Correct this entry' }).click()
  const dialog = page.getByRole('dialog', { name: 'Correct a transaction' })
  await dialog.getByLabel(/^Amount/).fill('-5600.00')
  await dialog.getByLabel(/^Price/).fill('56')
  await dialog.getByLabel('Reason').fill('The contract note says 56.00')
  await dialog.getByRole('button', { name: 'Check' }).click()

  // 50 of the 100 were sold: their gain falls from 1,000.00 to 700.00, and what is left costs 2,800.00.
  await expect(dialog.getByText('Figures change from 6 Jan 2020 on')).toBeVisible()
  await expect(dialog.getByText('1 realised gain changes')).toBeVisible()
  const gains = dialog.getByRole('table', { name: '1 realised gain changes' })
  await expect(gains).toContainText('1,000.00')
  await expect(gains).toContainText('700.00')
  await expect(dialog.getByRole('table', { name: '1 lot changes' })).toContainText('2,800.00')
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  const before = new Date().toISOString()
  await dialog.getByRole('button', { name: 'Post the correction' }).click()
  await expect(dialog).toHaveCount(0)
  await page.getByText('Show corrections').click()
  await expect(rowsOf(grid).filter({ hasText: '6 Jan 2020' })).toHaveCount(3)

  const gained = async (knownAt: string | null) => {
    const { realisedGains } = await ask<{ realisedGains: { nodes: { gain: { value: string } }[] } }>(
      person,
      'query ($id: ID!, $at: DateTime) { realisedGains(householdId: $id, first: 5, knownAt: $at) { nodes { gain { value } } } }',
      { id, at: knownAt },
    )
    return realisedGains.nodes.map(({ gain }) => gain.value)
  }
  expect(await gained(null)).toEqual(['700.00'])
  expect(await gained(before)).toEqual(['1000.00'])

  // Every screen follows: lots, gains, returns and what explains them. The time machine keeps what was known.
  const returned = async (knownAt: string | null) => {
    const { performance } = await ask<{ performance: { periods: { net: { value: string } }[] } }>(
      person,
      'query ($id: ID!, $at: DateTime) { performance(scope: { householdId: $id }, knownAt: $at) { periods(kinds: [ITD]) { net { value } } } }',
      { id, at: knownAt },
    )
    return performance.periods[0]?.net.value
  }
  const [now, then] = [await returned(null), await returned(before)]
  expect(now).not.toEqual(then)
  const home = `/households/${encodeURIComponent(id)}`
  for (const { known, gain, cost, figure, amount } of [
    { known: '', gain: '700.00', cost: '2800.00', figure: now, amount: '5,600.00' },
    { known: `&knownAt=${encodeURIComponent(before)}`, gain: '1000.00', cost: '2500.00', figure: then, amount: '5,000.00' },
  ]) {
    await page.goto(`${home}/lots?view=gains${known}`)
    await expect(page.getByRole('grid', { name: 'Realised gains, lot by lot' }).locator(`[data-value="${gain}"]`).first()).toBeVisible()
    await page.goto(`${home}/lots?view=open${known}`)
    await expect(page.getByRole('grid', { name: 'Open tax lots' }).locator(`[data-value="${cost}"]`).first()).toBeVisible()
    await page.goto(`${home}/performance?period=itd${known}`)
    const row = page.getByRole('main').getByRole('row', { name: /^Since inception/ }).first()
    await row.locator(`button[data-value="${figure}"]`).first().click()
    const panel = page.getByRole('complementary').or(page.getByRole('dialog')).filter({ hasText: 'TWR = prod(1 + r) - 1' })
    await expect(panel).toBeVisible()
    const saved = page.waitForEvent('download')
    await panel.getByRole('button', { name: 'Save the explanation as a file' }).click()
    const explanation = JSON.parse(readFileSync(await (await saved).path(), 'utf8')) as { figure: { published: string }; transactions: { amount: string }[] }
    expect(explanation.figure.published).toBe(figure)
    expect(explanation.transactions.map((entry) => Math.abs(Number(entry.amount)))).toContain(Number(amount.replace(',', '')))
  }
})
