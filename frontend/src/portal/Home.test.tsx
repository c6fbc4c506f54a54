import { render, screen } from '@testing-library/react'
import { cacheExchange } from 'urql'
import { afterEach, describe, expect, it } from 'vitest'
import { FIRM } from '../../tests/firm'
import { uncataloguedText } from '../../tests/pseudo'
import { createClients } from '@/data/client'
import { DataProvider } from '@/data/context'
import { PSEUDO_LOCALE, setLocale } from '@/domain/text'
import type { PortalHomeQuery } from '@/generated/graphql'
import { Home } from './Home'

type Figure = PortalHomeQuery['firm']['totalValue']
type Account = PortalHomeQuery['accounts']['edges'][number]['node']

const figure = (value: string | null, message?: string): Figure => ({
  __typename: 'MoneyFigure',
  value,
  currency: 'USD',
  asOf: '2021-03-31',
  basis: 'trade date',
  source: 'own books',
  computedAt: '2021-03-31T20:00:00Z',
  quality: value === null ? 'UNAVAILABLE' : 'COMPLETE',
  bookVersion: '3',
  reasons: message ? [{ __typename: 'FigureReason', code: 'UNPRICED', message }] : [],
  explain: { __typename: 'Explain', formula: 'Sum', version: '1', inputs: [], sources: [] },
})

const account = (id: string, name: string, value: Figure): Account => ({
  __typename: 'Account',
  id,
  asOf: '2021-03-31',
  name,
  accountNumberLast4: '7718',
  custodian: 'Cascade Custody',
  households: [],
  marketValue: value,
})

const answer = (total: Figure, accounts: Account[]) =>
  ({
    __typename: 'Query',
    viewer: { __typename: 'Viewer', id: 'u', name: 'Ruth', email: 'r@x.example', kind: 'CLIENT', roles: ['GUARDIAN'], permissions: [], scope: 'LIMITED' },
    firm: { __typename: 'Firm', id: 'f', businessDate: '2021-03-31', totalValue: total },
    households: { __typename: 'HouseholdConnection', edges: [] },
    accounts: { __typename: 'AccountConnection', edges: accounts.map((node) => ({ __typename: 'AccountEdge', node })) },
  }) as PortalHomeQuery

const show = (data: PortalHomeQuery) =>
  render(
    <DataProvider value={{ ...createClients(cacheExchange), firm: FIRM }}>
      <Home data={data} />
    </DataProvider>,
  )

afterEach(() => setLocale('en-US'))

describe('the portal', () => {
  it('shows net worth as the server sums it, and the accounts it is made of', () => {
    show(answer(figure('148902.35'), [account('a', 'Clara 529 plan', figure('148902.35'))]))
    expect(screen.getAllByRole('button', { name: '$148,902.35' })).toHaveLength(2)
    expect(screen.getByText('Clara 529 plan')).toBeInTheDocument()
  })

  it('says why a value is missing and never shows a zero in its place', () => {
    const { container } = show(answer(figure(null, 'Art collection has no price.'), [account('a', 'Art', figure(null, 'Art collection has no price.'))]))
    expect(screen.getAllByText(/Not available/)).toHaveLength(2)
    expect(container).toHaveTextContent('Art collection has no price.')
    expect(container).not.toHaveTextContent('$0')
  })

  it('tells a client without accounts what to expect', () => {
    show(answer(figure('0'), []))
    expect(screen.getByText('No accounts to show yet')).toBeInTheDocument()
    expect(screen.getByText(/help@harborpine\.example/)).toBeInTheDocument()
  })

  it('takes every word from the catalogue', () => {
    setLocale(PSEUDO_LOCALE)
    const { container } = show(answer(figure('148902.35'), [account('a', 'Clara 529 plan', figure('148902.35'))]))
    const data = ['Clara 529 plan', 'Cascade Custody', 'trade date', 'help@harborpine.example', '31 Mar 2021']
    expect(uncataloguedText(container, data)).toEqual([])
  })
})
