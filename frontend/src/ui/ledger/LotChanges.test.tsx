import { render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { EnvironmentProvider } from '../environment'
import { LotChangeTable, type LotView } from './LotChanges'

const lot = (over: Partial<LotView> = {}): LotView => ({
  id: 'l1',
  account: { id: 'a1', name: 'His' },
  security: { name: 'Acme Inc.', symbol: 'ACME' },
  units: '30',
  acquiredOn: '2021-03-25',
  cost: '1200.00',
  custodianCost: '1200.00',
  economicCost: '1200.00',
  heldFrom: '2021-03-25',
  currency: 'USD',
  ...over,
})

function cells(before: LotView | null, after: LotView | null) {
  const environment = { currency: 'USD', timeZone: 'America/New_York', businessDate: '2021-03-31', now: () => new Date('2021-03-31T20:00:00Z') }
  const shown = render(
    <EnvironmentProvider value={environment}>
      <LotChangeTable caption="1 lot changes" rows={[{ before, after }]} />
    </EnvironmentProvider>,
  )
  const found = screen.getAllByRole('cell').map((cell) => cell.textContent)
  shown.unmount()
  return found
}

describe('a lot before and after', () => {
  it('shows the basis and the days it took on where what was paid stays', () => {
    const [before, after] = cells(lot({ custodianCost: '1350.00', economicCost: '1350.00', heldFrom: '2021-01-16' }), lot())
    expect(before).toBe('30$1,200.00with wash sales $1,350.00held from 16 Jan 2021')
    expect(after).toBe('30$1,200.00with wash sales $1,200.00held from 25 Mar 2021')
  })

  it('names the custodian where it reports another basis, and nothing where there is no wash sale', () => {
    expect(cells(lot(), lot({ economicCost: '1260.00' }))[1]).toBe('30$1,200.00with wash sales $1,260.00at the custodian $1,200.00')
    expect(cells(lot(), lot({ cost: '1300.00', custodianCost: '1300.00', economicCost: '1300.00' }))).toEqual(['30$1,200.00', '30$1,300.00'])
    expect(cells(null, lot())).toEqual(['none', '30$1,200.00'])
  })
})
