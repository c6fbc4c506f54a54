import { describe, expect, it } from 'vitest'
import { moved } from './keyboard'

const shape = { rows: 100, columns: 5, page: 10 }
const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false })

describe('the ARIA grid pattern', () => {
  it.each([
    ['ArrowRight', false, { row: 5, column: 2 }, { row: 5, column: 3 }],
    ['ArrowRight', false, { row: 5, column: 4 }, { row: 5, column: 4 }],
    ['ArrowLeft', false, { row: 5, column: 0 }, { row: 5, column: 0 }],
    ['ArrowDown', false, { row: 99, column: 1 }, { row: 99, column: 1 }],
    ['ArrowUp', false, { row: 0, column: 1 }, { row: -1, column: 1 }],
    ['ArrowUp', false, { row: -1, column: 1 }, { row: -1, column: 1 }],
    ['ArrowDown', false, { row: -1, column: 1 }, { row: 0, column: 1 }],
    ['ArrowDown', true, { row: 3, column: 1 }, { row: 99, column: 1 }],
    ['Home', false, { row: 3, column: 3 }, { row: 3, column: 0 }],
    ['End', false, { row: 3, column: 3 }, { row: 3, column: 4 }],
    ['Home', true, { row: 3, column: 3 }, { row: 0, column: 0 }],
    ['End', true, { row: 3, column: 3 }, { row: 99, column: 4 }],
    ['PageDown', false, { row: 95, column: 3 }, { row: 99, column: 3 }],
    ['PageUp', false, { row: 4, column: 3 }, { row: 0, column: 3 }],
    ['PageUp', false, { row: -1, column: 3 }, { row: -1, column: 3 }],
  ] as const)('%s (control %s) from %o goes to %o', (name, control, from, to) => {
    expect(moved(from, key(name, control), shape)).toEqual(to)
  })
  it('leaves other keys alone', () => {
    expect(moved({ row: 0, column: 0 }, key('Tab'), shape)).toBeNull()
  })
})
