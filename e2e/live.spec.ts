import type { Page } from '@playwright/test'
import { booksClosed } from './support/close'
import { PEOPLE } from './support/people'
import { ask, bundleFolder, killWeb, wealthnexus } from './support/system'
import { expect, test } from './support/test'

/** One more account without a price for what it holds: the import asks somebody to look at it, and nothing else is amiss with it. */
function oddBundle(name: string): string {
  return bundleFolder(`odd-${name}`, {
    'bundle.json': JSON.stringify({ format_version: 1, source: `Live test ${name}`, as_of: '2021-03-31' }),
    'households.csv': `external_id,name\nL-${name},Live ${name}\n`,
    'accounts.csv':
      'external_id,household_external_id,account_number,name,account_type,tax_status,custodian,currency,opened_on,lot_method\n' +
      `L-${name}-1,L-${name},9900-${name},Live account,INDIVIDUAL,TAXABLE,Cascade Custody,USD,2021-01-04,FIFO\n`,
    'clients.csv':
      'external_id,kind,name,given_name,family_name,birth_date,tax_id,tax_id_type,citizenship,residence,jurisdiction,formed_on,ended_on,status,kyc_state,kyc_verified_on,kyc_refresh_due,risk_profile,risk_assessed_on,email,phone,address\n' +
      `C-${name},PERSON,Lee ${name},Lee,${name},1971-05-03,,,US,US,,,,,VERIFIED,2020-05-02,2023-05-02,MODERATE,2020-05-02,lee.${name}@example.com,+1 555 0100,12 Quay Lane\n`,
    'owners.csv':
      'account_external_id,liability_external_id,client_external_id,role,share,tier,is_per_stirpes,effective_from,effective_to,name\n' +
      `L-${name}-1,,C-${name},OWNER,,,,,,\n`,
    'securities.csv':
      'security_key,symbol,exchange,cusip,isin,sedol,figi,name,security_type,asset_class,sub_asset_class,currency,price_multiplier\n' +
      `S-${name},,,,,,,Unpriced note ${name},PRIVATE_FUND,ALTERNATIVE,,USD,1\n`,
    'transactions.csv':
      'external_id,account_external_id,type,trade_date,settlement_date,security_key,quantity,price,amount,fees,currency,lot_selection,related_external_id,accrued_interest,description\n' +
      `T-${name}-1,L-${name}-1,DEPOSIT,2021-01-05,2021-01-05,,,,10000.00,0,USD,,,,Opening\n` +
      `T-${name}-2,L-${name}-1,BUY,2021-01-06,2021-01-06,S-${name},10,500,-5000.00,0,USD,,,,Note\n`,
  })
}

const openCount = async () => (await ask<{ workSummary: { openCount: number } }>(PEOPLE.harborOperations, '{ workSummary(scope: FIRM) { openCount } }')).workSummary.openCount

/** How many items are open, as the page and the API say alike. */
async function agreed(page: Page): Promise<number> {
  let count = 0
  await expect(async () => {
    count = await openCount()
    await expect(page.getByText(count === 1 ? '1 item is open' : `${count} items are open`)).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 20_000 })
  return count
}

interface Titles {
  workItems: { nodes: { title: string }[] }
}

/**
 * The import has asked for one look, and the page says how many items are open by now: that one more than before, and
 * whatever else the firm's own chores have found meanwhile.
 */
async function caughtUp(page: Page, before: number, name: string): Promise<void> {
  await expect(async () => {
    const { workItems } = await ask<Titles>(PEOPLE.harborOperations, '{ workItems(first: 50) { nodes { title } } }')
    expect(workItems.nodes.filter(({ title }) => title.includes(`Live test ${name}`))).toHaveLength(1)
    const count = await openCount()
    expect(count).toBeGreaterThan(before)
    await expect(page.getByText(`${count} items are open`)).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 20_000 })
}

test('a lost connection is said after three seconds, and what happened meanwhile is caught up @everywhere', async ({ open, guards }, { project }) => {
  guards.allow(/WebSocket connection/, /ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/)
  await booksClosed(PEOPLE.harborOperations)
  const page = await open(PEOPLE.harborOperations)
  const before = await agreed(page)
  // Everything of the page has arrived: what is cut off then is the live line alone.
  await page.waitForLoadState('networkidle')

  const web = killWeb()
  const lost = Date.now()
  try {
    const banner = page.getByText(/^Connection lost\. Reconnecting for \d+ s\. Figures on this page are no longer live\.$/)
    await expect(banner).toBeVisible({ timeout: 15_000 })
    expect(Date.now() - lost).toBeGreaterThan(2_900)
    // Somebody else goes on working: an import by the command line needs no web process.
    const name = `${project.name}${Date.now() % 1_000_000}`
    wealthnexus('import', oddBundle(name), '--firm', 'harbor')
    web.comeBack()
    await expect(banner).toHaveCount(0, { timeout: 40_000 })
    await caughtUp(page, before, name)
  } finally {
    web.comeBack()
  }
})

test('work that appears while Home is open appears on it @everywhere', async ({ open }, { project }) => {
  await booksClosed(PEOPLE.harborOperations)
  const page = await open(PEOPLE.harborOperations)
  const before = await agreed(page)
  const name = `on${project.name}${Date.now() % 1_000_000}`
  wealthnexus('import', oddBundle(name), '--firm', 'harbor')
  await caughtUp(page, before, name)
})
