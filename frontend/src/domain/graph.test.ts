import { describe, expect, it } from 'vitest'
import { lanes, layered, step } from './graph'

const party = (id: string) => ({ id, subjectKind: 'PARTY' })
const account = (id: string) => ({ id, subjectKind: 'account' })
const debt = (id: string) => ({ id, subjectKind: 'LIABILITY' })
const edge = (fromId: string, toId: string, kind = 'OWNS') => ({ fromId, toId, kind })

const nodes = [account('a2'), party('llc'), party('eleanor'), party('james'), party('trust'), account('a1'), debt('loan')]
const edges = [edge('eleanor', 'trust'), edge('trust', 'llc'), edge('james', 'eleanor', 'SPOUSE'), edge('eleanor', 'a1', 'OWNER'), edge('llc', 'a2', 'OWNER'), edge('llc', 'loan', 'OWES')]
const names = (columns: ReturnType<typeof layered>) => columns.map((column) => column.map(({ node }) => node.id))

describe('the layers of ownership', () => {
  it('puts owners before what they own, then accounts, then debts', () => {
    expect(names(layered(nodes, edges))).toEqual([['eleanor', 'james'], ['trust'], ['llc'], ['a2', 'a1'], ['loan']])
  })

  it('orders a column by the rows of its owners', () => {
    const two = [party('p1'), party('p2'), account('x2'), account('x1')]
    expect(names(layered(two, [edge('p1', 'x1', 'OWNER'), edge('p2', 'x2', 'OWNER')]))).toEqual([['p1', 'p2'], ['x1', 'x2']])
  })

  it('comes to an end when the books hold a cycle, and closes up empty columns', () => {
    const columns = layered([party('a'), party('b'), debt('d')], [edge('a', 'b'), edge('b', 'a')])
    expect(columns.flat()).toHaveLength(3)
    expect(columns.every((column, at) => column.length > 0 && column.every((each) => each.column === at))).toBe(true)
    expect(layered([], [])).toEqual([])
  })
})

describe('the lanes of lines that pass a column', () => {
  it('lead below the lowest box they pass, each line in a place of its own', () => {
    const found = lanes(layered(nodes, edges), edges)
    const passing = [...found].map(([{ fromId, toId }, lane]) => [fromId, toId, lane])
    expect(passing).toEqual([
      ['eleanor', 'a1', { row: 1, place: 0 }],
      ['llc', 'loan', { row: 2, place: 0 }],
    ])
  })

  it('are shared out among the lines that pass at one height', () => {
    const three = [party('a'), party('b'), party('llc'), account('x'), account('y')]
    const lines = [edge('a', 'llc'), edge('llc', 'x', 'OWNER'), edge('a', 'y', 'OWNER'), edge('b', 'y', 'OWNER')]
    expect([...lanes(layered(three, lines), lines).values()]).toEqual([
      { row: 1, place: 0 },
      { row: 1, place: 1 },
    ])
  })
})

describe('walking with the arrow keys', () => {
  const columns = layered(nodes, edges)
  it.each([
    ['eleanor', 'ArrowDown', 'james'],
    ['eleanor', 'ArrowUp', null],
    ['eleanor', 'ArrowRight', 'trust'],
    ['trust', 'ArrowLeft', 'eleanor'],
    ['llc', 'ArrowRight', 'a2'],
    ['a1', 'ArrowLeft', 'eleanor'],
    ['james', 'ArrowRight', 'trust'],
    ['a2', 'Home', 'eleanor'],
    ['eleanor', 'End', 'loan'],
    ['eleanor', 'x', null],
    ['nobody', 'ArrowUp', null],
  ])('%s %s leads to %s', (from, key, to) => {
    expect(step(columns, edges, from, key)).toBe(to)
  })
})
