import { describe, expect, it } from 'vitest'
import { accountFilter, breakFilter, deskSearch, isOn, tileVariables, withTile } from './search'

describe('the address of the desk', () => {
  it('drops what it does not know and takes bare keys as they stand in work items', () => {
    expect(deskSearch({ view: 'nonsense', kind: 'cash', old: 'true', state: 'signed-off', account: '01a1fed7-e352-7047-9f8a-c8346abbbf61' })).toEqual({
      kind: 'CASH',
      old: true,
      state: 'signed-off',
      account: btoa('Account:01a1fed7-e352-7047-9f8a-c8346abbbf61'),
    })
    expect(deskSearch({ break: 'QnJlYWs6MQ==', mine: 'no', state: 'open' })).toEqual({ break: 'QnJlYWs6MQ==' })
  })

  it('asks for open differences unless told otherwise', () => {
    expect(breakFilter({}, 'me')).toEqual({ states: ['OPEN'], kinds: null, custodian: null, accountId: null, ownerId: null, minAgeDays: null, awaitsSecondPerson: null })
    expect(breakFilter({ state: 'all', mine: true, old: true, kind: 'LOTS' }, 'me')).toMatchObject({ states: null, ownerId: 'me', minAgeDays: 4, kinds: ['LOTS'] })
  })

  it('combines tiles of differences, and shows accounts for those of accounts', () => {
    const mine = withTile({ custodian: 'Cascade' }, 'mine')
    expect(withTile(mine, 'old')).toEqual({ custodian: 'Cascade', mine: true, old: true })
    expect(withTile(mine, 'mine')).toEqual({ custodian: 'Cascade' })
    expect(withTile(mine, 'silent')).toEqual({ custodian: 'Cascade', view: 'accounts', silent: true })
    expect(withTile({ view: 'accounts', silent: true }, 'waiting')).toEqual({ waiting: true })
    expect(isOn(mine, 'open')).toBe(false)
    expect(isOn({ custodian: 'Cascade' }, 'open')).toBe(true)
  })

  it('counts every tile over the list without the tiles', () => {
    const counted = tileVariables({ mine: true, old: true, custodian: 'Cascade' }, 'me', '2021-03-31')
    expect(counted.old).toMatchObject({ ownerId: null, minAgeDays: 4, custodian: 'Cascade' })
    expect(counted.matched).toEqual({ custodian: 'Cascade', hasEvidence: null, matchedOn: '2021-03-31' })
    expect(accountFilter({ silent: true }, null)).toEqual({ custodian: null, hasEvidence: false, matchedOn: null })
  })
})
