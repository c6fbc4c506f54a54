import { expect, it } from 'vitest'
import { importReport } from './importReport'

const PROBLEM = { file: 'transactions.csv', line: 12, column: 'amount', value: 'x', expectation: 'a decimal', message: 'transactions.csv line 12, amount "x": a decimal' }

it('reads a dry run that refuses the bundle', () => {
  expect(
    importReport({ ok: false, problemCount: 3, problems: [PROBLEM], warningCount: 0, warnings: [], rowCounts: { households: 2, transactions: 40 } }),
  ).toEqual({
    ok: false,
    problemCount: 3,
    problems: [{ file: 'transactions.csv', line: 12, column: 'amount', value: 'x', message: PROBLEM.message }],
    warningCount: 0,
    warnings: [],
    rows: [
      { file: 'households', read: 2, created: null },
      { file: 'transactions', read: 40, created: null },
    ],
    bookVersion: null,
  })
})

it('reads what was written, wherever the counts stand', () => {
  const report = importReport({ report: { ok: true, problemCount: 0, rowCounts: { accounts: 5 } }, created: { accounts: 4 }, bookVersion: 17 })
  expect(report?.rows).toEqual([{ file: 'accounts', read: 5, created: 4 }])
  expect(report?.bookVersion).toBe('17')
  expect(report?.ok).toBe(true)
})

it('finds no report in other results', () => {
  expect(importReport(null)).toBeNull()
  expect(importReport({ sent: 3 })).toBeNull()
  expect(importReport([1])).toBeNull()
})
