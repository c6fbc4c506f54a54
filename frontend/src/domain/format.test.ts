import { describe, expect, it } from 'vitest'
import { compare, shift, signOf } from './decimal'
import { dayAt, ageBetween, daysBetween, formatDate, formatInstant } from './dates'
import { formatBasisPoints, formatCount, formatMoney, formatMoneyTick, formatMultiple, formatPercent, formatPrice, formatQuantity } from './format'

const money = (value: string, options: Partial<Parameters<typeof formatMoney>[2]> = {}) => formatMoney('en-US', value, { currency: 'USD', ...options })

describe('money', () => {
  it.each([
    ['10162893.27', {}, '$10,162,893.27'],
    ['-1488116', {}, '−$1,488,116.00'],
    ['31400000', { sign: 'always' }, '+$31,400,000.00'],
    ['0', { sign: 'always' }, '$0.00'],
    ['-0.001', {}, '$0.00'],
    ['2418642310.18', { scale: 'M' }, '$2,418.6M'],
    ['2418642310.18', { scale: 'B' }, '$2.42B'],
    ['1500', { currency: 'JPY' }, '¥1,500'],
    ['1.5', { currency: 'KWD' }, 'KWD\u00a01.500'],
    ['312480.49', { scale: 'whole' }, '$312,480'],
  ] as const)('%s %o is %s', (value, options, expected) => {
    expect(money(value, options)).toBe(expected)
  })

  it('keeps every digit beyond what a binary float holds', () => {
    expect(money('12345678901234567890.12')).toBe('$12,345,678,901,234,567,890.12')
    expect(money('-90071992547409930.07')).toBe('−$90,071,992,547,409,930.07')
    expect(money('12345678901234567890.12', { scale: 'M' })).toBe('$12,345,678,901,234.6M')
  })

  it('refuses what is not a decimal, by name', () => {
    expect(() => money('1e5')).toThrow('"1e5" is not a decimal')
    expect(() => money('')).toThrow(RangeError)
  })
})

describe('other figures', () => {
  it('writes fractions as percent and basis points', () => {
    expect(formatPercent('en-US', '0.0642', 2, 'always')).toBe('+6.42%')
    expect(formatPercent('en-US', '-0.0112')).toBe('−1.12%')
    expect(formatPercent('en-US', '0.041', 1)).toBe('4.1%')
    expect(formatBasisPoints('en-US', '0.0438')).toBe('438 bp')
  })
  it('writes quantities, prices, multiples and counts', () => {
    expect(formatQuantity('en-US', '3100')).toBe('3,100')
    expect(formatQuantity('en-US', '0.12345678')).toBe('0.12345678')
    expect(formatPrice('en-US', '396.3')).toBe('396.30')
    expect(formatPrice('en-US', '1.234567')).toBe('1.234567')
    expect(formatMultiple('en-US', '1.62')).toBe('1.62x')
    expect(formatCount('en-US', 10000)).toBe('10,000')
  })
})

describe('axis ticks', () => {
  it.each([
    [2_250_000_000, 250_000_000, '$2.25B'],
    [3_400_000, 200_000, '$3.4M'],
    [3_450_000, 50_000, '$3.45M'],
    [480_000, 20_000, '$480K'],
    [0, 500_000, '$0'],
    [-1_500_000, 500_000, '−$1.5M'],
    [1_200, 200, '$1,200'],
  ])('%d with a step of %d is %s', (value, step, expected) => {
    expect(formatMoneyTick('en-US', value, step, 'USD')).toBe(expected)
  })
})

describe('decimals', () => {
  it('moves the point without rounding', () => {
    expect(shift('1234.5', -6)).toBe('0.0012345')
    expect(shift('0.0438', 4)).toBe('438')
    expect(shift('-7', 3)).toBe('-7000')
    expect(shift('-0.0', 2)).toBe('0')
  })
  it('compares exactly', () => {
    expect(compare('12345678901234567890.12', '12345678901234567890.13')).toBe(-1)
    expect(compare('2.50', '2.5')).toBe(0)
    expect(compare('-1', '-2')).toBe(1)
    expect(signOf('-0.00')).toBe(0)
  })
})

describe('dates', () => {
  it('writes calendar dates without a time zone', () => {
    expect(formatDate('en-US', '2021-03-31')).toBe('31 Mar 2021')
    expect(formatDate('en-US', '2021-04-01', 'short')).toBe('1 Apr')
    expect(formatDate('en-US', '2021-03-31', 'weekday')).toBe('Wednesday, 31 March')
    expect(formatDate('en-US', '2021-01-31', 'month')).toBe('Jan 21')
    expect(() => formatDate('en-US', '2021-02-30')).toThrow('not a day of the calendar')
  })
  it('writes instants in the time zone of the firm', () => {
    expect(formatInstant('en-US', '2021-03-31T20:42:00Z', 'America/New_York')).toBe('31 Mar 2021, 16:42')
  })
  it('measures ages and days', () => {
    expect(ageBetween('2021-03-29T12:00:00Z', new Date('2021-03-31T12:00:00Z'))).toEqual({ unit: 'day', count: 2 })
    expect(daysBetween('2021-02-28', '2021-03-31')).toBe(31)
  })
})

describe('the calendar day at an instant', () => {
  it.each([
    ['2021-04-01T03:30:00Z', 'America/Denver', '2021-03-31'],
    ['2021-04-01T07:00:00Z', 'America/Denver', '2021-04-01'],
    ['2021-03-31T23:30:00Z', 'Europe/Oslo', '2021-04-01'],
  ])('%s in %s is %s', (instant, timeZone, day) => {
    expect(dayAt(new Date(instant), timeZone)).toBe(day)
  })
})
