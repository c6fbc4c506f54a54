import { describe, expect, it } from 'vitest'
import { bookSearch, filterOf, keepable, orderOf, sameView, sortText, withTile } from './search'

describe('the address of the book', () => {
  it.each<[Record<string, unknown>, object]>([
    [{}, {}],
    [{ sort: '-value', q: ' Whit ', min: 1000000, quality: 'stale,partial,nonsense', open: true }, { sort: '-value', q: 'Whit', min: 1000000, quality: 'partial,stale', open: true }],
    [{ sort: 'name' }, {}],
    [{ sort: 'password', min: '-5', quality: 'x', open: 'no', peek: 'account:1', q: '   ' }, {}],
    [{ min: '2500.5', open: 'true', peek: 'household:abc=', q: 529 }, { min: 2500.5, open: true, peek: 'household:abc=', q: '529' }],
  ])('%j is read as %j', (raw, expected) => {
    expect(bookSearch(raw)).toEqual(expected)
  })

  it('asks the server for what it says', () => {
    const search = bookSearch({ sort: '-cash', q: 'Kap', min: 5_000_000, quality: 'stale', open: true })
    expect(orderOf(search)).toEqual({ field: 'CASH', direction: 'DESC' })
    expect(filterOf(search)).toEqual({ nameContains: 'Kap', minValue: '5000000', quality: ['STALE'], hasOpenItems: true })
    expect(filterOf({})).toEqual({ nameContains: null, minValue: null, quality: null, hasOpenItems: null })
  })

  it('names its order shortly and leaves the usual one out', () => {
    expect(sortText({ column: 'value', direction: 'DESC' })).toBe('-value')
    expect(sortText({ column: 'name', direction: 'ASC' })).toBeUndefined()
    expect(sortText({ column: 'nothing', direction: 'ASC' })).toBeUndefined()
  })
})

describe('tiles', () => {
  it('combine, come off again, and "All" takes them all off', () => {
    const one = withTile({ q: 'x' }, 'STALE')
    expect(one).toEqual({ q: 'x', quality: 'stale' })
    const two = withTile(withTile(one, 'PARTIAL'), 'open')
    expect(two).toEqual({ q: 'x', quality: 'partial,stale', open: true })
    expect(withTile(two, 'STALE')).toEqual({ q: 'x', quality: 'partial', open: true })
    expect(withTile(two, 'all')).toEqual({ q: 'x' })
  })
})

describe('a saved view', () => {
  it('is the same whatever is peeked at', () => {
    expect(sameView({ sort: '-value', peek: 'household:1' }, { sort: '-value' })).toBe(true)
    expect(sameView({ sort: '-value' }, {})).toBe(false)
  })

  it('keeps no name and no amount on the device', () => {
    expect(keepable({ sort: '-value', q: 'Whitfield', min: 1_000_000, open: true, peek: 'household:1' })).toEqual({ sort: '-value', open: true })
  })
})
