import { describe, expect, it } from 'vitest'
import { percentOf, shareOf, sumOfShares } from './shares'

describe('a share as it is typed', () => {
  it.each([
    ['60', '0.6'],
    ['100', '1'],
    ['33.3333 %', '0.333333'],
    ['0.5', '0.005'],
    [' 40% ', '0.4'],
    ['1/3', '0.333333333333'],
    ['2 / 4', '0.5'],
    ['110', '1.1'],
    ['0', '0'],
  ])('%s is %s', (typed, share) => expect(shareOf(typed)).toBe(share))

  it.each(['', 'half', '1/0', '-5', '60,5', '1e2', '60.'])('%s is none', (typed) => expect(shareOf(typed)).toBeNull())

  it('is shown as it was typed', () => {
    expect(percentOf('0.6')).toBe('60')
    expect(percentOf('1')).toBe('100')
    expect(percentOf('0.333333333333')).toBe('33.3333333333')
    expect(percentOf('0.600000000000')).toBe('60')
  })

  it('is added without rounding', () => {
    expect(sumOfShares(['0.6', '0.4'])).toBe('1')
    expect(sumOfShares(['0.6', '0.5'])).toBe('1.1')
    expect(sumOfShares(['0.333333333333', '0.333333333333', '0.333333333333'])).toBe('0.999999999999')
    expect(sumOfShares([])).toBe('0')
  })
})
