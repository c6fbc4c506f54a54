import { describe, expect, it } from 'vitest'
import { knownAtIn } from './asOf'
import { barShare, breakdownIn, clockAt, gainOf, momentOf, performanceSearch, periodIn, withPeriod } from './performance'

describe('the period of an address', () => {
  it('is the year to date unless the address says otherwise', () => {
    expect(periodIn(performanceSearch({}))).toEqual({ period: 'YTD', from: null })
    expect(periodIn(performanceSearch({ period: '3Y' }))).toEqual({ period: 'THREE_YEARS', from: null })
    expect(periodIn(performanceSearch({ period: 'fortnight' }))).toEqual({ period: 'YTD', from: null })
  })

  it('is one’s own from a first day, whatever else is asked for', () => {
    expect(performanceSearch({ period: '5y', from: '2020-02-29' })).toEqual({ from: '2020-02-29' })
    expect(periodIn({ from: '2020-02-29' })).toEqual({ period: 'CUSTOM', from: '2020-02-29' })
    expect(performanceSearch({ from: '2021-02-29' })).toEqual({})
  })

  it('comes back from the control as it was written', () => {
    for (const period of ['MTD', 'THREE_YEARS', 'ITD', 'YTD'] as const) expect(periodIn(performanceSearch({ ...withPeriod(period) })).period).toBe(period)
  })

  it('keeps what the parts are told apart by', () => {
    expect(breakdownIn(performanceSearch({ by: 'account' }))).toBe('ACCOUNT')
    expect(performanceSearch({ by: 'security' })).toEqual({})
    expect(breakdownIn(performanceSearch({ by: 'colour' }))).toBe('SECURITY')
  })
})

describe('the moment of knowledge', () => {
  it('is read from an address only where it is one', () => {
    expect(knownAtIn('2021-03-31T20:00:00Z')).toBe('2021-03-31T20:00:00Z')
    expect(knownAtIn('2021-03-31T20:00:00.123456Z')).toBe('2021-03-31T20:00:00.123456Z')
    for (const other of ['2021-03-31', '2021-13-31T20:00:00Z', '2021-03-31T25:00:00Z', 'yesterday', 7, undefined]) expect(knownAtIn(other)).toBeUndefined()
  })

  it('is what a clock of the firm shows, in winter and in summer', () => {
    expect(momentOf('2021-01-15', '16:00', 'America/New_York')).toBe('2021-01-15T21:00:00Z')
    expect(momentOf('2021-06-15', '16:00', 'America/New_York')).toBe('2021-06-15T20:00:00Z')
    expect(momentOf('2021-03-14', '23:59', 'America/New_York')).toBe('2021-03-15T03:59:00Z')
    expect(momentOf('2021-06-15', '16:61', 'America/New_York')).toBeNull()
    expect(clockAt('2021-06-15T20:00:00Z', 'America/New_York')).toEqual({ day: '2021-06-15', time: '16:00' })
    expect(clockAt('2021-01-01T02:30:00Z', 'America/New_York')).toEqual({ day: '2020-12-31', time: '21:30' })
  })
})

describe('a growth as a gain', () => {
  it('is exact whatever its length', () => {
    expect(gainOf('1.06420000')).toBe('0.06420000')
    expect(gainOf('0.99999999')).toBe('-0.00000001')
    expect(gainOf('1')).toBe('0')
    expect(gainOf('0.10000000')).toBe('-0.90000000')
    expect(gainOf('12.5')).toBe('11.5')
    expect(gainOf('-0.5')).toBe('-1.5')
    expect(gainOf(null)).toBeNull()
  })
})

describe('bars', () => {
  it('are measured against the longest, whichever way it goes', () => {
    expect(barShare('-0.02', ['0.01', '-0.02', null])).toBe(1)
    expect(barShare('0.01', ['0.01', '-0.02'])).toBe(0.5)
    expect(barShare(null, ['0.01'])).toBe(0)
    expect(barShare('0', ['0', null])).toBe(0)
  })
})
