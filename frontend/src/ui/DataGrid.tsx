import { columnVisibilityFeature, rowSelectionFeature, tableFeatures, useTable, type RowData } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { cx } from './cx'
import { DenseFigures } from './Figure'
import { GridHead } from './grid/GridHead'
import { GridRow } from './grid/GridRow'
import { moved } from './grid/keyboard'
import { onSecondClick } from './grid/secondClick'
import { EXPAND_COLUMN, SELECT_COLUMN, type DataGridProps, type GridColumn } from './grid/types'
import { useGridFocus } from './grid/useGridFocus'
import { words } from './words'

export type { DataGridProps, GridColumn, GridSort, SortDirection } from './grid/types'
export { SelectionBar } from './grid/SelectionBar'

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature })
const ROW_HEIGHT = 36
const SELECTION_BAR_HEIGHT = 72
const NONE: ReadonlySet<string> = new Set()
/** A selected row bleeds 12 px past the text edge; what stands over it must cover that too. */
const BLEED = 'shadow-[-12px_0_0_0_var(--canvas),12px_0_0_0_var(--canvas)]'

/** The grid's own width, so that columns may step aside on a narrow one. */
function useWidth(root: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY)
  useLayoutEffect(() => {
    const element = root.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth || Number.POSITIVE_INFINITY)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [root])
  return width
}

function useColumns<Row>(props: DataGridProps<Row>, width: number): GridColumn<Row>[] {
  const { columns, onSelect, renderExpanded } = props
  return useMemo(() => {
    const service = (id: string): GridColumn<Row> => ({ id, header: '', cell: () => null, width: 20 })
    return [
      ...(onSelect ? [service(SELECT_COLUMN)] : []),
      ...(renderExpanded ? [service(EXPAND_COLUMN)] : []),
      ...columns.filter((column) => column.from === undefined || width >= column.from),
    ]
  }, [columns, onSelect, renderExpanded, width])
}

function template<Row>(columns: readonly GridColumn<Row>[]): string {
  return columns
    .map(({ width, minWidth }) => (typeof width === 'number' ? `${width}px` : `minmax(${minWidth ?? 96}px, ${width})`))
    .join(' ')
}

/** Rows, columns and selection as TanStack Table keeps them; order and filter are the server's. */
function useRows<Row>({ rows, rowId, selected }: DataGridProps<Row>, columns: readonly GridColumn<Row>[]) {
  const definitions = useMemo(() => columns.map((column) => ({ id: column.id, header: column.header })), [columns])
  const rowSelection = useMemo(() => Object.fromEntries([...(selected ?? NONE)].map((id) => [id, true as const])), [selected])
  const table = useTable({
    features,
    columns: definitions,
    data: rows as unknown as RowData[],
    getRowId: rowId as (row: RowData) => string,
    state: { rowSelection },
  })
  return table.getRowModel().rows
}

/** A grid after the ARIA grid pattern: 10,000 rows, one tab stop, sort and filter on the server. */
export function DataGrid<Row extends object>(props: DataGridProps<Row>) {
  const { label, rowName, sort = null, onSort, selected = NONE, onSelect, expanded = NONE, onExpand, renderExpanded, scroll = 'self' } = props
  const root = useRef<HTMLDivElement>(null)
  const width = useWidth(root)
  const columns = useColumns(props, width)
  const rows = useRows(props, columns)
  const virtual = scroll === 'self'
  // What floats over the foot must never hide the focused row.
  const footHeight = (props.totalLabel === undefined ? 0 : ROW_HEIGHT) + (props.selectionBar ? SELECTION_BAR_HEIGHT : 0)
  const virtualizer = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => root.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    initialRect: { width: 1000, height: 800 },
    overscan: 12,
    scrollPaddingStart: ROW_HEIGHT,
    scrollPaddingEnd: footHeight,
  })
  const bringIntoView = useCallback(
    (row: number) => {
      if (virtual) virtualizer.scrollToIndex(row, { align: 'auto' })
    },
    [virtual, virtualizer],
  )
  const { cell, setCell, focusCell } = useGridFocus(root, bringIntoView)
  const focused = { row: Math.min(cell.row, rows.length - 1), column: Math.min(cell.column, columns.length - 1) }
  const anchor = useRef<number | null>(null)

  // The row whose peek is open is in sight, whether it came from the address or by moving through the list.
  const { current } = props
  const currentAt = current ? rows.findIndex((row) => row.id === current) : -1
  useEffect(() => {
    if (currentAt >= 0) bringIntoView(currentAt)
  }, [currentAt, bringIntoView])

  // Handlers stay the same for the life of the grid so that an unchanged row is not drawn again.
  const latest = useRef({ rows, props })
  useLayoutEffect(() => {
    latest.current = { rows, props }
  })
  const toggleSelect = useCallback((index: number, range: boolean) => {
    const { rows, props } = latest.current
    const id = rows[index]?.id
    if (id === undefined || !props.onSelect) return
    const next = new Set(props.selected ?? NONE)
    const on = !next.has(id)
    const start = range && anchor.current !== null ? anchor.current : index
    for (let at = Math.min(start, index); at <= Math.max(start, index); at++) {
      const each = rows[at]?.id
      if (each === undefined) continue
      if (on) next.add(each)
      else next.delete(each)
    }
    anchor.current = index
    props.onSelect(next)
  }, [])
  const toggleExpand = useCallback((index: number) => {
    const { rows, props } = latest.current
    const id = rows[index]?.id
    if (id === undefined || !props.onExpand || props.canExpand?.(rows[index]?.original as Row) === false) return
    const next = new Set(props.expanded ?? NONE)
    if (!next.delete(id)) next.add(id)
    props.onExpand(next)
  }, [])
  const press = useCallback(
    (index: number, column: number) => {
      const { rows, props } = latest.current
      setCell({ row: index, column })
      const row = rows[index]?.original
      if (row) props.onPeek?.(row as Row)
      if (row && props.onOpen) onSecondClick(() => latest.current.props.onOpen?.(row as Row))
    },
    [setCell],
  )
  const open = useCallback((index: number) => {
    const { rows, props } = latest.current
    const row = rows[index]?.original
    if (row) props.onOpen?.(row as Row)
  }, [])

  const selection = selected.size === 0 ? 'off' : rows.length > 0 && rows.every((row) => selected.has(row.id)) ? 'on' : 'mixed'
  const toggleAll = () => onSelect?.(selection === 'on' ? NONE : new Set(rows.map((row) => row.id)))
  const sortBy = (column: GridColumn<Row>) => {
    if (!column.sort) return
    const again = sort?.column === column.id
    onSort?.({ column: column.id, direction: again ? (sort.direction === 'ASC' ? 'DESC' : 'ASC') : column.sort })
  }

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement
    const inCell = target.closest('[role="gridcell"],[role="columnheader"]')
    if (!inCell) return
    if (target !== inCell) {
      if (event.key === 'Escape') {
        event.preventDefault()
        focusCell(focused)
      }
      return
    }
    const page = Math.max(1, Math.floor((root.current?.clientHeight ?? 400) / ROW_HEIGHT) - 2)
    const next = moved(focused, event, { rows: rows.length, columns: columns.length, page })
    if (next) {
      event.preventDefault()
      focusCell(next)
      return
    }
    if (gridAction(event, inCell)) event.preventDefault()
  }

  const gridAction = (event: KeyboardEvent, inCell: Element): boolean => {
    const column = columns[focused.column]
    const command = event.ctrlKey || event.metaKey
    if (command && event.key.toLowerCase() === 'a' && onSelect) return (toggleAll(), true)
    if (command && event.key.toLowerCase() === 'c') return copyCell(column, inCell)
    if (event.key === 'F2') {
      const inner = inCell.querySelector<HTMLElement>('button,a[href],input')
      inner?.focus()
      return inner !== null
    }
    if (event.key !== 'Enter' && event.key !== ' ') return false
    if (focused.row < 0) {
      if (column?.id === SELECT_COLUMN) toggleAll()
      else if (column) sortBy(column)
      return true
    }
    if (column?.id === EXPAND_COLUMN) toggleExpand(focused.row)
    else if (column?.id === SELECT_COLUMN) toggleSelect(focused.row, event.shiftKey)
    else if (event.key === 'Enter') open(focused.row)
    else if (event.shiftKey && onSelect) toggleSelect(focused.row, false)
    else press(focused.row, focused.column)
    return true
  }

  const copyCell = (column: GridColumn<Row> | undefined, inCell: Element): boolean => {
    if (!column || focused.row < 0 || window.getSelection()?.toString()) return false
    const row = rows[focused.row]?.original as Row | undefined
    void navigator.clipboard.writeText(row && column.copy ? column.copy(row) : (inCell.textContent ?? ''))
    return true
  }

  const items = virtual ? virtualizer.getVirtualItems() : []
  const lastShown = items[items.length - 1]?.index ?? -1
  const { onEnd } = props
  useEffect(() => {
    if (virtual && lastShown >= 0 && lastShown >= rows.length - 20) onEnd?.()
  }, [virtual, lastShown, rows.length, onEnd])

  const drawn = (index: number): ReactNode => {
    const row = rows[index]
    if (!row) return null
    const id = row.id
    const original = row.original as Row
    const isExpanded = renderExpanded ? expanded.has(id) : null
    return (
      <>
        <GridRow
          row={original}
          index={index}
          name={rowName(original)}
          columns={columns}
          focusedColumn={focused.row === index ? focused.column : -1}
          selected={onSelect ? selected.has(id) : null}
          current={props.current === id}
          expanded={onExpand && props.canExpand?.(original) !== false ? isExpanded : null}
          onToggleSelect={toggleSelect}
          onToggleExpand={toggleExpand}
          onPress={press}
        />
        {isExpanded && renderExpanded ? (
          <div role="row" className="-mx-3 bg-rail px-3">
            <div role="gridcell" aria-colspan={columns.length} className="py-2">
              {renderExpanded(original)}
            </div>
          </div>
        ) : null}
      </>
    )
  }

  return (
    <div className={cx('relative flex min-h-0 w-full min-w-0 flex-col [contain:inline-size]', virtual && 'flex-1', props.className)}>
      <div
        ref={root}
        role="grid"
        aria-label={label}
        aria-rowcount={(props.totalRows ?? rows.length) + 1}
        aria-colcount={columns.length}
        aria-multiselectable={onSelect ? true : undefined}
        onKeyDown={onKeyDown}
        className={cx('-mx-3 px-3', virtual ? 'min-h-0 flex-1 overflow-auto' : 'overflow-x-auto')}
        style={{ ['--grid-columns' as string]: template(columns), scrollPaddingTop: ROW_HEIGHT, scrollPaddingBottom: footHeight }}
      >
        <div role="rowgroup" className={cx('sticky top-0 z-10 w-fit min-w-full bg-canvas', BLEED)}>
          <GridHead
            columns={columns}
            sort={sort}
            focusedColumn={focused.row < 0 || rows.length === 0 ? focused.column : -1}
            selection={selection}
            onSort={sortBy}
            onToggleAll={toggleAll}
            onPoint={(column) => setCell({ row: -1, column })}
          />
        </div>
        <DenseFigures>
          {rows.length === 0 ? (
            <div role="rowgroup">
              <div role="row">
                <div role="gridcell" aria-colspan={columns.length}>
                  {props.empty}
                </div>
              </div>
            </div>
          ) : virtual ? (
            <div role="rowgroup" className="relative w-fit min-w-full" style={{ height: virtualizer.getTotalSize() }}>
              {items.map((item) => (
                <div
                  key={item.key}
                  role="presentation"
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  className="absolute top-0 left-0 w-full"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {drawn(item.index)}
                </div>
              ))}
            </div>
          ) : (
            <div role="rowgroup" className="w-fit min-w-full">
              {rows.map((row, index) => (
                <div key={row.id} role="presentation">
                  {drawn(index)}
                </div>
              ))}
            </div>
          )}
        </DenseFigures>
        {props.totalLabel === undefined || rows.length === 0 ? null : <TotalRow columns={columns} label={props.totalLabel} index={(props.totalRows ?? rows.length) + 2} />}
      </div>
      {props.loadingMore ? (
        <p role="status" className="appear-late py-2 text-12 text-text-3">
          {words('loadingMore')}
        </p>
      ) : null}
      {props.selectionBar ? <div className={cx('pointer-events-none absolute inset-x-0 z-20 flex justify-center *:pointer-events-auto', props.totalLabel === undefined ? 'bottom-4' : 'bottom-12')}>{props.selectionBar}</div> : null}
    </div>
  )
}

function TotalRow<Row>({ columns, label, index }: { columns: readonly GridColumn<Row>[]; label: ReactNode; index: number }) {
  const first = columns.findIndex((column) => column.id !== SELECT_COLUMN && column.id !== EXPAND_COLUMN)
  return (
    <div role="rowgroup" className={cx('sticky bottom-0 z-10 w-fit min-w-full bg-canvas', BLEED)}>
      <div role="row" aria-rowindex={index} className="grid-row h-(--row) border-t border-line-strong font-semibold">
        {columns.map((column, at) => (
          <div key={column.id} role="gridcell" aria-colindex={at + 1} className={cx('flex min-w-0 items-center whitespace-nowrap', column.align === 'right' && 'justify-end text-right')}>
            {at === first ? label : column.total}
          </div>
        ))}
      </div>
    </div>
  )
}
