import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeName, detailWords } from './codeWords'
import messages from './codes.messages'

it('has a word for every code a bundle may use', () => {
  const terms = readFileSync(resolve(import.meta.dirname, '../../../backend/wealthnexus/domain/bundle/terms.py'), 'utf8')
  const codes = ['ACCOUNT_TYPES', 'TAX_STATUSES', 'LOT_METHODS', 'SECURITY_TYPES', 'ASSET_CLASSES'].flatMap((name) => {
    const table = terms.split(`${name}: Final = {`)[1]?.split('\n}')[0] ?? ''
    return [...table.matchAll(/^ {4}"([A-Z0-9_]+)":/gm)].map((match) => match[1] ?? '')
  })
  expect(codes.length).toBeGreaterThan(100)
  expect(codes.filter((code) => !(code in messages))).toEqual([])
})

it('reads a code it does not know as words', () => {
  expect(codeName('ROLLOVER_IRA')).toBe('Rollover IRA')
  expect(codeName('accounts_max')).toBe('Accounts')
  expect(codeName('SOME_NEW_KIND')).toBe('Some new kind')
})

describe('the small line beside something found', () => {
  it.each([
    ['AAPL · COMMON_STOCK', 'AAPL · Common stock'],
    ['JOINT_WITH_SURVIVORSHIP · …4471', 'Joint with survivorship · …4471'],
    ['QQQ · SOMETHING_NEW', 'QQQ · Something new'],
    ['anna.lindahl@summitridge.example', 'anna.lindahl@summitridge.example'],
  ])('%s reads %s', (detail, words) => {
    expect(detailWords(detail)).toBe(words)
  })
})
