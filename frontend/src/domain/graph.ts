/** A layered drawing of who owns what: columns from owners to what they own, rows ordered so that lines cross little. Pure. */

export interface GraphNode {
  id: string
  /** PARTY, ACCOUNT or LIABILITY, in any case. */
  subjectKind: string
}

export interface GraphEdge {
  fromId: string
  toId: string
  kind: string
}

export interface Placed<N> {
  node: N
  column: number
  row: number
}

const isParty = (node: GraphNode) => node.subjectKind.toUpperCase() === 'PARTY'
const isDebt = (node: GraphNode) => node.subjectKind.toUpperCase() === 'LIABILITY'

/** How many owners stand before a party, along the longest way; a cycle, which the books refuse, ends at the number of nodes. */
function depths(parties: readonly GraphNode[], owns: readonly GraphEdge[]): Map<string, number> {
  const depth = new Map(parties.map((party) => [party.id, 0]))
  for (let round = 0; round < parties.length; round++) {
    let moved = false
    for (const { fromId, toId } of owns) {
      const wanted = (depth.get(fromId) ?? 0) + 1
      if (wanted > (depth.get(toId) ?? 0) && wanted <= parties.length) {
        depth.set(toId, wanted)
        moved = true
      }
    }
    if (!moved) break
  }
  return depth
}

/** Columns left to right: people, what they own and what that owns, accounts, debts. Empty columns are closed up. */
export function layered<N extends GraphNode>(nodes: readonly N[], edges: readonly GraphEdge[]): Placed<N>[][] {
  const parties = nodes.filter(isParty)
  const known = new Set(parties.map((party) => party.id))
  const depth = depths(parties, edges.filter((edge) => edge.kind === 'OWNS' && known.has(edge.fromId) && known.has(edge.toId)))
  const deepest = Math.max(0, ...depth.values())
  const columnOf = (node: N) => (isParty(node) ? (depth.get(node.id) ?? 0) : deepest + (isDebt(node) ? 2 : 1))
  const columns: N[][] = []
  for (const node of nodes) (columns[columnOf(node)] ??= []).push(node)
  const placed: Placed<N>[][] = []
  const rowOf = new Map<string, number>()
  for (const column of columns.filter((each) => each?.length)) {
    const mean = (node: N) => {
      const rows = edges.flatMap(({ fromId, toId }) => {
        const other = toId === node.id ? fromId : fromId === node.id ? toId : null
        const row = other === null ? undefined : rowOf.get(other)
        return row === undefined ? [] : [row]
      })
      return rows.length === 0 ? Number.POSITIVE_INFINITY : rows.reduce((sum, row) => sum + row, 0) / rows.length
    }
    const ordered = column.map((node, at) => ({ node, at, mean: mean(node) })).toSorted((a, c) => (a.mean === c.mean ? a.at - c.at : a.mean - c.mean))
    placed.push(ordered.map(({ node }, row) => ({ node, column: placed.length, row })))
    ordered.forEach(({ node }, row) => rowOf.set(node.id, row))
  }
  return placed
}

/**
 * Where lines that pass a column run: below its lowest box, so that none goes through a box it has nothing to do with.
 * `row` is how many rows stand above, `place` counts the lines that share that height.
 */
export function lanes<N extends GraphNode, E extends GraphEdge>(columns: readonly Placed<N>[][], edges: readonly E[]): Map<E, { row: number; place: number }> {
  const columnOf = new Map(columns.flat().map(({ node, column }) => [node.id, column]))
  const taken = new Map<number, number>()
  const found = new Map<E, { row: number; place: number }>()
  for (const edge of edges) {
    const [from, to] = [columnOf.get(edge.fromId), columnOf.get(edge.toId)]
    if (from === undefined || to === undefined || Math.abs(from - to) < 2) continue
    const passed = columns.slice(Math.min(from, to) + 1, Math.max(from, to))
    const row = Math.max(...passed.map((column) => column.length))
    const place = taken.get(row) ?? 0
    taken.set(row, place + 1)
    found.set(edge, { row, place })
  }
  return found
}

/** Where an arrow key leads from a node: up and down in its column, left and right along a line, else to the nearest row. */
export function step<N extends GraphNode>(columns: readonly Placed<N>[][], edges: readonly GraphEdge[], from: string, key: string): string | null {
  const here = columns.flat().find(({ node }) => node.id === from)
  if (!here) return null
  const own = columns[here.column] ?? []
  switch (key) {
    case 'ArrowUp':
      return own[here.row - 1]?.node.id ?? null
    case 'ArrowDown':
      return own[here.row + 1]?.node.id ?? null
    case 'Home':
      return columns[0]?.[0]?.node.id ?? null
    case 'End':
      return columns.at(-1)?.at(-1)?.node.id ?? null
    case 'ArrowLeft':
    case 'ArrowRight': {
      const side = key === 'ArrowLeft' ? -1 : 1
      const linked = new Set(edges.flatMap(({ fromId, toId }) => (fromId === from ? [toId] : toId === from ? [fromId] : [])))
      for (let column = here.column + side; columns[column]; column += side) {
        const met = columns[column]?.find(({ node }) => linked.has(node.id))
        if (met) return met.node.id
      }
      const next = columns[here.column + side]
      return next?.[Math.min(here.row, next.length - 1)]?.node.id ?? null
    }
    default:
      return null
  }
}
