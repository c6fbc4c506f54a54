import { describe, expect, it } from 'vitest'
import { groupPath } from './search'

describe('where a group of work opens', () => {
  it.each([
    [1, '/parties/UGFydHk6MQ%3D%3D', '/parties/UGFydHk6MQ%3D%3D', false],
    [3, '/parties/UGFydHk6MQ%3D%3D', '/work?kind=clients.kyc_refresh', true],
    [2, '/reconciliation?break=1', '/work?kind=clients.kyc_refresh', true],
    [2, '/findings', '/findings', false],
    [4, '/work?kind=identity.role_change', '/work?kind=identity.role_change', false],
    [2, '/settings/audit', '/settings/audit', false],
  ])('%i at %s: %s', (count, actionPath, path, isAll) => {
    expect(groupPath({ kind: 'clients.kyc_refresh', count, actionPath })).toEqual({ path, isAll })
  })
})
