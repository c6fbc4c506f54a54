import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { DataGrid, type GridColumn, type GridSort } from './DataGrid'

interface Row {
  id: string
  name: string
  value: string
}

const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, at) => ({ id: `r${at}`, name: `Family ${at}`, value: String(at * 10) }))
const COLUMNS: GridColumn<Row>[] = [
  { id: 'name', header: 'Household', cell: (row) => row.name, width: '1fr', primary: true, sort: 'ASC' },
  { id: 'value', header: 'Assets', cell: (row) => row.value, width: 100, align: 'right', sort: 'DESC', total: '4,950' },
]

interface HarnessProps {
  count: number
  scroll?: 'self' | 'page'
  onSort?: (sort: GridSort) => void
  onPeek?: (row: Row) => void
  onOpen?: (row: Row) => void
  onEnd?: () => void
  onSelect?: (ids: string[]) => void
}

function Harness({ count, scroll = 'page', onSelect, ...rest }: HarnessProps) {
  const [rows] = useState(() => rowsOf(count))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  return (
    <DataGrid
      label="Households"
      rows={rows}
      rowId={(row) => row.id}
      rowName={(row) => row.name}
      columns={COLUMNS}
      scroll={scroll}
      sort={{ column: 'name', direction: 'ASC' }}
      selected={selected}
      onSelect={(next) => {
        setSelected(next)
        onSelect?.([...next])
      }}
      expanded={expanded}
      onExpand={setExpanded}
      renderExpanded={(row) => <p>Accounts of {row.name}</p>}
      totalLabel="All"
      empty={<p>No household</p>}
      {...rest}
    />
  )
}

const cellOf = (text: string): HTMLElement => {
  const cell = screen.getByText(text).closest('[role="gridcell"]')
  if (!(cell instanceof HTMLElement)) throw new Error(`no cell holds ${text}`)
  return cell
}

describe('DataGrid', () => {
  it('is one tab stop and moves by arrow keys', async () => {
    const user = userEvent.setup()
    render(<Harness count={5} />)
    await user.tab()
    expect(document.activeElement).toHaveAttribute('data-column', '0')
    await user.keyboard('{ArrowRight}{ArrowRight}')
    expect(document.activeElement).toHaveTextContent('Family 0')
    await user.keyboard('{ArrowDown}{ArrowDown}')
    expect(document.activeElement).toHaveTextContent('Family 2')
    await user.keyboard('{Control>}{End}{/Control}')
    expect(document.activeElement).toHaveTextContent('40')
    await user.tab()
    expect(screen.getByRole('grid')).not.toContainElement(document.activeElement as HTMLElement)
  })

  it('asks the server to sort, and turns the direction on the sorted column', async () => {
    const user = userEvent.setup()
    const onSort = vi.fn()
    render(<Harness count={3} onSort={onSort} />)
    const head = screen.getByRole('columnheader', { name: 'Assets' })
    expect(head).toHaveAttribute('aria-sort', 'none')
    expect(screen.getByRole('columnheader', { name: 'Household' })).toHaveAttribute('aria-sort', 'ascending')
    await user.click(head)
    expect(onSort).toHaveBeenLastCalledWith({ column: 'value', direction: 'DESC' })
    await user.click(screen.getByRole('columnheader', { name: 'Household' }))
    expect(onSort).toHaveBeenLastCalledWith({ column: 'name', direction: 'DESC' })
    await user.keyboard('{Enter}')
    expect(onSort).toHaveBeenCalledTimes(3)
  })

  it('selects by box, by range, all, and by keyboard', async () => {
    const user = userEvent.setup()
    const onSelect = vi.fn()
    render(<Harness count={6} onSelect={onSelect} />)
    await user.click(screen.getByRole('checkbox', { name: 'Select Family 1' }))
    expect(onSelect).toHaveBeenLastCalledWith(['r1'])
    await user.keyboard('{Shift>}')
    await user.click(screen.getByRole('checkbox', { name: 'Select Family 4' }))
    await user.keyboard('{/Shift}')
    expect(onSelect).toHaveBeenLastCalledWith(['r1', 'r2', 'r3', 'r4'])
    expect(screen.getByRole('checkbox', { name: 'Select all rows' })).toHaveAttribute('aria-checked', 'mixed')
    await user.click(screen.getByRole('checkbox', { name: 'Select all rows' }))
    expect(onSelect).toHaveBeenLastCalledWith(['r1', 'r2', 'r3', 'r4', 'r0', 'r5'].toSorted())
  })

  it('peeks by click, opens by Enter, expands by its own cell', async () => {
    const user = userEvent.setup()
    const onPeek = vi.fn()
    const onOpen = vi.fn()
    render(<Harness count={3} onPeek={onPeek} onOpen={onOpen} />)
    await user.click(cellOf('Family 1'))
    expect(onPeek).toHaveBeenCalledWith(expect.objectContaining({ id: 'r1' }))
    cellOf('Family 1').focus()
    await user.keyboard('{Enter}')
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ id: 'r1' }))
    await user.keyboard('{ArrowLeft}{Enter}')
    expect(screen.getByText('Accounts of Family 1')).toBeInTheDocument()
    expect(cellOf('Family 1').closest('[role="row"]')?.querySelector('[role="gridcell"][aria-expanded]')).toHaveAttribute('aria-expanded', 'true')
  })

  it('opens by a double click the row of its first click, whatever has come under the pointer since', async () => {
    const user = userEvent.setup()
    const onOpen = vi.fn()
    const onPeek = vi.fn()
    render(<Harness count={3} onOpen={onOpen} onPeek={onPeek} />)
    await user.pointer([
      { keys: '[MouseLeft]', target: cellOf('Family 1') },
      { keys: '[MouseLeft]', target: cellOf('Family 2') },
    ])
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: 'r1' }))
    expect(onPeek).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: 'r1' }))
  })

  it('draws only what is in view of 10,000 rows and says how many there are', () => {
    render(<Harness count={10_000} scroll="self" />)
    const grid = screen.getByRole('grid')
    expect(grid).toHaveAttribute('aria-rowcount', '10001')
    const drawn = within(grid).getAllByRole('row').length
    expect(drawn).toBeGreaterThan(20)
    expect(drawn).toBeLessThan(80)
  })

  it('asks for more near the end', async () => {
    const onEnd = vi.fn()
    render(<Harness count={15} scroll="self" onEnd={onEnd} />)
    await waitFor(() => expect(onEnd).toHaveBeenCalled())
  })

  it('shows the total under the rows and the empty state without them', () => {
    const { unmount } = render(<Harness count={2} />)
    expect(screen.getByText('4,950')).toBeInTheDocument()
    unmount()
    render(<Harness count={0} />)
    expect(screen.getByText('No household')).toBeInTheDocument()
    expect(screen.queryByText('4,950')).not.toBeInTheDocument()
  })
})
