import { describe, expect, it } from 'vitest'
import { paired } from './Effects'
import { actionsSearch, deskFilter, MOVING } from './search'

describe('the address of the desk', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(actionsSearch({ state: 'due', all: true, colour: 'red' })).toEqual({ state: 'DUE', all: true })
    expect(actionsSearch({ state: 'LATE', all: 'yes', action: '  ' })).toEqual({})
  })

  it('takes the bare keys of findings as ids', () => {
    const key = '01890a5d-ac96-774b-bcce-b302099a8057'
    expect(actionsSearch({ action: key, security: key })).toEqual({ action: btoa(`CorporateAction:${key}`), security: btoa(`Security:${key}`) })
    expect(actionsSearch({ action: 'Q29ycG9yYXRlQWN0aW9uOjE=' })).toEqual({ action: 'Q29ycG9yYXRlQWN0aW9uOjE=' })
  })

  it('leaves cash dividends out unless they are asked for', () => {
    expect(deskFilter({ state: 'DUE' })).toEqual({ states: ['DUE'], types: [...MOVING], securityId: null })
    expect(deskFilter({ all: true, security: 'x' })).toEqual({ states: null, types: null, securityId: 'x' })
  })
})

describe('lots before and after', () => {
  it('stand in one line when they are the same lot', () => {
    const before = [
      { id: 'a', units: '50' },
      { id: 'b', units: '25' },
    ]
    const after = [
      { id: 'a', units: '150' },
      { id: 'c', units: '5' },
    ]
    expect(paired(before, after)).toEqual([
      { before: before[0], after: after[0] },
      { before: before[1], after: null },
      { before: null, after: after[1] },
    ])
  })
})
