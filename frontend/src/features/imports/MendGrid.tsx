import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { cx } from '@/ui/cx'
import { moved, type GridCell } from '@/ui/grid/keyboard'
import { usePreferences } from '@/ui/preferences'
import { Status, type StatusKind } from '@/ui/Status'
import type { ImportDraftRowsQuery } from '@/generated/graphql'
import { w } from './draftWords'

export type MendRow = NonNullable<ImportDraftRowsQuery['importDraft']>['rows'][number]

export const SHAPES = { NEW: 'fact', CHANGED: 'attention', UNCHANGED: 'fine', REFUSED: 'breach', SKIPPED: 'cancelled' } as const satisfies Record<string, StatusKind>
const ROW_HEIGHT = 36
/** Line and verdict stand before the columns of the file. */
const FIRST_COLUMN = 2
/** What an amount column is called in any file: privacy mode hides these. */
const AMOUNTS = /amount|balance|value|price|cost|quantity|fees|close|accrued/

interface MendGridProps {
  label: string
  rows: readonly MendRow[]
  columns: readonly string[]
  canEdit: boolean
  /** The column to write to may hold an empty cell: nothing is the same as not given. */
  onEdit: (line: number, column: string, value: string) => void
  onSkip: (row: MendRow) => void
  onFocus: (row: MendRow, column: string | null) => void
  onEnd: (() => void) | undefined
  name: (column: string) => string
}

const cellOf = (row: MendRow, column: string) => row.cells.find((cell) => cell.column === column)?.value ?? ''

/** Rows of a file as they would be read. One tab stop; arrows move, Enter writes over a cell. */
export function MendGrid({ label, rows, columns, canEdit, onEdit, onSkip, onFocus, onEnd, name }: MendGridProps) {
  const root = useRef<HTMLDivElement>(null)
  const [cell, setCell] = useState<GridCell>({ row: 0, column: FIRST_COLUMN })
  const [editing, setEditing] = useState(false)
  const wanted = useRef(false)
  const { privacy } = usePreferences()
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => root.current,
    estimateSize: () => ROW_HEIGHT,
    initialRect: { width: 1000, height: 600 },
    overscan: 12,
    scrollPaddingStart: ROW_HEIGHT,
  })
  const items = virtualizer.getVirtualItems()
  const lastShown = items[items.length - 1]?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - 10) onEnd?.()
  }, [lastShown, rows.length, onEnd])
  const at = { row: Math.max(0, Math.min(cell.row, rows.length - 1)), column: Math.min(cell.column, columns.length + FIRST_COLUMN - 1) }

  useEffect(() => {
    if (!wanted.current) return
    wanted.current = false
    root.current?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"], [role="rowheader"][tabindex="0"]')?.focus()
  })
  const go = useCallback(
    (next: GridCell) => {
      const row = Math.max(0, next.row)
      setCell({ row, column: next.column })
      virtualizer.scrollToIndex(row, { align: 'auto' })
      wanted.current = true
    },
    [virtualizer],
  )
  const columnAt = (column: number) => columns[column - FIRST_COLUMN] ?? null
  const press = (event: KeyboardEvent) => {
    if (editing) return
    const row = rows[at.row]
    const next = moved(at, event, { rows: rows.length, columns: columns.length + FIRST_COLUMN, page: 12 })
    if (next) {
      event.preventDefault()
      go(next)
    } else if (canEdit && row && (event.key === 'Enter' || event.key === 'F2') && columnAt(at.column) !== null && row.skipReason === null) {
      event.preventDefault()
      setEditing(true)
    } else if (canEdit && row && event.key === 'Delete') {
      event.preventDefault()
      onSkip(row)
    }
  }
  const settle = (row: MendRow, column: string, value: string | null, step: 0 | 1) => {
    setEditing(false)
    if (value !== null && value !== cellOf(row, column)) onEdit(row.line, column, value)
    go({ row: at.row + step < rows.length ? at.row + step : at.row, column: at.column })
  }
  const template = `64px 120px ${columns.map(() => 'minmax(136px, 1fr)').join(' ')}`
  const width = 64 + 120 + columns.length * 136

  return (
    <div
      ref={root}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + FIRST_COLUMN}
      tabIndex={-1}
      onKeyDown={press}
      className="relative max-h-[60dvh] min-h-40 overflow-auto border-y border-line-strong"
    >
      <div style={{ minWidth: width }}>
        <div role="row" className="sticky top-0 z-10 grid h-9 items-center border-b border-line-strong bg-canvas text-12 font-medium text-text-2" style={{ gridTemplateColumns: template }}>
          <span role="columnheader" className="px-2">
            {w('line')}
          </span>
          <span role="columnheader" className="px-2">
            {w('verdict')}
          </span>
          {columns.map((column) => (
            <span key={column} role="columnheader" className="truncate px-2">
              {name(column)}
            </span>
          ))}
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index]
            if (!row) return null
            const focusedRow = index === at.row
            return (
              <div
                key={row.line}
                role="row"
                aria-rowindex={index + 2}
                className={cx('absolute inset-x-0 grid h-9 items-stretch border-b border-line', row.skipReason !== null && 'text-text-3 line-through', focusedRow && 'bg-hover')}
                style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
              >
                {[null, null, ...columns].map((column, place) => {
                  const problem = column === null ? undefined : row.problems.find((each) => each.column === column)
                  const before = column === null ? undefined : row.before.find((each) => each.column === column)
                  const value = column === null ? '' : cellOf(row, column)
                  const focused = focusedRow && place === at.column
                  const note = problem ? problem.message : before ? (before.value === '' ? w('wasEmpty') : w('was', { value: before.value })) : undefined
                  const masked = privacy && column !== null && AMOUNTS.test(column) && value !== ''
                  return (
                    // Keys are held by the grid, which owns the focus; the pointer is handled here.
                    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
                    <div
                      key={column ?? place}
                      role={place === 0 ? 'rowheader' : 'gridcell'}
                      aria-colindex={place + 1}
                      aria-invalid={problem ? true : undefined}
                      aria-readonly={column === null || !canEdit ? true : undefined}
                      tabIndex={focused && !editing ? 0 : -1}
                      title={note}
                      onFocus={() => onFocus(row, column)}
                      onClick={() => go({ row: index, column: place })}
                      onDoubleClick={() => {
                        if (!canEdit || column === null || row.skipReason !== null) return
                        setCell({ row: index, column: place })
                        setEditing(true)
                      }}
                      className={cx(
                        'flex min-w-0 items-center px-2 focus-visible:-outline-offset-2',
                        problem && 'bg-negative-soft shadow-[inset_2px_0_0_var(--negative)]',
                        !problem && before && 'bg-warning-soft',
                        column !== null && row.edited.includes(column) && 'font-medium',
                        place === 0 && 'text-text-3',
                      )}
                    >
                      {place === 0 ? (
                        row.line
                      ) : column === null ? (
                        row.verdict ? (
                          <Status is={SHAPES[row.verdict]}>{w(row.verdict)}</Status>
                        ) : (
                          <span className="text-12 text-text-3">{w('verdictNone')}</span>
                        )
                      ) : focused && editing ? (
                        <CellInput label={w('editCell', { column: name(column), line: row.line })} value={value} onDone={(typed, step) => settle(row, column, typed, step)} />
                      ) : (
                        <span className="truncate">{masked ? '•••' : value}</span>
                      )}
                      {problem ? <span className="sr-only">, {problem.message}</span> : null}
                    </div>
                  )
                })}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function CellInput({ label, value, onDone }: { label: string; value: string; onDone: (typed: string | null, step: 0 | 1) => void }) {
  const [typed, setTyped] = useState(value)
  const ended = useRef(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const end = (value: string | null, step: 0 | 1) => {
    if (ended.current) return
    ended.current = true
    onDone(value, step)
  }
  return (
    <input
      ref={input}
      aria-label={label}
      value={typed}
      maxLength={2000}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={() => end(typed, 0)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') end(typed, 1)
        if (event.key === 'Escape') end(null, 0)
        if (event.key === 'Tab') {
          event.preventDefault()
          end(typed, 0)
        }
      }}
      className="h-7 w-full rounded-control border border-accent bg-canvas px-1.5 text-14 text-text"
    />
  )
}
