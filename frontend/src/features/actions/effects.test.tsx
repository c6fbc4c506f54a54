import { render, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { EnvironmentProvider } from '@/ui/environment'
import type { Preview } from './ActionPeek'
import { Moves } from './Effects'

const move = (id: string, over: Partial<Preview['moved'][number]> = {}): Preview['moved'][number] => ({
  __typename: 'CorporateActionMove',
  account: { __typename: 'AccountRef', id, name: 'Joint brokerage', last4: '4471' },
  security: { __typename: 'Security', id: 's1', name: 'Acme Inc.', symbol: 'ACME' },
  unitsBefore: '15',
  unitsAfter: '15',
  costBefore: '6250.00',
  costAfter: '3750.00',
  currency: 'USD',
  ...over,
})

it('shows what the entries of a posted action did to units and cost, and how many accounts are not listed', () => {
  const child = { __typename: 'Security' as const, id: 's2', name: 'Child Inc.', symbol: 'CHLD' }
  const moved = [move('a1'), move('a1', { security: child, unitsBefore: '0', costBefore: '0.00', costAfter: '2500.00' })]
  const environment = { currency: 'USD', timeZone: 'America/New_York', businessDate: '2021-03-31', now: () => new Date('2021-03-31T20:00:00Z') }
  render(
    <EnvironmentProvider value={environment}>
      <Moves moved={moved} accountCount={4} />
    </EnvironmentProvider>,
  )
  const table = screen.getByRole('table', { name: 'What its entries did, 4 accounts' })
  expect(within(table).getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['15$6,250.00', '15$3,750.00', '0$0.00', '15$2,500.00'])
  expect(screen.getByText('and 3 more accounts')).toBeVisible()
})
