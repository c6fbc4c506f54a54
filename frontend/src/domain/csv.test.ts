import { describe, expect, it } from 'vitest'
import { csvCell, csvLine } from './csv'

describe('a cell', () => {
  it.each<[string | number | null, string]>([
    [null, ''],
    ['Whitfield Family', 'Whitfield Family'],
    ['Gallagher, R. and M.', '"Gallagher, R. and M."'],
    ['The "old" trust', '"The ""old"" trust"'],
    ['two\nlines', '"two\nlines"'],
    ['-1204.50', '-1204.50'],
    [7, '7'],
    ['=1+1', "'=1+1"],
    ['+CMD', "'+CMD"],
    ['-not a number', "'-not a number"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['=a,b', '"\'=a,b"'],
  ])('%j is %j', (value, expected) => {
    expect(csvCell(value)).toBe(expected)
  })
})

it('ends a line as RFC 4180 does', () => {
  expect(csvLine(['a', null, '1.50'])).toBe('a,,1.50\r\n')
})
