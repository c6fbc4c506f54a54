/** A cell by row (-1 is the head) and column. */
export interface GridCell {
  row: number
  column: number
}

interface GridShape {
  rows: number
  columns: number
  /** Rows that fit in the view: what Page Up and Page Down move by. */
  page: number
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value))

/** Where a key of the ARIA grid pattern moves the focus; null when the key is not one of them. */
export function moved(from: GridCell, { key, ctrlKey, metaKey }: Key, shape: GridShape): GridCell | null {
  const edge = ctrlKey || metaKey
  const lastRow = shape.rows - 1
  const lastColumn = shape.columns - 1
  const to = (row: number, column: number): GridCell => ({ row: clamp(row, -1, lastRow), column: clamp(column, 0, lastColumn) })
  switch (key) {
    case 'ArrowUp':
      return edge ? to(0, from.column) : to(from.row - 1, from.column)
    case 'ArrowDown':
      return edge ? to(lastRow, from.column) : to(from.row + 1, from.column)
    case 'ArrowLeft':
      return edge ? to(from.row, 0) : to(from.row, from.column - 1)
    case 'ArrowRight':
      return edge ? to(from.row, lastColumn) : to(from.row, from.column + 1)
    case 'Home':
      return edge ? to(0, 0) : to(from.row, 0)
    case 'End':
      return edge ? to(lastRow, lastColumn) : to(from.row, lastColumn)
    case 'PageUp':
      return from.row < 0 ? from : to(Math.max(0, from.row - shape.page), from.column)
    case 'PageDown':
      return to(from.row + shape.page, from.column)
    default:
      return null
  }
}
