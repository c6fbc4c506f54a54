import ChevronDown from 'lucide-react/icons/chevron-down'
import ChevronUp from 'lucide-react/icons/chevron-up'
import { CheckMark } from '../Checkbox'
import { cx } from '../cx'
import { Icon } from '../Icon'
import { words } from '../words'
import { CELL } from './GridRow'
import { EXPAND_COLUMN, SELECT_COLUMN, type GridColumn, type GridSort } from './types'

interface GridHeadProps<Row> {
  columns: readonly GridColumn<Row>[]
  sort: GridSort | null
  focusedColumn: number
  selection: 'off' | 'on' | 'mixed'
  onSort: (column: GridColumn<Row>) => void
  onToggleAll: () => void
  onPoint: (column: number) => void
}

export function GridHead<Row>({ columns, sort, focusedColumn, selection, onSort, onToggleAll, onPoint }: GridHeadProps<Row>) {
  return (
    <div role="row" aria-rowindex={1} className="grid-row h-9 border-b border-line-strong text-12 text-text-2">
      {columns.map((column, at) => {
        const sorted = sort?.column === column.id ? sort.direction : null
        const service = column.id === SELECT_COLUMN || column.id === EXPAND_COLUMN
        return (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={at + 1}
            aria-sort={column.sort ? (sorted === 'ASC' ? 'ascending' : sorted === 'DESC' ? 'descending' : 'none') : undefined}
            data-column={at}
            tabIndex={focusedColumn === at ? 0 : -1}
            onClick={() => {
              onPoint(at)
              if (column.id === SELECT_COLUMN) onToggleAll()
              else if (column.sort) onSort(column)
            }}
            className={cx(
              CELL,
              'gap-1 font-medium select-none',
              column.align === 'right' && 'justify-end text-right',
              (column.sort || column.id === SELECT_COLUMN) && 'cursor-pointer hover:text-text',
              sorted && 'text-text',
            )}
          >
            {column.id === SELECT_COLUMN ? (
              <span role="checkbox" aria-checked={selection === 'mixed' ? 'mixed' : selection === 'on'} aria-label={words('selectAll')} className="flex">
                <CheckMark state={selection} />
              </span>
            ) : (
              <span className={cx('truncate', (column.hideHeader || service) && 'sr-only')}>{column.id === EXPAND_COLUMN ? words('details') : column.header}</span>
            )}
            {sorted ? <Icon of={sorted === 'ASC' ? ChevronUp : ChevronDown} size={14} /> : null}
          </div>
        )
      })}
    </div>
  )
}
