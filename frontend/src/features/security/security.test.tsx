import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { SecurityDocument, SecurityHoldersDocument, type SecurityQuery } from '@/generated/graphql'
import { answer, connection, failing, figure, refusal, renderRoom, silent } from '../../../tests/rooms'

type Security = NonNullable<SecurityQuery['security']>

function security(over: Partial<Security> = {}): SecurityQuery {
  return {
    __typename: 'Query',
    security: {
      __typename: 'Security',
      id: 's1',
      name: 'Apple Inc.',
      symbol: 'AAPL',
      exchange: 'XNAS',
      securityType: 'COMMON_STOCK',
      assetClass: 'EQUITY',
      subAssetClass: null,
      currency: 'USD',
      source: 'Summit book',
      optionType: null,
      strike: null,
      expiry: null,
      contractSize: null,
      coupon: null,
      maturity: null,
      viewerCan: [],
      underlying: null,
      latestPrice: { __typename: 'Price', date: '2021-03-31', close: '122.15', source: 'MANUAL' },
      prices: [
        { __typename: 'PricePoint', date: '2021-03-30', close: '119.90', source: 'Summit book' },
        { __typename: 'PricePoint', date: '2021-03-31', close: '122.15', source: 'MANUAL' },
      ],
      priceWords: [],
      identifiers: [
        { __typename: 'Identifier', scheme: 'CUSIP', value: '037833100', exchange: null, effectiveFrom: null, effectiveTo: null },
        { __typename: 'Identifier', scheme: 'SYMBOL', value: 'AAPL', exchange: 'XNAS', effectiveFrom: '2010-01-04', effectiveTo: '2021-06-01' },
      ],
      corporateActions: [
        {
          __typename: 'CorporateAction',
          id: 'c1',
          type: 'SPLIT',
          exDate: '2020-08-31',
          payDate: null,
          ratioNew: '4',
          ratioOld: '1',
          cashAmount: null,
          currency: null,
          newValue: null,
          description: null,
          source: 'Summit book',
          otherSecurity: null,
        },
      ],
      ...over,
    },
  }
}

const read = (over: Partial<Security> = {}) => answer(SecurityDocument, () => security(over))
const holders = (held: boolean) =>
  answer(SecurityHoldersDocument, () => ({
    __typename: 'Query' as const,
    security: {
      __typename: 'Security' as const,
      id: 's1',
      holders: connection('SecurityHolderConnection', held ? [{ __typename: 'SecurityHolder' as const, quantity: '310', account: { __typename: 'AccountRef' as const, id: 'a1', name: 'Joint brokerage', last4: '4471' }, marketValue: figure('37866.50') }] : []),
    },
  }))

describe('a security', () => {
  it('says its price and source, its names by date, what happened to it and who holds it', async () => {
    renderRoom('/securities/s1', { answers: [read(), holders(true)] })
    expect(await screen.findByRole('heading', { level: 1, name: 'AAPL Apple Inc.' })).toBeVisible()
    expect(screen.getByText('31 Mar 2021, Entered by hand')).toBeVisible()
    expect(screen.getByText('from Summit book', { selector: 'header span' })).toBeVisible()
    const names = screen.getByRole('region', { name: 'Identifiers' })
    expect(within(names).getByRole('row', { name: 'CUSIP 037833100 always now' })).toBeVisible()
    expect(within(names).getByRole('row', { name: /^Symbol AAPL ?on XNAS 4 Jan 2010 1 Jun 2021$/ })).toBeVisible()
    expect(within(screen.getByRole('region', { name: 'Corporate actions' })).getByText('4 for 1')).toBeVisible()
    expect(await screen.findByRole('slider', { name: /^Closing prices of Apple Inc\./ })).toBeVisible()
    const grid = await screen.findByRole('grid', { name: 'Accounts that hold Apple Inc.' })
    expect(within(grid).getByRole('link', { name: /Joint brokerage/ })).toHaveAttribute('href', '/accounts/a1')
    expect(within(grid).getByRole('button', { name: '$37,866.50' })).toBeVisible()
  })

  it('says what is not there', async () => {
    renderRoom('/securities/s1', { answers: [read({ latestPrice: null, prices: [], identifiers: [], corporateActions: [] }), holders(false)] })
    expect(await screen.findByText('No price')).toBeVisible()
    expect(screen.getByText('No course to draw')).toBeVisible()
    expect(screen.getByText('No identifier is known')).toBeVisible()
    expect(screen.getByText('None is known')).toBeVisible()
    expect(await screen.findByText('Nobody holds it')).toBeVisible()
  })

  it('is not shown to whom it is not, and says so of its holders apart', async () => {
    const first = renderRoom('/securities/nope', { answers: [failing(SecurityDocument, refusal('NOT_FOUND', 'No such security for you.'))] })
    expect(await screen.findByRole('heading', { name: 'This security cannot be shown' })).toBeVisible()
    first.unmount()
    const second = renderRoom('/securities/s1', { answers: [read(), failing(SecurityHoldersDocument, refusal('FORBIDDEN', 'It needs positions.read.'))] })
    expect(await screen.findByText('You may not see who holds securities')).toBeVisible()
    second.unmount()
    renderRoom('/securities/s2', { answers: [silent(SecurityDocument)] })
    expect((await screen.findAllByText('Loading')).length).toBeGreaterThan(0)
  })
})
