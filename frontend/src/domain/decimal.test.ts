import { describe, expect, it } from 'vitest'
import { amountOf, difference, negated, plain, ratio } from './decimal'

describe('a part of a whole', () => {
  it.each([
    ['1', '3', '0.333333'],
    ['2', '3', '0.666667'],
    ['-1488116', '16154023.27', '-0.092120'],
    ['10162893.27', '10162893.27', '1.000000'],
    ['0', '5', '0.000000'],
    ['5', '0', null],
    ['5', '0.00', null],
    ['-0.0000001', '5', '0.000000'],
    ['99999999999999999999.99', '3', '33333333333333333333.330000'],
  ])('%s of %s is %s', (part, whole, share) => {
    expect(ratio(part, whole)).toBe(share)
  })
})

describe('the other sign', () => {
  it.each([
    ['5.10', '-5.10'],
    ['-5.10', '5.10'],
    ['0.00', '0.00'],
  ])('%s becomes %s', (value, other) => {
    expect(negated(value)).toBe(other)
  })
})

describe('a difference', () => {
  it.each([
    ['10162893.27', '9877888.08', '285005.19'],
    ['100.00', '285.5', '-185.50'],
    ['5', '5.00', '0.00'],
    ['-1.5', '-2', '0.5'],
    ['90071992547409931.01', '0.02', '90071992547409930.99'],
  ])('%s less %s is %s', (to, from, gap) => {
    expect(difference(to, from)).toBe(gap)
  })
})

describe('a plain value', () => {
  it.each([
    ['-1000.0000000000', 2, '-1000.00'],
    ['10.0000000000', 0, '10'],
    ['101.5000', 2, '101.50'],
    ['0.1234500', 2, '0.12345'],
    ['-0.00', 2, '0.00'],
    ['25000', 2, '25000.00'],
  ])('%s to at least %i places is %s', (value, places, text) => {
    expect(plain(value, places)).toBe(text)
  })
})

describe('an amount as it is typed', () => {
  it.each([
    ['400000', '400000'],
    [' 512,340.50 ', '512340.50'],
    ['1,234,567', '1234567'],
    ['1 000', '1000'],
    ["1'000.5", '1000.5'],
    ['0', '0'],
  ])('%s is %s', (typed, amount) => {
    expect(amountOf(typed)).toBe(amount)
  })

  it.each(['', '1,50', '1,2345', '12,34.5', ',5', '1.', '-5', '1 5', '$5', '1.234,50'])('%s is none', (typed) => {
    expect(amountOf(typed)).toBeNull()
  })
})
