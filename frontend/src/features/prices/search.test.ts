import { describe, expect, it } from 'vitest'
import { dayOf, dayWanted, deskFilter, pricesSearch, withTile } from './search'

describe('the address of the price desk', () => {
  it('drops what it does not know and takes bare keys', () => {
    expect(pricesSearch({ fault: 'jump,nonsense,stale', view: 'x', security: '01a1fed7-e352-7047-9f8a-c8346abbbf61', state: 'open' })).toEqual({
      fault: 'jump,stale',
      security: btoa('Security:01a1fed7-e352-7047-9f8a-c8346abbbf61'),
    })
  })

  it('asks for the codes of its tiles, open ones unless told otherwise', () => {
    expect(deskFilter({ fault: 'missing,zero' })).toEqual({ codes: ['ZERO_PRICE', 'MISSING_PRICE', 'PRICE_GAP'], states: null, securityId: null })
    expect(deskFilter({ state: 'dismissed', security: 's' })).toEqual({ codes: null, states: ['DISMISSED'], securityId: 's' })
  })

  it('combines tiles; all of them takes them off', () => {
    expect(withTile({ fault: 'stale', finding: 'f' }, 'jump')).toEqual({ fault: 'jump,stale' })
    expect(withTile({ fault: 'stale' }, 'stale')).toEqual({})
    expect(withTile({ fault: 'stale', view: 'coverage', security: 's' }, 'all')).toEqual({ security: 's' })
  })

  it('knows the day a finding is about', () => {
    expect(dayOf({ day: '2021-03-30', close: '45' })).toBe('2021-03-30')
    for (const none of [{}, { day: 'yesterday' }, { day: 20210330 }, null, 'day']) expect(dayOf(none)).toBeNull()
  })
})

it('wants the price of an old or missing one of the day of the books, any other of its own day', () => {
  expect(dayWanted('STALE_PRICE', { day: '2020-09-30' }, '2021-03-31')).toBe('2021-03-31')
  expect(dayWanted('MISSING_PRICE', { day: '2021-03-30' }, '2021-03-31')).toBe('2021-03-31')
  expect(dayWanted('PRICE_JUMP', { day: '2021-03-18' }, '2021-03-31')).toBe('2021-03-18')
  expect(dayWanted('STALE_PRICE', { day: '2020-09-30' }, null)).toBe('2020-09-30')
})
