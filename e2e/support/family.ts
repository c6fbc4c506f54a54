import { PEOPLE, type Person } from './people'
import { ask } from './system'

/** A family of its own, entered through the API: what a person does by hand in e2e/onboarding.spec.ts. */
export interface Family {
  householdId: string
  householdName: string
  surname: string
  parties: { mother: string; father: string; son: string; trust: string; company: string; accountant: string }
  /** The people and entities by the names the screens show. */
  names: { mother: string; father: string; son: string; trust: string; company: string; accountant: string }
  accounts: { joint: string; trust: string; utma: string; ira: string; company: string }
  accountNames: { joint: string; trust: string; utma: string; ira: string; company: string }
  mortgage: string
}

const SINCE = '2015-06-01'

interface Answer {
  __typename: string
  message?: string
  path?: string[] | null
}

/** One change through the API; anything but its success ends the test with what the server said. */
export async function change<T>(person: Person, name: string, input: object, wanted: string): Promise<T> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const answer = await ask<Record<string, Answer>>(
    person,
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on Error { message path } ... on ${type}Success { ${wanted} } } }`,
    { input },
  )
  const found = answer[name]
  if (found?.__typename !== `${type}Success`) throw new Error(`${name} was refused: ${found?.message ?? 'no answer'} ${JSON.stringify(input)}`)
  return found as T
}

async function made(person: Person, name: string, what: string, input: object): Promise<string> {
  const answer = await change<Record<string, { id: string }>>(person, name, input, `${what} { id }`)
  const id = answer[what]?.id
  if (!id) throw new Error(`${name} answered no id.`)
  return id
}

interface Details {
  kind: 'PERSON' | 'TRUST' | 'COMPANY'
  name?: string
  details: Record<string, string | null>
  email?: string
}

async function party(person: Person, { email, ...given }: Details): Promise<string> {
  const id = await made(person, 'createParty', 'party', given)
  if (email) {
    const contacts = [{ kind: 'EMAIL', label: 'home', value: email, isPrimary: true }]
    await change(person, 'setPartyContacts', { partyId: id, expectedVersion: 1, contacts }, 'party { id }')
  }
  return id
}

const human = (givenName: string, familyName: string, birthDate: string) => ({
  kind: 'PERSON' as const,
  details: { givenName, familyName, birthDate, citizenship: 'US', residence: 'US', kycState: 'VERIFIED', kycVerifiedOn: '2020-09-14', kycRefreshDue: '2023-09-14' },
  email: `${givenName}.${familyName}@family.example`.toLowerCase(),
})

async function people(who: Person, surname: string): Promise<Family['parties']> {
  const mother = await party(who, human('Odile', surname, '1976-04-09'))
  const father = await party(who, human('Bertrand', surname, '1974-11-23'))
  const son = await party(who, human('Florian', surname, '2007-08-30'))
  const accountant = await party(who, human('Wilma', `${surname}-Ledger`, '1969-02-17'))
  const trust = await party(who, { kind: 'TRUST', name: `${surname} Family Trust`, details: { formedOn: '2014-02-03', jurisdiction: 'US-DE', kycState: 'IN_PROGRESS' } })
  const company = await party(who, { kind: 'COMPANY', name: `${surname} Orchards LLC`, details: { formedOn: '2012-05-21', jurisdiction: 'US-OR', kycState: 'NOT_STARTED' } })
  return { mother, father, son, trust, company, accountant }
}

async function belonging(who: Person, householdId: string, { mother, father, son, trust, company, accountant }: Family['parties']): Promise<void> {
  const members = [
    [mother, 'HEAD'],
    [father, 'SPOUSE'],
    [son, 'CHILD'],
    [trust, 'ENTITY'],
    [company, 'ENTITY'],
  ]
  for (const [partyId, role] of members) await change(who, 'addHouseholdMember', { householdId, partyId, role, effectiveFrom: SINCE }, 'household { id }')
  const relations = [
    [mother, 'SPOUSE', father],
    [mother, 'PARENT', son],
    [father, 'PARENT', son],
    [mother, 'TRUSTEE', trust],
    [mother, 'GRANTOR', trust],
    [accountant, 'ACCOUNTANT', mother],
  ]
  for (const [partyId, kind, relatedId] of relations) await change(who, 'relateParties', { partyId, kind, relatedId, effectiveFrom: SINCE }, 'party { id }')
  await change(who, 'setPartyOwnership', { ownerId: mother, ownedId: company, share: '0.6', effectiveFrom: SINCE }, 'owned { id }')
  await change(who, 'setPartyOwnership', { ownerId: father, ownedId: company, share: '0.4', effectiveFrom: SINCE }, 'owned { id }')
}

async function opened(who: Person, surname: string, householdId: string, { mother, father, son, trust, company }: Family['parties']) {
  const open = (name: string, accountType: string, owners: object[], more: object = {}) =>
    made(who, 'createAccount', 'account', { name, accountType, owners, currency: 'USD', householdIds: [householdId], custodian: 'Northway', openedOn: SINCE, ...more })
  const accountNames = {
    joint: `${surname} Joint`,
    trust: `${surname} Trust Portfolio`,
    utma: `Florian ${surname} UTMA`,
    ira: `Odile ${surname} Roth IRA`,
    company: `${surname} Orchards Reserve`,
  }
  const accounts = {
    joint: await open(accountNames.joint, 'JOINT_WITH_SURVIVORSHIP', [
      { partyId: mother, role: 'JOINT_SURVIVORSHIP' },
      { partyId: father, role: 'JOINT_SURVIVORSHIP' },
    ]),
    trust: await open(accountNames.trust, 'REVOCABLE_TRUST', [
      { partyId: trust, role: 'OWNER' },
      { partyId: mother, role: 'TRUSTEE' },
    ]),
    utma: await open(
      accountNames.utma,
      'UTMA',
      [
        { partyId: father, role: 'CUSTODIAN' },
        { partyId: son, role: 'MINOR' },
      ],
      { custodianshipEndsOn: '2028-08-30' },
    ),
    ira: await open(accountNames.ira, 'ROTH_IRA', [{ partyId: mother, role: 'OWNER' }], { taxStatus: 'TAX_FREE' }),
    company: await open(accountNames.company, 'LLC', [{ partyId: company, role: 'OWNER' }]),
  }
  return { accounts, accountNames }
}

/** Money of each account, posted by operations on the firm's business date. */
async function funded(accounts: Family['accounts']): Promise<void> {
  const { firm } = await ask<{ firm: { businessDate: string } }>(PEOPLE.summitOperations, 'query { firm { businessDate } }')
  const amounts: Record<keyof Family['accounts'], string> = { joint: '240000', trust: '500000', utma: '18500', ira: '96000', company: '75000' }
  for (const key of Object.keys(accounts) as (keyof Family['accounts'])[])
    await change(
      PEOPLE.summitOperations,
      'postTransaction',
      { idempotencyKey: `${accounts[key]}-opening`, accountId: accounts[key], type: 'DEPOSIT', tradeDate: firm.businessDate, amount: amounts[key] },
      'transaction { id }',
    )
}

/**
 * Two parents, a child under age, their trust and their company owned 60/40, with a joint account, a trust account, a UTMA,
 * a Roth IRA, a company account and a mortgage. Nobody outside the firm sees any of it. The surname must be one no other journey uses.
 */
export async function createFamily(surname: string, { by = PEOPLE.summitAdvisor, fund = true }: { by?: Person; fund?: boolean } = {}): Promise<Family> {
  const householdName = `${surname} Family`
  const householdId = await made(by, 'createHousehold', 'household', { name: householdName })
  const parties = await people(by, surname)
  await belonging(by, householdId, parties)
  const { accounts, accountNames } = await opened(by, surname, householdId, parties)
  const mortgage = await made(by, 'createLiability', 'liability', {
    householdId,
    kind: 'MORTGAGE',
    name: `${surname} home`,
    lender: 'First Cascade Bank',
    currency: 'USD',
    originalAmount: '600000',
    interestRate: '0.0325',
    openedOn: '2016-04-01',
    maturesOn: '2046-04-01',
    balance: '512340.50',
    owners: [{ partyId: parties.mother }, { partyId: parties.father }],
  })
  if (fund) await funded(accounts)
  const names = {
    mother: `Odile ${surname}`,
    father: `Bertrand ${surname}`,
    son: `Florian ${surname}`,
    trust: `${surname} Family Trust`,
    company: `${surname} Orchards LLC`,
    accountant: `Wilma ${surname}-Ledger`,
  }
  return { householdId, householdName, surname, parties, names, accounts, accountNames, mortgage }
}
