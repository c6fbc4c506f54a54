import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { compare } from '@/domain/decimal'
import { lanes, layered, step } from '@/domain/graph'
import { formatPercent } from '@/domain/format'
import type { HouseholdOwnershipQuery } from '@/generated/graphql'
import { codeName } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { partyWord } from '@/ui/party/words'
import { b } from './balanceWords'

type Graph = NonNullable<HouseholdOwnershipQuery['household']>['ownershipGraph']
type Node = Graph['nodes'][number]
type Edge = Graph['edges'][number]

interface OwnershipProps {
  nodes: readonly Node[]
  edges: readonly Edge[]
  search: { asOf?: string }
}

const BOX = { width: 188, height: 48, right: 84, below: 16 }
/** Lines that pass a column run below its boxes, this far apart. */
const LANE = 8
const PATHS = { PARTY: '/parties/$id', ACCOUNT: '/accounts/$id' } as const

const subjectKind = (node: Node) => node.subject.kind.toUpperCase()
const pathOf = (node: Node) => PATHS[subjectKind(node) as keyof typeof PATHS] as (typeof PATHS)[keyof typeof PATHS] | undefined

function kindWords(node: Node): string {
  if (node.role && node.role !== 'ENTITY') return partyWord('member', node.role)
  switch (subjectKind(node)) {
    case 'PARTY':
      return partyWord('kind', node.kind)
    case 'LIABILITY':
      return partyWord('debt', node.kind)
    default:
      return codeName(node.kind)
  }
}

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** The drawing: columns from owners to what they own, one stop of the Tab key, walked by arrows. */
export function OwnershipDrawing({ label, nodes, edges, search }: OwnershipProps & { label: string }) {
  const { locale } = useEnvironment()
  const navigate = useNavigate()
  const root = useRef<SVGSVGElement>(null)
  const columns = useMemo(() => layered(nodes.map((node) => ({ id: node.subject.id, subjectKind: node.subject.kind, of: node })), edges), [nodes, edges])
  const placed = useMemo(() => new Map(columns.flat().map((each) => [each.node.id, each])), [columns])
  const [focused, setFocused] = useState<string | null>(null)
  const current = focused !== null && placed.has(focused) ? focused : (columns[0]?.[0]?.node.id ?? null)
  const tallest = Math.max(...columns.map((column) => column.length))
  const width = columns.length * (BOX.width + BOX.right) - BOX.right + 2
  const lane = useMemo(() => lanes(columns, edges), [columns, edges])
  const laneAt = (edge: Edge) => {
    const found = lane.get(edge)
    return found ? 1 + found.row * (BOX.height + BOX.below) - BOX.below + LANE * (found.place + 1) : null
  }
  const height = Math.max(tallest * (BOX.height + BOX.below) - BOX.below + 2, ...edges.map((edge) => (laneAt(edge) ?? 0) + LANE))
  // The shares at one box stand one below the other, in the order of their owners.
  const labelled = edges.filter((edge) => edge.share && compare(edge.share, '1') !== 0)
  const rank = (edge: Edge) =>
    labelled
      .filter((each) => each.toId === edge.toId)
      .toSorted((one, other) => (placed.get(one.fromId)?.row ?? 0) - (placed.get(other.fromId)?.row ?? 0))
      .indexOf(edge)
  const at = (id: string) => {
    const spot = placed.get(id)
    return spot ? { x: 1 + spot.column * (BOX.width + BOX.right), y: 1 + spot.row * (BOX.height + BOX.below), column: spot.column } : null
  }
  const open = (node: Node) => {
    const to = pathOf(node)
    if (to) void navigate({ to, params: { id: node.subject.id }, search })
  }
  const onKeyDown = (event: KeyboardEvent, node: Node) => {
    if (event.key === 'Enter') return open(node)
    const next = step(columns, edges, node.subject.id, event.key)
    if (next === null) return
    event.preventDefault()
    setFocused(next)
    root.current?.querySelector<SVGElement>(`[data-node="${CSS.escape(next)}"]`)?.focus()
  }
  const nameOf = (id: string) => placed.get(id)?.node.of.subject.label ?? ''
  const heard = (node: Node) => {
    const links = edges
      .filter((edge) => edge.fromId === node.subject.id)
      .map((edge) => `${partyWord('edge', edge.kind)} ${edge.share ? `${formatPercent(locale, edge.share, 0, 'never')} ` : ''}${nameOf(edge.toId)}`)
    return b('nodeHeard', { name: node.subject.label, kind: kindWords(node), links: links.join(', ') })
  }

  return (
    <div className="overflow-auto py-3">
      <svg ref={root} role="group" aria-label={label} width={width} height={height} className="block">
        <g aria-hidden="true">
          {edges.map((edge) => (
            <EdgeLine key={`${edge.fromId} ${edge.toId} ${edge.kind}`} edge={edge} from={at(edge.fromId)} to={at(edge.toId)} lane={laneAt(edge)} rank={rank(edge)} lit={edge.fromId === focused || edge.toId === focused} />
          ))}
        </g>
        {columns.flat().map(({ node: { id, of } }) => {
          const spot = at(id)
          return (
            <g key={id} transform={`translate(${spot?.x ?? 0} ${spot?.y ?? 0})`}>
              <rect
                data-node={id}
                role={pathOf(of) ? 'link' : 'img'}
                aria-label={heard(of)}
                tabIndex={id === current ? 0 : -1}
                onFocus={() => setFocused(id)}
                onBlur={() => setFocused(null)}
                onClick={() => open(of)}
                onKeyDown={(event) => onKeyDown(event, of)}
                width={BOX.width}
                height={BOX.height}
                rx="6"
                strokeWidth={id === focused ? 2 : 1}
                strokeDasharray={subjectKind(of) === 'LIABILITY' ? '4 3' : undefined}
                className={`outline-none ${pathOf(of) ? 'cursor-pointer' : ''} ${subjectKind(of) === 'PARTY' ? 'fill-accent-soft' : 'fill-canvas'} ${id === focused ? 'stroke-accent' : 'stroke-control hover:stroke-accent'}`}
              >
                <title>{of.subject.label}</title>
              </rect>
              {/* What is drawn may be cut short; the name that is heard holds all of it. */}
              <g aria-hidden="true" className="pointer-events-none">
                <text x="10" y="20" className="fill-text text-14 font-medium">
                  {shortened(of.subject.label, 23)}
                </text>
                <text x="10" y="38" className="fill-text-2 text-12">
                  {shortened(kindWords(of), 26)}
                </text>
              </g>
            </g>
          )
        })}
      </svg>
    </div>
  )
}

interface Spot {
  x: number
  y: number
  column: number
}

interface EdgeLineProps {
  edge: Edge
  from: Spot | null
  to: Spot | null
  /** How far down the line passes the columns between; null when there are none. */
  lane: number | null
  /** The place of its share among those at the same box; -1 when none is drawn. */
  rank: number
  lit: boolean
}

/** A line from owner to owned with its share; people of one column who are related are joined by a curve at their right. */
function EdgeLine({ edge, from, to, lane, rank, lit }: EdgeLineProps) {
  const { locale } = useEnvironment()
  if (!from || !to) return null
  const middle = BOX.height / 2
  const [left, right] = from.column <= to.column ? [from, to] : [to, from]
  const same = left.column === right.column
  const start = { x: left.x + BOX.width, y: left.y + middle }
  const end = { x: same ? right.x + BOX.width : right.x, y: right.y + middle }
  const bend = same ? 28 : BOX.right / 2
  const turn = (a: { x: number; y: number }, z: { x: number; y: number }) => `C${a.x + bend} ${a.y} ${same ? z.x + bend : z.x - bend} ${z.y} ${z.x} ${z.y}`
  // Straight through a box would read as if what stands in it owned the end of the line.
  const down = lane === null ? null : { x: start.x + BOX.right, y: lane }
  const up = lane === null ? null : { x: end.x - BOX.right, y: lane }
  const path = `M${start.x} ${start.y}${down && up ? `${turn(start, down)}H${up.x}${turn(up, end)}` : turn(start, end)}`
  return (
    <>
      <path d={path} fill="none" strokeWidth={lit ? 2 : 1} strokeDasharray={edge.kind === 'OWNS' || edge.share ? undefined : '2 3'} className={lit ? 'stroke-accent' : 'stroke-control'} />
      {edge.share && !same && rank >= 0 ? (
        <text x={end.x - 6} y={end.y + (rank === 0 ? -5 : rank * 14)} textAnchor="end" strokeWidth="3" paintOrder="stroke" className="fill-text-2 stroke-canvas text-12">
          {formatPercent(locale, edge.share, 0, 'never')}
        </text>
      ) : null}
    </>
  )
}

/** The same, line by line. */
export function OwnershipTable({ nodes, edges, search }: OwnershipProps) {
  const byId = new Map(nodes.map((node) => [node.subject.id, node]))
  const cell = (id: string) => {
    const node = byId.get(id)
    if (!node) return null
    const to = pathOf(node)
    return to ? (
      <Link to={to} params={{ id }} search={search} className="hover:underline">
        {node.subject.label}
      </Link>
    ) : (
      node.subject.label
    )
  }
  return (
    <table className="w-full border-collapse text-14">
      <thead className="text-12 text-text-2">
        <tr className="border-b border-line-strong text-left">
          <th scope="col" className="h-9 pr-3 font-medium">
            {b('from')}
          </th>
          <th scope="col" className="h-9 pr-3 font-medium">
            {b('relation')}
          </th>
          <th scope="col" className="h-9 pr-3 font-medium">
            {b('to')}
          </th>
          <th scope="col" className="h-9 text-right font-medium">
            {b('owned')}
          </th>
        </tr>
      </thead>
      <tbody>
        {edges.map((edge) => (
          <tr key={`${edge.fromId} ${edge.toId} ${edge.kind}`} className="border-b border-line">
            <th scope="row" className="h-9 pr-3 text-left font-medium">
              {cell(edge.fromId)}
            </th>
            <td className="pr-3 text-text-2">{partyWord('edge', edge.kind)}</td>
            <td className="pr-3">{cell(edge.toId)}</td>
            <td className="text-right">{edge.share ? <Figure kind="percent" value={edge.share} digits={2} /> : null}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
