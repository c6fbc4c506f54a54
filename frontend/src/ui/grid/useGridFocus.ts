import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import type { GridCell } from './keyboard'

/**
 * One tab stop for the whole grid. The focused cell is state; after a move the row is brought into view, which a virtual
 * grid needs before the cell exists, and then takes the focus.
 */
export function useGridFocus(root: RefObject<HTMLElement | null>, bringIntoView: (row: number) => void) {
  const [cell, setCell] = useState<GridCell>({ row: 0, column: 0 })
  const pending = useRef(false)

  const focusCell = useCallback(
    (next: GridCell) => {
      pending.current = true
      if (next.row >= 0) bringIntoView(next.row)
      setCell(next)
    },
    [bringIntoView],
  )

  useEffect(() => {
    if (!pending.current) return
    let attempts = 0
    let frame = 0
    const take = () => {
      const scope = cell.row < 0 ? '[role="columnheader"]' : `[data-row="${cell.row}"] [role="gridcell"]`
      const target = root.current?.querySelector<HTMLElement>(`${scope}[data-column="${cell.column}"]`)
      if (target) {
        pending.current = false
        target.focus({ preventScroll: cell.row >= 0 })
        target.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      } else if (attempts++ < 10) frame = requestAnimationFrame(take)
      else pending.current = false
    }
    take()
    return () => cancelAnimationFrame(frame)
  }, [cell, root])

  return { cell, setCell, focusCell }
}
