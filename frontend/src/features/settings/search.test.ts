import { describe, expect, it } from 'vitest'
import { deviceOf } from './device'
import { auditFilter, auditSearch, startOfDay, userFilter, usersSearch } from './search'

describe('a day of the firm', () => {
  it.each([
    ['2021-03-31', 'America/New_York', '2021-03-31T04:00:00.000Z'],
    ['2021-01-15', 'America/New_York', '2021-01-15T05:00:00.000Z'],
    ['2021-03-14', 'America/New_York', '2021-03-14T05:00:00.000Z'],
    ['2021-03-15', 'America/New_York', '2021-03-15T04:00:00.000Z'],
    ['2021-11-08', 'America/New_York', '2021-11-08T05:00:00.000Z'],
    ['2021-06-01', 'Asia/Kolkata', '2021-05-31T18:30:00.000Z'],
    ['2021-06-01', 'UTC', '2021-06-01T00:00:00.000Z'],
  ])('%s in %s begins at %s', (date, zone, expected) => {
    expect(startOfDay(date, zone)).toBe(expected)
  })
})

it('asks for both days of a span and for several actions', () => {
  expect(auditFilter(auditSearch({ action: 'a.b, c.d', from: '2021-03-30', to: '2021-03-31', subject: 's' }), 'UTC')).toEqual({
    actions: ['a.b', 'c.d'],
    actorId: null,
    subjectId: 's',
    from: '2021-03-30T00:00:00.000Z',
    to: '2021-04-01T00:00:00.000Z',
  })
})

it('drops what the address may not say', () => {
  expect(auditSearch({ from: '2021-02-30', to: 'yesterday', action: '  ' })).toEqual({})
  expect(usersSearch({ role: 'emperor', status: 'ACTIVE', kind: 'client', q: 7 })).toEqual({ status: 'active', kind: 'client', q: '7' })
  expect(userFilter({ status: 'active', q: 'x' })).toEqual({ nameContains: 'x', role: null, status: ['ACTIVE'], kind: null })
})

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0', 'Edge', 'Windows'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0', 'Firefox', 'Linux'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1', 'Safari', 'iOS'],
  ['Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36', 'Chrome', 'Android'],
  ['curl/8.0', null, null],
  [null, null, null],
])('knows the device of %s', (agent, browser, system) => {
  expect(deviceOf(agent)).toEqual({ browser, system })
})
