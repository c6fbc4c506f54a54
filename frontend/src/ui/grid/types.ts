import type { ReactNode } from 'react'

export type SortDirection = 'ASC' | 'DESC'

export interface GridSort {
  column: string
  direction: SortDirection
}

export interface GridColumn<Row> {
  id: string
  /** The words in the head; also the accessible name when the head shows nothing. */
  header: string
  hideHeader?: boolean
  cell: (row: Row) => ReactNode
  /** What Ctrl+C copies; the shown text when absent. */
  copy?: (row: Row) => string
  align?: 'left' | 'right'
  /** Pixels, or a share of the free width. */
  width: number | `${number}fr`
  minWidth?: number
  /** The first text column, weight 500. */
  primary?: boolean
  /** Steps back to text-2. */
  secondary?: boolean
  /** Sorted by the server; the first click sorts in this direction. */
  sort?: SortDirection
  /** Shown only when the grid is at least this wide, in pixels. */
  from?: number
  total?: ReactNode
}

export interface DataGridProps<Row> {
  /** Spoken name of the grid. */
  label: string
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** Names the row for its checkbox and its expander. */
  rowName: (row: Row) => string
  columns: readonly GridColumn<Row>[]
  /** All rows there are, when more than are loaded. */
  totalRows?: number | undefined
  sort?: GridSort | null
  onSort?: (sort: GridSort) => void
  selected?: ReadonlySet<string>
  onSelect?: (selected: ReadonlySet<string>) => void
  /** The row whose peek is open. */
  current?: string | null
  /** Click or Space: peek. */
  onPeek?: (row: Row) => void
  /** Enter or double click: open its page. */
  onOpen?: (row: Row) => void
  expanded?: ReadonlySet<string>
  onExpand?: (expanded: ReadonlySet<string>) => void
  renderExpanded?: (row: Row) => ReactNode
  /** Rows with nothing to open carry no expander. */
  canExpand?: (row: Row) => boolean
  /** Called when the end of the loaded rows comes near. */
  onEnd?: (() => void) | undefined
  loadingMore?: boolean
  /** self: fills its box and scrolls, virtual. page: all rows, the page scrolls. */
  scroll?: 'self' | 'page'
  totalLabel?: ReactNode
  /** Shown in place of rows when there are none. */
  empty?: ReactNode
  /** The bar that floats over the foot while rows are selected. */
  selectionBar?: ReactNode
  className?: string
}

export const SELECT_COLUMN = '__select'
export const EXPAND_COLUMN = '__expand'
