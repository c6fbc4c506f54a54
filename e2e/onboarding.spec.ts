import type { Locator, Page } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { householdId } from './support/households'
import { createFamily } from './support/family'
import { PEOPLE } from './support/people'
import { ask } from './support/system'
import { expect, test } from './support/test'

const advisor = PEOPLE.summitAdvisor

/** One of a list: opened by its label, chosen by its words. */
async function choose(dialog: Locator, label: string, option: RegExp, nth = 0): Promise<void> {
  await dialog.getByRole('button', { name: new RegExp(`${label}$`) }).nth(nth).click()
  await dialog.page().getByRole('option', { name: option }).click()
}

/** Somebody on the books: typed for, found, chosen. */
async function pick(dialog: Locator, label: string, name: string, nth = 0): Promise<void> {
  const box = dialog.getByRole('combobox', { name: label, exact: true }).nth(nth)
  await box.fill(name)
  await dialog.page().getByRole('option', { name: new RegExp(`^${name}`) }).click()
  await expect(box).toHaveValue(name)
}

const day = async (dialog: Locator, label: string, value: string) => {
  await dialog.getByLabel(label, { exact: true }).fill(value)
  await dialog.getByLabel(label, { exact: true }).blur()
}

interface NewPerson {
  given: string
  family: string
  born: string
  role: RegExp
  relation?: readonly [standing: RegExp, whom: string]
}

/** A person through the form, from the onboarding page. */
async function addPerson(page: Page, household: string, { given, family, born, role, relation }: NewPerson): Promise<void> {
  await page.getByRole('button', { name: 'Add a person', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Add a person to ${household}` })
  await dialog.getByLabel('Given name').fill(given)
  await dialog.getByLabel('Family name').fill(family)
  await day(dialog, 'Birth date', born)
  await choose(dialog, 'As', role)
  if (relation) {
    await dialog.getByRole('button', { name: 'Add a relationship' }).click()
    await choose(dialog, 'Relationship', relation[0])
    await pick(dialog, 'Whom', relation[1])
  }
  await dialog.getByRole('button', { name: 'Add to the household' }).click()
  await expect(dialog).toHaveCount(0)
}

interface NewAccount {
  name: string
  registration: RegExp
  owners: readonly string[]
}

async function openAccount(page: Page, household: string, { name, registration, owners }: NewAccount): Promise<void> {
  await page.getByRole('button', { name: 'Open an account', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Open an account of ${household}` })
  await choose(dialog, 'Registration', registration)
  for (const [place, owner] of owners.entries()) await pick(dialog, 'Who', owner, place)
  await dialog.getByLabel('Name of the account').fill(name)
  await dialog.getByLabel('Account number').fill(`88${Date.now() % 1_000_000}${owners.length}`)
  await day(dialog, 'Opened on', '1 Jun 2015')
  await dialog.getByRole('button', { name: 'Open the account' }).click()
  await expect(dialog).toHaveCount(0)
}

interface Books {
  members: { role: string; party: { name: string } }[]
  accounts: { edges: { node: { name: string; owners: { role: string; party: { name: string } }[] } }[] }
  liabilities: { name: string; owners: { party: { name: string } }[] }[]
  balanceSheet: { totalLiabilities: { value: string } }
}

const booksOf = async (id: string): Promise<Books> =>
  (
    await ask<{ household: Books }>(
      advisor,
      `query ($id: ID!) { household(id: $id) { members { role party { name } } accounts(first: 10) { edges { node { name owners { role party { name } } } } }
        liabilities { name owners { party { name } } } balanceSheet(lookThrough: true) { totalLiabilities { value } } } }`,
      { id },
    )
  ).household

test('an advisor brings a family onto the books from nothing, and its ownership shows what was entered', async ({ open }) => {
  test.slow()
  const surname = `Quillfeather${Date.now() % 100_000}`
  const household = `${surname} Family`
  const [mother, father, daughter, trust, company] = [`Hedwig ${surname}`, `Anselm ${surname}`, `Petra ${surname}`, `${surname} Living Trust`, `${surname} Mills LLC`]
  const page = await open(advisor, '/book')
  await page.getByRole('button', { name: 'New household' }).click()
  await page.getByLabel('Name of the household').fill(household)
  await page.getByRole('button', { name: 'Create it and go on' }).click()
  await expect(page.getByRole('heading', { name: `Bringing ${household} onto the books` })).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  const step = (name: string) => page.getByRole('listitem', { name, exact: true })
  await expect(step('People')).toContainText('Nobody yet.')

  await test.step('two people and a child; a birth date to come is refused at its field, and nothing is written', async () => {
    await page.getByRole('button', { name: 'Add a person', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: `Add a person to ${household}` })
    await dialog.getByLabel('Given name').fill('Hedwig')
    await dialog.getByLabel('Family name').fill(surname)
    await day(dialog, 'Birth date', '9 Apr 2031')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Add to the household' }).click()
    await expect(dialog.getByText(/^Expected a day up to /)).toBeVisible()
    await expect(dialog.getByLabel('Birth date', { exact: true })).toHaveAttribute('aria-invalid', 'true')
    await day(dialog, 'Birth date', '9 Apr 1976')
    await dialog.getByRole('button', { name: 'Add to the household' }).click()
    await expect(dialog).toHaveCount(0)
    await expect(step('People')).toContainText('1 person')
    await addPerson(page, household, { given: 'Anselm', family: surname, born: '23 Nov 1974', role: /^Spouse/, relation: [/^is spouse of/, mother] })
    await addPerson(page, household, { given: 'Petra', family: surname, born: '30 Aug 2009', role: /^Child/, relation: [/^is child of/, mother] })
    await expect(step('People')).toContainText('3 people')
    await expect(step('People')).toContainText('KYC has not been started.')
  })

  await test.step('a trust with its trustee, and a company owned 60/40 once its shares fit', async () => {
    await page.getByRole('button', { name: 'Add a trust' }).click()
    const trustForm = page.getByRole('dialog', { name: `Add a trust to ${household}` })
    await trustForm.getByLabel('Name', { exact: true }).fill(trust)
    await pick(trustForm, 'Whom', mother)
    await trustForm.getByRole('button', { name: 'Add to the household' }).click()
    await expect(trustForm).toHaveCount(0)
    await page.getByRole('button', { name: 'Add a company' }).click()
    const form = page.getByRole('dialog', { name: `Add a company to ${household}` })
    await form.getByLabel('Name', { exact: true }).fill(company)
    for (const [place, [owner, share]] of ([[mother, '60'], [father, '50']] as const).entries()) {
      await form.getByRole('button', { name: 'Add an owner' }).click()
      await pick(form, 'Who', owner, place)
      await form.getByLabel('Share %').nth(place).fill(share)
    }
    await form.getByRole('button', { name: 'Add to the household' }).click()
    await expect(form.getByRole('group', { name: 'Who owns it' }).getByText(/would add up to 1\.1, expected at most 1/)).toBeVisible()
    await form.getByLabel('Share %').nth(1).fill('40')
    await form.getByRole('button', { name: 'Add to the household' }).click()
    await expect(form).toHaveCount(0)
    await expect(step('Trusts, companies and estates')).toContainText('2 entities')
    await expect(step('Trusts, companies and estates')).not.toContainText('trustee')
  })

  await test.step('a joint, a trust and a minor’s account', async () => {
    await openAccount(page, household, { name: `${surname} Joint`, registration: /^Joint with survivorship/, owners: [mother, father] })
    await openAccount(page, household, { name: `${surname} Trust`, registration: /^Revocable trust/, owners: [trust, mother] })
    await openAccount(page, household, { name: `${surname} UTMA`, registration: /^UTMA/, owners: [father, daughter] })
    await expect(step('Accounts')).toContainText('3 accounts. Complete.')
  })

  await test.step('a mortgage that both parents owe', async () => {
    await page.getByRole('button', { name: 'Add a debt' }).click()
    const form = page.getByRole('dialog', { name: `Add a debt of ${household}` })
    await form.getByLabel('Name', { exact: true }).fill(`${surname} home`)
    await form.getByLabel('Balance', { exact: true }).fill('412,500.25')
    await pick(form, 'Who', mother)
    await form.getByRole('button', { name: 'Add somebody who owes it' }).click()
    await pick(form, 'Who', father, 1)
    await form.getByRole('button', { name: 'Add the debt' }).click()
    await expect(form).toHaveCount(0)
    await expect(step('Debts')).toContainText('1 debt. Complete.')
  })

  const id = await householdId(advisor, household)
  const books = await booksOf(id)
  expect(books.members.map((member) => `${member.party.name} ${member.role}`).sort()).toEqual([`${father} SPOUSE`, `${daughter} CHILD`, `${mother} HEAD`, `${company} ENTITY`, `${trust} ENTITY`].sort())
  expect(Object.fromEntries(books.accounts.edges.map(({ node }) => [node.name, node.owners.map((owner) => `${owner.party.name} ${owner.role}`).sort()]))).toEqual({
    [`${surname} Joint`]: [`${father} JOINT_SURVIVORSHIP`, `${mother} JOINT_SURVIVORSHIP`],
    [`${surname} Trust`]: [`${mother} TRUSTEE`, `${trust} OWNER`].sort(),
    [`${surname} UTMA`]: [`${father} CUSTODIAN`, `${daughter} MINOR`],
  })
  expect(books.liabilities.map((debt) => [debt.name, debt.owners.map((owner) => owner.party.name).sort()])).toEqual([[`${surname} home`, [father, mother]]])

  await page.getByRole('link', { name: 'Balance sheet', exact: true }).click()
  const matrix = page.getByRole('region', { name: 'Who owns what, scrolls sideways' })
  for (const name of [mother, father, daughter, trust]) await expect(matrix.getByRole('columnheader', { name })).toHaveCount(1)
  await page.getByRole('link', { name: 'Ownership', exact: true }).click()
  const drawing = page.getByRole('group', { name: `Ownership of ${household}` })
  for (const name of [mother, father, daughter, trust, company]) await expect(drawing.locator(`[data-node][aria-label^="${name}"]`)).toHaveCount(1)
})

test('what was entered is changed: owners from a day on, a number revealed for a reason, a balance, a membership that ends', async ({ open }) => {
  const family = await createFamily(`Brackenhurst${Date.now() % 100_000}`, { fund: false })
  const page = await open(advisor, `/accounts/${encodeURIComponent(family.accounts.joint)}/owners`)

  await page.getByRole('button', { name: 'Change beneficiaries' }).click()
  const heirs = page.getByRole('dialog', { name: `Beneficiaries of ${family.accountNames.joint}` })
  await heirs.getByRole('button', { name: 'Add a beneficiary' }).click()
  await pick(heirs, 'Beneficiary', family.names.son)
  await heirs.getByLabel('Share %').fill('90')
  await heirs.getByRole('button', { name: 'Save' }).click()
  await expect(heirs.getByText(/have 0\.9 together, expected exactly 1/).first()).toBeVisible()
  await heirs.getByLabel('Share %').fill('100')
  await heirs.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('region', { name: 'Beneficiaries' }).getByText(family.names.son)).toBeVisible()

  await page.getByRole('button', { name: 'Change owners' }).click()
  const owners = page.getByRole('dialog', { name: `Owners of ${family.accountNames.joint}` })
  await choose(owners, 'Registration', /^Individual/)
  await pick(owners, 'Who', family.names.mother)
  await day(owners, 'In force from', '1 Jan 2021')
  await owners.getByRole('button', { name: 'Save' }).click()
  await expect(owners).toHaveCount(0)
  await page.getByRole('button', { name: 'Show everybody there has been' }).click()
  await expect(page.getByRole('region', { name: 'Owners over time' }).getByText(/to .*1 Jan 2021|to .*Jan 1, 2021/).first()).toBeVisible()
  await expectAccessible(page)

  await page.goto(`/debts/${encodeURIComponent(family.mortgage)}`)
  await page.getByRole('button', { name: 'Record a balance' }).click()
  const balance = page.getByRole('dialog', { name: `Record a balance of ${family.surname} home` })
  await balance.getByLabel('Balance in USD').fill('500000.00')
  await balance.getByRole('button', { name: 'Record it' }).click()
  await expect(page.locator('header [data-value]').first()).toHaveAttribute('data-value', '500000.00')
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  await page.goto(`/households/${encodeURIComponent(family.householdId)}/ownership`)
  await page.getByRole('button', { name: `End the membership of ${family.names.son}` }).click()
  await page.getByRole('dialog', { name: 'End a membership' }).getByRole('button', { name: 'End it' }).click()
  await expect(page.getByRole('button', { name: `End the membership of ${family.names.son}` })).toHaveCount(0)
  await page.getByRole('button', { name: 'Show those who have left' }).click()
  await expect(page.getByRole('list', { name: 'Left' }).getByText(family.names.son)).toBeVisible()
})
