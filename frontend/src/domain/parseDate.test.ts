import { describe, expect, it } from 'vitest'
import { moveDate, parseDate } from './parseDate'

describe('a written date', () => {
  it.each([
    ['en-US', '2021-03-31', '2021-03-31'],
    ['en-US', ' 31 Mar 2021 ', '2021-03-31'],
    ['en-US', 'March 31, 2021', '2021-03-31'],
    ['en-US', 'sept 1 2020', '2020-09-01'],
    ['en-US', '3/4/2021', '2021-03-04'],
    ['en-GB', '3/4/2021', '2021-04-03'],
    ['de-DE', '31.3.21', '2021-03-31'],
    ['de-DE', '1. März 2021', '2021-03-01'],
    ['sv-SE', '2021-3-4', '2021-03-04'],
    ['en-US', '2/29/2020', '2020-02-29'],
    ['en-US', '1/2/99', '1999-01-02'],
  ])('%s reads %s', (locale, text, day) => expect(parseDate(locale, text)).toBe(day))

  it.each(['', 'soon', '2021-02-29', '31/31/2021', '2021-13-01', '3/4/202', '31 Foo 2021', '3/4'])('"%s" is no day', (text) => expect(parseDate('en-US', text)).toBeNull())

  it('moves by days and by months, to the end of a shorter one', () => {
    expect(moveDate('2021-03-31', { days: 1 })).toBe('2021-04-01')
    expect(moveDate('2021-03-31', { months: -1 })).toBe('2021-02-28')
    expect(moveDate('2020-12-31', { months: 2 })).toBe('2021-02-28')
    expect(moveDate('2021-01-01', { days: -1 })).toBe('2020-12-31')
  })
})
