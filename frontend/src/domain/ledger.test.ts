import { describe, expect, it } from 'vitest'
import { correctionChain, entryInput, entryProblems, plainDecimal, stalenessOf, type TransactionEntry } from './ledger'

const TODAY = '2021-03-31'

function entry(over: Partial<TransactionEntry>): TransactionEntry {
  return {
    type: 'BUY',
    tradeDate: '2021-03-30',
    settlementDate: '',
    securityId: 'security-1',
    quantity: '100',
    price: '12.50',
    amount: '-1250.00',
    fees: '',
    description: '',
    ...over,
  }
}

describe('an entry before it is sent', () => {
  it.each<[string, Partial<TransactionEntry>, Record<string, string>]>([
    ['a complete buy', {}, {}],
    ['a buy with money arriving', { amount: '1250' }, { amount: 'mustLeave' }],
    ['a buy without a security or a quantity', { securityId: null, quantity: '' }, { securityId: 'required', quantity: 'required' }],
    ['a buy of a negative number', { quantity: '-1' }, { quantity: 'notPositive' }],
    ['words for a number', { amount: 'twelve', fees: '1,5x' }, { amount: 'notDecimal', fees: 'notDecimal' }],
    ['a trade after the business date', { tradeDate: '2021-04-01' }, { tradeDate: 'afterToday' }],
    ['settled before it was traded', { settlementDate: '2021-03-29' }, { settlementDate: 'beforeTrade' }],
    ['a sale that costs money', { type: 'SELL', amount: '-1' }, { amount: 'mustArrive' }],
    ['a deposit needs no security', { type: 'DEPOSIT', securityId: null, quantity: '', amount: '500' }, {}],
    ['a deposit ignores what was typed as quantity', { type: 'DEPOSIT', quantity: 'x', amount: '500' }, {}],
    ['a journal may take units away', { type: 'JOURNAL', quantity: '-5', amount: '0' }, {}],
    ['no amount at all', { amount: '' }, { amount: 'required' }],
    ['no trade date', { tradeDate: '' }, { tradeDate: 'required' }],
  ])('%s', (_name, over, expected) => {
    expect(entryProblems(entry(over), TODAY)).toEqual(expected)
  })

  it('is sent with plain decimals and nulls for what is empty', () => {
    expect(entryInput(entry({ quantity: '1,000', amount: '−12,500.00', description: '  ' }))).toEqual({
      type: 'BUY',
      tradeDate: '2021-03-30',
      settlementDate: null,
      securityId: 'security-1',
      quantity: '1000',
      price: '12.50',
      amount: '-12500.00',
      fees: null,
      description: null,
    })
  })

  it('sends what few entries say only where it belongs', () => {
    const typed = { accruedInterest: '120', lotSelection: ' HIFO ', relatedExternalId: '' }
    expect(entryInput(entry(typed))).toMatchObject({ accruedInterest: '120', relatedExternalId: null })
    expect(entryInput(entry(typed))).not.toHaveProperty('lotSelection')
    expect(entryInput(entry({ ...typed, type: 'SELL', amount: '5' }))).toMatchObject({ lotSelection: 'HIFO' })
    expect(entryInput(entry({ ...typed, type: 'DEPOSIT', amount: '5' }))).not.toHaveProperty('relatedExternalId')
  })

  it.each(['SPLIT', 'SPIN_OFF', 'MERGER', 'CASH_IN_LIEU'] as const)('takes units away with a %s', (type) => {
    expect(entryProblems(entry({ type, quantity: '-5', amount: '0' }), TODAY)).toEqual({})
  })

  it('sends no security, quantity or price with a deposit', () => {
    const sent = entryInput(entry({ type: 'DEPOSIT', amount: '500' }))
    expect([sent.securityId, sent.quantity, sent.price, sent.amount]).toEqual([null, null, null, '500'])
  })
})

it('reads decimals as people paste them', () => {
  expect(['1,204.50', '−3', "1'000", ' 7 ', '-12,000'].map(plainDecimal)).toEqual(['1204.50', '-3', '1000', '7', '-12000'])
  expect(['1,50', '1 5', '', 'x'].map(plainDecimal)).toEqual(['1,50', '1 5', '', 'x'])
})

it('says whether a price is fresh, stale or missing', () => {
  const marketValue = { quality: 'COMPLETE' }
  expect(stalenessOf({ price: null, marketValue: { quality: 'UNAVAILABLE' } })).toBe('unpriced')
  expect(stalenessOf({ price: '1', marketValue: { quality: 'STALE' } })).toBe('stale')
  expect(stalenessOf({ price: '1', marketValue })).toBe('fresh')
})

describe('the history of a corrected entry', () => {
  const rows = [
    { id: 'c', reversesId: null, replacesId: 'a2' },
    { id: 'r2', reversesId: 'a2', replacesId: null },
    { id: 'a2', reversesId: null, replacesId: 'a' },
    { id: 'r1', reversesId: 'a', replacesId: null },
    { id: 'a', reversesId: null, replacesId: null },
    { id: 'z', reversesId: null, replacesId: null },
  ]

  it.each(['a', 'r1', 'a2', 'r2', 'c'])('is the same from every one of its rows: %s', (from) => {
    expect(correctionChain(rows, from).map(({ part, row }) => `${part} ${row.id}`)).toEqual([
      'original a',
      'reversal r1',
      'replacement a2',
      'reversal r2',
      'replacement c',
    ])
  })

  it('is one row when nothing was corrected, and nothing for an unknown row', () => {
    expect(correctionChain(rows, 'z').map(({ row }) => row.id)).toEqual(['z'])
    expect(correctionChain(rows, 'missing')).toEqual([])
  })

  it('ends even when rows point at each other', () => {
    const loop = [
      { id: '1', reversesId: null, replacesId: '2' },
      { id: '2', reversesId: null, replacesId: '1' },
    ]
    expect(correctionChain(loop, '1')).toHaveLength(2)
  })
})
