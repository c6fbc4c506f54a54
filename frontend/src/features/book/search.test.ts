import { describe, expect, it } from 'vitest'
import { columnsIn, columnsText, moved } from './columnSet'
import { bookSearch, filterOf, orderOf, queryOf, sameView, searchOf, sortText, standingOf, withTile } from './search'
import { splitOf } from './splits'

describe('the address of the book', () => {
  it.each<[Record<string, unknown>, object]>([
    [{}, {}],
    [{ sort: '-value', q: ' Whit ', min: 1000000, needs: 'stale,kyc_due,nonsense' }, { sort: '-value', q: 'Whit', min: 1000000, needs: 'stale,kyc_due' }],
    [{ sort: 'name', standing: 'current', cols: 'name,advisor,value,cash,cashShare,accounts,openItems,opened', cash: 10 }, {}],
    [{ sort: 'password', min: '-5', needs: 'x', standing: 'gone', peek: 'account:1', q: '   ', cash: 101, cols: 'secret' }, {}],
    [{ min: '2500.5', max: 9000, standing: 'left', peek: 'household:abc=', q: 529, cash: '20' }, { min: 2500.5, max: 9000, standing: 'left', peek: 'household:abc=', q: '529', cash: 20 }],
  ])('%j is read as %j', (raw, expected) => {
    expect(bookSearch(raw)).toEqual(expected)
  })

  it('asks the server for what it says', () => {
    const search = bookSearch({ sort: '-cash', q: 'Kap', min: 5_000_000, needs: 'stale,open_items', tag: 'VIP', book: 'b1', cash: 20 })
    expect(orderOf(search)).toEqual({ field: 'CASH', direction: 'DESC' })
    expect(filterOf(search)).toEqual({
      nameContains: 'Kap', minValue: '5000000', maxValue: null, tag: 'VIP', bookId: 'b1', highCashShare: '0.2', standing: 'CURRENT', attention: ['OPEN_ITEMS', 'STALE'],
    })
  })

  it('hides who left until they are asked for', () => {
    expect(standingOf({})).toBe('CURRENT')
    expect(standingOf({ standing: 'left' })).toBe('LEFT')
    expect(standingOf({ standing: 'all' })).toBeNull()
    expect(standingOf({ needs: 'left' })).toBeNull()
  })

  it('names its order shortly and leaves the usual one out', () => {
    expect(sortText({ column: 'value', direction: 'DESC' })).toBe('-value')
    expect(sortText({ column: 'name', direction: 'ASC' })).toBeUndefined()
    expect(sortText({ column: 'nothing', direction: 'ASC' })).toBeUndefined()
  })
})

describe('tiles', () => {
  it('combine, come off again, and "All" takes them all off', () => {
    const two = withTile(withTile({ q: 'x' }, 'STALE'), 'OPEN_ITEMS')
    expect(two).toEqual({ q: 'x', needs: 'open_items,stale' })
    expect(withTile(two, 'STALE')).toEqual({ q: 'x', needs: 'open_items' })
    expect(withTile(two, 'all')).toEqual({ q: 'x' })
  })
})

describe('a saved view', () => {
  it('is the same whatever is peeked at and however it is written', () => {
    expect(sameView({ sort: '-value', peek: 'household:1' }, { sort: '-value' })).toBe(true)
    expect(sameView({ sort: '-value' }, {})).toBe(false)
  })

  it('is an address and back', () => {
    const search = bookSearch({ sort: '-value', q: 'a&b=c', min: 5, needs: 'stale', cols: 'name,value.160', peek: 'household:1' })
    expect(searchOf(queryOf(search))).toEqual(bookSearch({ ...search, peek: undefined }))
  })
})

describe('columns', () => {
  it.each([
    ['name,value.160,cash', 'name,value.160,cash'],
    ['value,name', 'name,value'],
    ['cash,cash,nonsense,value.5', 'name,cash,value'],
  ])('%s is %s', (raw, expected) => {
    expect(columnsText(columnsIn(raw))).toBe(expected)
  })

  it('move, and the name keeps its place', () => {
    const columns = columnsIn('name,value,cash') ?? []
    expect(columnsText(moved(columns, 'cash', -1))).toBe('name,cash,value')
    expect(moved(columns, 'value', -1)).toBe(columns)
    expect(moved(columns, 'cash', 1)).toBe(columns)
  })
})

describe('a share of an assignment', () => {
  it.each([['100', '1'], ['62.5 %', '0.625'], ['33.333333', '0.33333333'], ['1/4', '0.25'], ['1/3', null], ['0', null], ['100.1', null], ['', null], ['-5', null]])('%s is %s', (typed, share) => {
    expect(splitOf(typed)).toBe(share)
  })
})
