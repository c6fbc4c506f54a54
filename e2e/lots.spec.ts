import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { rowsOf, valuesIn } from './support/grid'
import { householdId } from './support/households'
import { PEOPLE } from './support/people'
import { ask, bundleFolder, wealthnexus } from './support/system'
import { expect, test } from './support/test'

test('a loss is washed by what was bought ten days later, and was not before that @everywhere', async ({ open }) => {
  const person = PEOPLE.summitAdvisor
  const id = encodeURIComponent(await householdId(person, 'Whitfield Family'))
  const page = await open(person, `/households/${id}/lots`)
  const lots = page.getByRole('grid', { name: 'Open tax lots' })
  await expect(rowsOf(lots).first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  await page.getByRole('link', { name: 'Realised gains', exact: true }).click()
  const gains = page.getByRole('grid', { name: 'Realised gains, lot by lot' })
  const row = rowsOf(gains).filter({ hasText: '12 Mar 2021' }).filter({ hasText: 'EEM' })
  await row.locator('[role="gridcell"]').first().click()
  await expect(gains.getByText('Wash sale: $3,950.00 disallowed').last()).toBeVisible()
  await expect(gains.getByText(/EEM: 1,000 bought on 22 Mar 2021 in Joint brokerage \(Taxpayer\): \$3,950\.00 was added to its basis/)).toBeVisible()
  expect(await valuesIn(row)).toContain('0.00')
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  // On the fifteenth nobody had bought it back: the loss counted.
  await page.goto(`/households/${id}/lots?view=gains&asOf=2021-03-15`)
  const then = rowsOf(page.getByRole('grid', { name: 'Realised gains, lot by lot' })).filter({ hasText: 'EEM' }).first()
  await expect(then).toBeVisible()
  const values = await valuesIn(then)
  expect(values).toContain('-3950.00')
  expect(values).not.toContain('0.00')
})

test('a pair of securities is judged with a reason, and the judgement is taken back', async ({ open }) => {
  const page = await open(PEOPLE.summitCompliance, '/settings/identical')
  await page.getByRole('button', { name: 'Judge a pair' }).click()
  const dialog = page.getByRole('dialog', { name: 'Judge a pair' })
  await dialog.getByLabel('Security', { exact: true }).fill('SPY')
  await page.getByRole('option').filter({ hasText: 'S&P 500' }).first().click()
  await dialog.getByLabel('Other security').fill('QQQ')
  await page.getByRole('option').filter({ hasText: 'QQQ' }).first().click()
  await dialog.getByRole('button', { name: 'Record the judgement' }).click()
  await expect(dialog.getByText('Say why')).toBeVisible()
  await dialog.getByLabel('Reason').fill('The firm is careful with index funds')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Record the judgement' }).click()
  await expect(dialog).toHaveCount(0)
  const row = rowsOf(page.getByRole('grid', { name: 'Judgements of pairs' })).filter({ hasText: 'The firm is careful with index funds' })
  await expect(row).toHaveCount(1)
  await expect(row).toContainText('Joan Feld')
  await expectAccessible(page)
  await row.getByRole('button', { name: /Withdraw the judgement/ }).click()
  const taken = page.getByRole('dialog', { name: /Withdraw the judgement of/ })
  await taken.getByLabel('Reason').fill('Two indices after all')
  await taken.getByRole('button', { name: 'Withdraw', exact: true }).click()
  await expect(taken).toHaveCount(0)
  await expect(row).toHaveCount(0)
  await page.getByText('Show withdrawn ones').click()
  await expect(row.filter({ hasText: 'withdrawn' })).toHaveCount(1)
})

/**
 * A couple that files together. He sells 100 at a loss of 1,000 on 1 Feb; her IRA buys 40 on 10 Feb, he buys 30 himself on
 * 15 Feb. Of the loss 700 are washed: 400 lost for good, 300 deferred into his 30. Those he sells on 1 Mar at a loss of
 * their own, and buys 30 again on 8 Mar: the chain takes all of it along.
 */
function couple(tag: string): string {
  const security = `W${tag}`
  return bundleFolder(`washes-${tag}`, {
    'bundle.json': JSON.stringify({ format_version: 1, source: `Washes ${tag}`, as_of: '2021-03-31' }),
    'households.csv': `external_id,name\nH-${tag},Washes ${tag}\n`,
    'accounts.csv':
      'external_id,household_external_id,account_number,name,account_type,tax_status,custodian,currency,opened_on,lot_method\n' +
      `HIS-${tag},H-${tag},0071-${tag},His account ${tag},INDIVIDUAL,TAXABLE,Cascade Custody,USD,2020-01-02,FIFO\n` +
      `HER-${tag},H-${tag},0072-${tag},Her IRA ${tag},IRA,TAX_DEFERRED,Cascade Custody,USD,2020-01-02,FIFO\n`,
    'clients.csv':
      'external_id,kind,name,given_name,family_name,birth_date,tax_id,tax_id_type,citizenship,residence,jurisdiction,formed_on,ended_on,status,kyc_state,kyc_verified_on,kyc_refresh_due,risk_profile,risk_assessed_on,email,phone,address\n' +
      `HE-${tag},PERSON,Hal ${tag},Hal,${tag},1971-05-03,,,US,US,,,,,VERIFIED,2020-05-02,2023-05-02,MODERATE,2020-05-02,hal.${tag}@example.com,+1 555 0100,12 Quay Lane\n` +
      `SHE-${tag},PERSON,Sue ${tag},Sue,${tag},1972-05-03,,,US,US,,,,,VERIFIED,2020-05-02,2023-05-02,MODERATE,2020-05-02,sue.${tag}@example.com,+1 555 0101,12 Quay Lane\n`,
    'relationships.csv':
      `client_external_id,kind,related_external_id,household_external_id,member_role,share,effective_from,effective_to\nHE-${tag},SPOUSE,SHE-${tag},,,,2010-06-01,\n`,
    'owners.csv':
      'account_external_id,liability_external_id,client_external_id,role,share,tier,is_per_stirpes,effective_from,effective_to,name\n' +
      `HIS-${tag},,HE-${tag},OWNER,,,,,,\nHER-${tag},,SHE-${tag},OWNER,,,,,,\n`,
    'securities.csv':
      'security_key,symbol,exchange,cusip,isin,sedol,figi,name,security_type,asset_class,sub_asset_class,currency,price_multiplier\n' +
      `${security},${security},XNYS,,,,,Washed ${tag},COMMON_STOCK,EQUITY,,USD,1\n`,
    'prices.csv': `security_key,date,open,high,low,close,volume\n${security},2021-03-31,,,,38,\n`,
    'transactions.csv':
      'external_id,account_external_id,type,trade_date,settlement_date,security_key,quantity,price,amount,fees,currency,lot_selection,related_external_id,accrued_interest,description\n' +
      `T1-${tag},HIS-${tag},DEPOSIT,2020-01-02,,,,,20000.00,0,USD,,,,\n` +
      `T2-${tag},HER-${tag},DEPOSIT,2020-01-02,,,,,20000.00,0,USD,,,,\n` +
      `T3-${tag},HIS-${tag},BUY,2020-01-06,,${security},100,50,-5000.00,0,USD,,,,First\n` +
      `T4-${tag},HIS-${tag},SELL,2021-02-01,,${security},100,40,4000.00,0,USD,,,,At a loss\n` +
      `T5-${tag},HER-${tag},BUY,2021-02-10,,${security},40,41,-1640.00,0,USD,,,,In the IRA\n` +
      `T6-${tag},HIS-${tag},BUY,2021-02-15,,${security},30,42,-1260.00,0,USD,,,,Again\n` +
      `T7-${tag},HIS-${tag},SELL,2021-03-01,,${security},30,39,1170.00,0,USD,,,,At a loss again\n` +
      `T8-${tag},HIS-${tag},BUY,2021-03-08,,${security},30,38,-1140.00,0,USD,,,,And again\n`,
  })
}

interface Washed {
  realisedGains: { nodes: { entry: { externalId: string }; gain: { value: string }; economic: { disallowed: { value: string }; lost: { value: string }; recognised: { value: string } } }[] }
}

test('a loss of his is lost for good in her IRA, partly deferred to himself, and the chain goes on', async ({ open }) => {
  const tag = `W${Date.now() % 1_000_000}`
  const person = PEOPLE.harborOperations
  wealthnexus('import', couple(tag), '--firm', 'harbor')
  const id = await householdId(person, `Washes ${tag}`)
  const told = await ask<Washed>(
    person,
    'query ($id: ID!) { realisedGains(householdId: $id, first: 20) { nodes { entry { externalId } gain { value } economic { disallowed { value } lost { value } recognised { value } } } } }',
    { id },
  )
  const of = (entry: string) =>
    told.realisedGains.nodes
      .filter((each) => each.entry.externalId === `${entry}-${tag}`)
      .reduce((sum, { gain, economic }) => ({ gain: sum.gain + Number(gain.value), disallowed: sum.disallowed + Number(economic.disallowed.value), lost: sum.lost + Number(economic.lost.value), recognised: sum.recognised + Number(economic.recognised.value) }), {
        gain: 0,
        disallowed: 0,
        lost: 0,
        recognised: 0,
      })
  // 100 at -10: 40 replaced in her IRA, 30 by himself, 30 count.
  expect(of('T4')).toEqual({ gain: -1000, disallowed: 700, lost: 400, recognised: -300 })
  // 30 bought at 1,260 sold at 1,170: with the 300 deferred a loss of 390, washed by the 30 of 8 Mar.
  expect(of('T7')).toEqual({ gain: -90, disallowed: 390, lost: 0, recognised: 0 })

  const page = await open(person, `/households/${encodeURIComponent(id)}/lots?view=gains`)
  const gains = page.getByRole('grid', { name: 'Realised gains, lot by lot' })
  await rowsOf(gains).filter({ hasText: '1 Feb 2021' }).first().locator('[role="gridcell"]').first().click()
  await expect(gains.getByText('Wash sale: $400.00 lost for good').last()).toBeVisible()
  await expect(gains.getByText(new RegExp(`40 bought on 10 Feb 2021 in Her IRA ${tag} \\(Taxpayer\\): \\$400\\.00 is gone for good`))).toBeVisible()
  await expect(gains.getByText(new RegExp(`30 bought on 15 Feb 2021 in His account ${tag} \\(Taxpayer\\): \\$300\\.00 was added to its basis`))).toBeVisible()
  await expectAccessible(page)
})
