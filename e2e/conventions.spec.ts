import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { householdId } from './support/households'
import { PEOPLE } from './support/people'
import { ask, bundleFolder, wealthnexus } from './support/system'
import { expect, test } from './support/test'

/** He holds 100 at a loss of 1,200; her IRA bought 40 of the same on 22 March. */
function couple(tag: string): string {
  const security = `B${tag}`
  return bundleFolder(`before-${tag}`, {
    'bundle.json': JSON.stringify({ format_version: 1, source: `Before ${tag}`, as_of: '2021-03-31' }),
    'households.csv': `external_id,name\nHB-${tag},Before ${tag}\n`,
    'accounts.csv':
      'external_id,household_external_id,account_number,name,account_type,tax_status,custodian,currency,opened_on,lot_method\n' +
      `BHIS-${tag},HB-${tag},0081-${tag},His account ${tag},INDIVIDUAL,TAXABLE,Cascade Custody,USD,2020-01-02,FIFO\n` +
      `BHER-${tag},HB-${tag},0082-${tag},Her IRA ${tag},IRA,TAX_DEFERRED,Cascade Custody,USD,2020-01-02,FIFO\n`,
    'clients.csv':
      'external_id,kind,name,given_name,family_name,birth_date,tax_id,tax_id_type,citizenship,residence,jurisdiction,formed_on,ended_on,status,kyc_state,kyc_verified_on,kyc_refresh_due,risk_profile,risk_assessed_on,email,phone,address\n' +
      `BHE-${tag},PERSON,Hal ${tag},Hal,${tag},1971-05-03,,,US,US,,,,,VERIFIED,2020-05-02,2023-05-02,MODERATE,2020-05-02,bhal.${tag}@example.com,+1 555 0100,12 Quay Lane\n` +
      `BSHE-${tag},PERSON,Sue ${tag},Sue,${tag},1972-05-03,,,US,US,,,,,VERIFIED,2020-05-02,2023-05-02,MODERATE,2020-05-02,bsue.${tag}@example.com,+1 555 0101,12 Quay Lane\n`,
    'relationships.csv':
      `client_external_id,kind,related_external_id,household_external_id,member_role,share,effective_from,effective_to\nBHE-${tag},SPOUSE,BSHE-${tag},,,,2010-06-01,\n`,
    'owners.csv':
      'account_external_id,liability_external_id,client_external_id,role,share,tier,is_per_stirpes,effective_from,effective_to,name\n' +
      `BHIS-${tag},,BHE-${tag},OWNER,,,,,,\nBHER-${tag},,BSHE-${tag},OWNER,,,,,,\n`,
    'securities.csv':
      'security_key,symbol,exchange,cusip,isin,sedol,figi,name,security_type,asset_class,sub_asset_class,currency,price_multiplier\n' +
      `${security},${security},XNYS,,,,,Thought of ${tag},COMMON_STOCK,EQUITY,,USD,1\n`,
    'prices.csv': `security_key,date,open,high,low,close,volume\n${security},2021-03-31,,,,38,\n`,
    'transactions.csv':
      'external_id,account_external_id,type,trade_date,settlement_date,security_key,quantity,price,amount,fees,currency,lot_selection,related_external_id,accrued_interest,description\n' +
      `B1-${tag},BHIS-${tag},DEPOSIT,2020-02-03,,,,,10000.00,0,USD,,,,\n` +
      `B2-${tag},BHER-${tag},DEPOSIT,2020-02-03,,,,,10000.00,0,USD,,,,\n` +
      `B3-${tag},BHIS-${tag},BUY,2020-02-03,,${security},100,50,-5000.00,0,USD,,,,First\n` +
      `B4-${tag},BHER-${tag},BUY,2021-03-22,,${security},40,40,-1600.00,0,USD,,,,In the IRA\n`,
  })
}

test('before a sale the loss that her IRA would take for good is named, with the day from which it is free', async ({ open }) => {
  const tag = Date.now().toString(36).slice(-5).toUpperCase()
  const person = PEOPLE.harborOperations
  wealthnexus('import', couple(tag), '--firm', 'harbor')
  const id = encodeURIComponent(await householdId(person, `Before ${tag}`))
  const page = await open(person, `/households/${id}/lots`)
  await page.getByRole('link', { name: 'Before a trade', exact: true }).click()
  await expect(page.getByText('No trade has been named yet')).toBeVisible()
  await page.getByRole('button', { name: /Account/ }).click()
  await page.getByRole('option', { name: `His account ${tag}` }).click()
  await page.getByLabel('Security', { exact: true }).fill(`B${tag}`)
  await page.getByRole('option').filter({ hasText: `Thought of ${tag}` }).first().click()
  await page.getByLabel('Units', { exact: true }).fill('100')
  await page.getByLabel('Units', { exact: true }).press('Enter')
  const outcome = page.getByRole('region', { name: 'What it would wash' })
  // 1,200 over 100 units, 40 of which her IRA replaces: 480, for good; 31 days after the 31st of March.
  await expect(outcome.getByRole('heading', { name: '$480.00 of the loss would be disallowed.' })).toBeVisible()
  await expect(outcome.getByText('$480.00 of it would be lost for good', { exact: false })).toBeVisible()
  await expect(outcome.getByText('From 1 May 2021 on it can be bought back', { exact: false })).toBeVisible()
  await expect(outcome.getByText(new RegExp(`bought on 22 Mar 2021 in Her IRA ${tag} .*\\(Sue ${tag}\\)`))).toBeVisible()
  await expect(outcome.getByRole('table', { name: 'What the sale would realise, lot by lot' })).toContainText('−$720.00')
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await page.reload()
  await expect(outcome.getByRole('heading', { name: '$480.00 of the loss would be disallowed.' })).toBeVisible()
})

test('a benchmark is made, blended anew from a day on and put beside a household, whose conventions get a version', async ({ open }) => {
  const tag = Date.now().toString(36).slice(-5).toUpperCase()
  const person = PEOPLE.summitManager
  const id = await householdId(person, 'Whitfield Family')
  const page = await open(person, '/settings/benchmarks')
  await page.getByRole('button', { name: 'New benchmark' }).click()
  const making = page.getByRole('dialog', { name: 'New benchmark' })
  await making.getByLabel('Name', { exact: true }).fill(`Blend ${tag}`)
  await making.getByRole('textbox', { name: 'Made of this from' }).fill('2 Jan 2018')
  await making.getByRole('combobox', { name: 'Security of part 1' }).fill('SPY')
  await page.getByRole('option').filter({ hasText: 'S&P 500' }).first().click()
  await making.getByLabel('Reason').fill('A journey')
  await expectAccessible(page)
  await making.getByRole('button', { name: 'Make the benchmark' }).click()
  await expect(page.getByRole('heading', { name: `Blend ${tag}`, level: 1 })).toBeVisible()
  await expect(page.getByText('It stands beside nobody')).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  await page.getByRole('button', { name: 'Change the blend' }).click()
  const changing = page.getByRole('dialog', { name: `Change the blend of Blend ${tag}` })
  await changing.getByRole('textbox', { name: 'Holds from' }).fill('4 Jan 2021')
  await changing.getByLabel('Weight of part 1, %').fill('75')
  await changing.getByRole('button', { name: 'Add a part' }).click()
  await changing.getByRole('button', { name: /Part 2 is/ }).click()
  await page.getByRole('option', { name: 'a yearly rate' }).click()
  await changing.getByLabel('Rate a year of part 2, %').fill('2.5')
  await expect(changing.getByText('Together 75.00%; 100 % is wanted.')).toBeVisible()
  await changing.getByLabel('Weight of part 2, %').fill('25')
  await changing.getByLabel('Reason').fill('Less risk')
  await changing.getByRole('button', { name: 'Change the blend' }).click()
  await expect(changing).toHaveCount(0)
  const latest = page.getByRole('table', { name: /^From 4 Jan 2021/ })
  await expect(latest).toContainText('2.5 % a year')
  await expect(latest).toContainText('25.00%')
  await expect(page.getByRole('table', { name: /^From 2 Jan 2018/ })).toContainText('100.00%')

  // The screen says what the API says, to the digit that is shown.
  const own = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '')
  const told = await ask<{ benchmark: { course: { change: string } } }>(person, 'query ($id: ID!) { benchmark(id: $id, firstDay: "2020-04-01") { course { change } } }', { id: own })
  await expect(page.getByRole('region', { name: 'Levels' }).locator(`data[value="${told.benchmark.course.change}"]`)).toBeVisible()

  await page.goto(`/settings/conventions?household=${encodeURIComponent(id)}`)
  await expect(page.getByRole('combobox', { name: 'Household' })).toHaveValue('Whitfield Family')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'New version' }).click()
  const setting = page.getByRole('dialog', { name: /Whitfield Family/ })
  await setting.getByRole('textbox', { name: 'Holds from' }).fill('1 Apr 2030')
  await setting.getByLabel('Periods a year').fill('260')
  await setting.getByLabel('Reason').fill(`A journey ${tag}`)
  await setting.getByRole('button', { name: 'Set the conventions' }).click()
  await expect(setting).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Versions of this level' })).toContainText(`A journey ${tag}`)
  await expect(page.getByRole('region', { name: 'From day to day' })).toContainText('From 1 Apr 2030')
  // Until then it is as the firm has it.
  await expect(page.getByRole('region', { name: /^In force on/ }).getByRole('row', { name: /Periods a year/ })).toContainText('252')
  await expectNoSidewaysScroll(page)
})
