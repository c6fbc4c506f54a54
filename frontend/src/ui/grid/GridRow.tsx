import ChevronDown from 'lucide-react/icons/chevron-down'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { memo, type ReactNode } from 'react'
import { CheckMark } from '../Checkbox'
import { cx } from '../cx'
import { Icon } from '../Icon'
import { words } from '../words'
import { EXPAND_COLUMN, SELECT_COLUMN, type GridColumn } from './types'

export const CELL = 'flex min-w-0 items-center focus-visible:-outline-offset-2'

interface GridRowProps<Row> {
  row: Row
  index: number
  name: string
  columns: readonly GridColumn<Row>[]
  /** The column that holds the focus of the grid, or -1. */
  focusedColumn: number
  selected: boolean | null
  current: boolean
  expanded: boolean | null
  onToggleSelect: (index: number, range: boolean) => void
  onToggleExpand: (index: number) => void
  onPress: (index: number, column: number) => void
}

/** One row of the grid; redrawn only when its own facts change. */
function GridRowOf<Row>(props: GridRowProps<Row>) {
  const { row, index, columns, selected, current, expanded, onPress } = props
  const raised = selected === true || current || expanded === true
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected ?? undefined}
      aria-current={current || undefined}
      data-row={index}
      className={cx('grid-row relative -mx-3 h-(--row) px-3 after:absolute after:inset-x-3 after:bottom-0 after:h-px after:bg-line', raised ? 'bg-accent-soft' : 'hover:bg-hover')}
    >
      {columns.map((column, at) => (
        // Keys are held by the grid, which owns the focus; the pointer is handled here.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 1}
          aria-expanded={column.id === EXPAND_COLUMN ? (expanded ?? undefined) : undefined}
          data-column={at}
          tabIndex={props.focusedColumn === at ? 0 : -1}
          onClick={(event) => {
            if (column.id === SELECT_COLUMN) props.onToggleSelect(index, event.shiftKey)
            else if (column.id === EXPAND_COLUMN) props.onToggleExpand(index)
            else onPress(index, at)
          }}
          className={cx(
            CELL,
            column.align === 'right' && 'justify-end text-right',
            column.primary && 'font-medium',
            column.secondary && 'text-text-2',
            (column.id === SELECT_COLUMN || column.id === EXPAND_COLUMN) && 'cursor-pointer',
          )}
        >
          <CellContent {...props} row={row} column={column} />
        </div>
      ))}
    </div>
  )
}

function CellContent<Row>({ row, column, selected, expanded, name }: GridRowProps<Row> & { column: GridColumn<Row> }): ReactNode {
  if (column.id === SELECT_COLUMN) {
    return (
      <span role="checkbox" aria-checked={selected === true} aria-label={words('selectRow', { name })} className="flex">
        <CheckMark state={selected ? 'on' : 'off'} />
      </span>
    )
  }
  if (column.id === EXPAND_COLUMN) {
    if (expanded === null) return null
    return <Icon of={expanded ? ChevronDown : ChevronRight} label={words(expanded ? 'collapseRow' : 'expandRow', { name })} />
  }
  const content = column.cell(row)
  return <span className="min-w-0 truncate">{content}</span>
}

export const GridRow = memo(GridRowOf) as typeof GridRowOf
