import { describe, expect, it } from 'vitest'
import { groupingIn, HOLDING_GROUPS, holdingsSearch } from './holdings'

describe('the address of a page of holdings', () => {
  it('keeps how they are grouped, and as known when', () => {
    expect(holdingsSearch({ by: 'Sector', knownAt: '2021-03-31T20:00:00Z' })).toEqual({ by: 'sector', knownAt: '2021-03-31T20:00:00Z' })
    expect(holdingsSearch({ by: 'colour', knownAt: 'yesterday' })).toEqual({})
  })

  it('groups by account unless it says otherwise', () => {
    expect(groupingIn({}, HOLDING_GROUPS)).toBe('ACCOUNT')
    expect(groupingIn({ by: 'asset_class' }, HOLDING_GROUPS)).toBe('ASSET_CLASS')
    expect(groupingIn({ by: 'sector' }, ['CURRENCY'])).toBe('CURRENCY')
  })
})
