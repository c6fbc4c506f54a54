import { expect, it } from 'vitest'
import { importReport } from './importReport'

const PROBLEM = { file: 'transactions.csv', line: 12, column: 'amount', value: 'x', expectation: 'a decimal', message: 'transactions.csv line 12, amount "x": a decimal' }
const COUNTS = { transactions: { created: 40, changed: 0, unchanged: 0 }, households: { created: 2, changed: 0, unchanged: 1 } }

it('reads a check that refuses the bundle', () => {
  expect(importReport({ dryRun: true, counts: COUNTS, problems: 3, warnings: 1, problemList: [PROBLEM], bookVersion: null })).toEqual({
    ok: false,
    dryRun: true,
    problemCount: 3,
    problems: [{ file: 'transactions.csv', line: 12, column: 'amount', value: 'x', message: PROBLEM.message }],
    warningCount: 1,
    rows: [
      { file: 'households', created: 2, changed: 0, unchanged: 1 },
      { file: 'transactions', created: 40, changed: 0, unchanged: 0 },
    ],
    bookVersion: null,
  })
})

it('reads what was written', () => {
  const report = importReport({ dryRun: false, counts: COUNTS, problems: 0, warnings: 0, bookVersion: 17 })
  expect([report?.ok, report?.bookVersion, report?.problems]).toEqual([true, '17', []])
})

it('finds no report in other results', () => {
  expect(importReport(null)).toBeNull()
  expect(importReport({ sent: 3 })).toBeNull()
  expect(importReport([1])).toBeNull()
})
