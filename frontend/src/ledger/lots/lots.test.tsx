import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { checkPath, lotSearch } from '@/domain/lots'
import { AccountDocument, AccountLotsDocument, WashAccountDocument, WashCheckDocument, WashFamilyDocument, WashOwnersDocument, WashSecurityDocument, type WashCheckQuery } from '@/generated/graphql'
import { account } from '../../../tests/account'
import { answer, connection, figure, renderRoom } from '../../../tests/rooms'

type Check = WashCheckQuery['washSaleCheck']

const his = { __typename: 'AccountRef' as const, id: 'a1', name: 'His brokerage', last4: '0071' }
const hers = { __typename: 'AccountRef' as const, id: 'a2', name: 'Her IRA', last4: '0072' }
const acme = { __typename: 'Security' as const, id: 's1', name: 'Acme Inc.', symbol: 'ACME', currency: 'USD' }

function check(over: Partial<Check> = {}): WashCheckQuery {
  return {
    __typename: 'Query',
    washSaleCheck: {
      __typename: 'WashSaleCheck',
      type: 'SELL',
      tradeDate: '2021-03-31',
      quantity: '100',
      price: '38',
      amount: '3800.00',
      currency: 'USD',
      freeFrom: '2021-05-01',
      isPartial: false,
      disallowed: figure('480.00'),
      lost: figure('480.00'),
      gains: [
        {
          __typename: 'RealisedGain',
          id: 'g1',
          openedBy: 'BUY-1',
          acquiredOn: '2020-02-03',
          quantity: '100',
          term: 'LONG',
          proceeds: figure('3800.00'),
          cost: figure('5000.00'),
          gain: figure('-1200.00'),
          economic: { __typename: 'TaxView', recognised: figure('-720.00') },
          reasons: [],
        },
      ],
      matches: [
        {
          __typename: 'WashMatch',
          lossAccount: his,
          lossSecurity: acme,
          soldOn: '2021-03-31',
          account: hers,
          security: acme,
          boughtOn: '2021-03-20',
          lot: 'l1',
          quantity: '40',
          effect: 'LOST',
          treatment: null,
          judgedBy: null,
          disallowed: figure('480.00'),
        },
      ],
      warnings: [],
      ...over,
    },
  }
}

const person = (id: string, name: string) => ({ __typename: 'AccountOwner' as const, role: 'OWNER' as const, party: { __typename: 'PartyRef' as const, id, name } })
const node = (id: string, name: string) => ({ __typename: 'AccountEdge' as const, node: { __typename: 'Account' as const, id, asOf: '2021-03-31', name, accountNumberLast4: null, closedOn: null } })
const owned = (id: string, name: string) => ({ __typename: 'AccountEdge' as const, node: { __typename: 'Account' as const, id, asOf: '2021-03-31', owners: [person(`p${id}`, name)] } })

function family(answered: WashCheckQuery = check()) {
  return [
    answer(AccountDocument, () => account()),
    answer(WashSecurityDocument, () => ({ __typename: 'Query' as const, security: acme })),
    answer(WashAccountDocument, () => ({
      __typename: 'Query' as const,
      account: { __typename: 'Account' as const, id: 'a1', asOf: '2021-03-31', name: 'His brokerage', accountNumberLast4: '0071', households: [{ __typename: 'HouseholdRef' as const, id: 'h1' }] },
    })),
    answer(WashFamilyDocument, () => ({
      __typename: 'Query' as const,
      household: { __typename: 'Household' as const, id: 'h1', asOf: '2021-03-31', accounts: { __typename: 'AccountConnection' as const, edges: [node('a1', 'His brokerage'), node('a2', 'Her IRA')] } },
    })),
    answer(WashOwnersDocument, () => ({
      __typename: 'Query' as const,
      household: { __typename: 'Household' as const, id: 'h1', asOf: '2021-03-31', accounts: { __typename: 'AccountConnection' as const, edges: [owned('a1', 'Hal Dover'), owned('a2', 'Sue Dover')] } },
    })),
    answer(WashCheckDocument, () => answered),
  ]
}

describe('the address of a trade that is thought of', () => {
  it('keeps the units digit by digit, and drops what is no trade', () => {
    const path = checkPath('/accounts/a1/lots', { account: 'a1', security: 's=1', side: 'SELL', units: '100.000000000001' })
    expect(path).toBe('/accounts/a1/lots?view=check&account=a1&security=s%3D1&side=SELL&units=%22100.000000000001%22')
    expect(lotSearch({ view: 'check', side: 'SELL', units: 100, price: 'x', day: '2021-02-30', knownAt: '2021-03-31T20:00:00Z' })).toEqual({ view: 'check', side: 'SELL', units: '100', knownAt: '2021-03-31T20:00:00Z' })
  })
})

describe('open lots', () => {
  it('are asked for as they were known at the moment of the address', async () => {
    const none = answer(AccountLotsDocument, () => ({
      __typename: 'Query' as const,
      account: { __typename: 'Account' as const, lots: { ...connection('OpenLotConnection', []), totals: [], differences: [] }, lotFindings: [] },
    }))
    const { lastAsked } = renderRoom('/accounts/a1/lots?knownAt=2021-03-15T20:00:00Z', { answers: [answer(AccountDocument, () => account()), none] })
    expect(await screen.findByText('No open lots')).toBeVisible()
    expect(lastAsked('AccountLots')).toMatchObject({ knownAt: '2021-03-15T20:00:00Z' })
    expect(screen.getByText(/What was recorded later is left out/)).toBeVisible()
    expect(screen.getByRole('link', { name: 'Realised gains' }).getAttribute('href')).toContain('knownAt=')
  })
})

describe('before a trade', () => {
  const path = '/accounts/a1/lots?view=check'

  it('says which loss is lost for good, in whose account, and from when it is free', async () => {
    renderRoom(`${path}&side=SELL&units=100&security=s1`, { answers: family() })
    const outcome = await screen.findByRole('region', { name: 'What it would wash' })
    expect(await within(outcome).findByRole('heading', { name: '$480.00 of the loss would be disallowed.' })).toBeVisible()
    expect(within(outcome).getByText(/\$480\.00 of it would be lost for good/)).toBeVisible()
    expect(within(outcome).getByText(/^From 1 May 2021 on it can be bought back/)).toBeVisible()
    expect(await within(outcome).findByText('40 ACME of this sale in His brokerage 0071 (Hal Dover)')).toBeVisible()
    expect(within(outcome).getByText('replaced by what was bought on 20 Mar 2021 in Her IRA 0072 (Sue Dover)')).toBeVisible()
    const lots = within(outcome).getByRole('table', { name: 'What the sale would realise, lot by lot' })
    expect(lots).toHaveTextContent('−$1,200.00')
    expect(lots).toHaveTextContent('−$720.00')
    expect(within(outcome).queryByText(/Only accounts you may see/)).toBeNull()
  })

  it('says of a purchase which losses it takes back, and that others may be hidden', async () => {
    const bought = check({ type: 'BUY', gains: [], isPartial: true, lost: figure('0.00'), matches: [{ ...check().washSaleCheck.matches[0], account: his, lossAccount: hers, soldOn: '2021-03-12', effect: 'DEFERRED', judgedBy: 'Joan Feld: one index' } as Check['matches'][number]] })
    renderRoom(`${path}&side=BUY&units=100&security=s1`, { answers: family(bought) })
    expect(await screen.findByRole('heading', { name: 'This purchase would disallow $480.00 of losses that were taken.' })).toBeVisible()
    expect(await screen.findByText('40 ACME sold at a loss on 12 Mar 2021 in Her IRA 0072 (Sue Dover)')).toBeVisible()
    expect(screen.getByText('would be replaced by this purchase in His brokerage 0071 (Hal Dover)')).toBeVisible()
    expect(screen.getByText('The pair was judged by Joan Feld: one index')).toBeVisible()
    expect(screen.getByText('Only accounts you may see were looked at')).toBeVisible()
  })

  it('asks for what is missing before it asks the server', async () => {
    const { user, asked } = renderRoom(path, { answers: family() })
    await user.click(await screen.findByRole('button', { name: 'Check this trade' }))
    expect(screen.getByText('Choose a security')).toBeVisible()
    expect(screen.getByText('A number above 0, such as 100 or 12.5')).toBeVisible()
    expect(screen.getByText('No trade has been named yet')).toBeVisible()
    expect(asked.map(({ name }) => name)).not.toContain('WashCheck')
  })
})
