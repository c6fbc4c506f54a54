import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { fileDrafts, filesInput } from './MapStage'
import { MendGrid, type MendRow } from './MendGrid'

const cell = (column: string, value: string) => ({ __typename: 'DraftCell' as const, column, value })
const row = (line: number, name: string, over: Partial<MendRow> = {}): MendRow => ({
  __typename: 'DraftRow',
  line,
  verdict: 'NEW',
  edited: [],
  skipReason: null,
  cells: [cell('external_id', `H${line}`), cell('name', name)],
  before: [],
  problems: [],
  ...over,
})
const ROWS = [
  row(2, 'Whitfield'),
  row(3, '', { verdict: 'REFUSED', problems: [{ __typename: 'DraftProblem', column: 'name', value: '', expectation: 'expected a name', message: 'line 3, name "": expected a name' }] }),
  row(4, 'Castellano', { verdict: 'CHANGED', before: [cell('name', 'Castelano')] }),
]

function grid(canEdit = true) {
  const onEdit = vi.fn<(line: number, column: string, value: string) => void>()
  const onSkip = vi.fn<(row: MendRow) => void>()
  render(
    <MendGrid label="Rows" rows={ROWS} columns={['external_id', 'name']} canEdit={canEdit} onEdit={onEdit} onSkip={onSkip} onFocus={() => {}} onEnd={undefined} name={(column) => column} />,
  )
  return { user: userEvent.setup(), onEdit, onSkip, faulty: () => screen.getByRole('gridcell', { name: /expected a name/ }) }
}

describe('the grid in which rows are mended', () => {
  it('says at the cell what was expected, and what the books say of a changed one', () => {
    const { faulty } = grid()
    expect(faulty()).toHaveAttribute('aria-invalid', 'true')
    expect(screen.getByText('Castellano').closest('[role="gridcell"]')).toHaveAttribute('title', 'The books say “Castelano”.')
  })

  it('writes over a cell by keyboard, goes on to the next row, and leaves a cell as it was on Escape', async () => {
    const { user, onEdit, faulty } = grid()
    await user.click(faulty())
    await user.keyboard('{Enter}')
    expect(screen.getByRole('textbox', { name: 'name, line 3' })).toHaveFocus()
    await user.keyboard('Newcomer{Enter}')
    expect(onEdit.mock.calls).toEqual([[3, 'name', 'Newcomer']])
    expect(screen.getByText('Castellano').closest('[role="gridcell"]')).toHaveFocus()
    await user.keyboard('{F2}x{Escape}{ArrowUp}{ArrowUp}')
    expect(onEdit).toHaveBeenCalledTimes(1)
    expect(screen.getByText('Whitfield').closest('[role="gridcell"]')).toHaveFocus()
    await user.keyboard('{Home}')
    expect(screen.getByRole('rowheader', { name: '2' })).toHaveFocus()
  })

  it('leaves a row out with Delete', async () => {
    const { user, onSkip, faulty } = grid()
    await user.click(faulty())
    await user.keyboard('{Delete}')
    expect(onSkip.mock.calls.map(([each]) => each.line)).toEqual([3])
  })

  it('writes nothing where nothing may be written', async () => {
    const { user, onEdit, onSkip, faulty } = grid(false)
    await user.click(faulty())
    await user.keyboard('{Enter}{Delete}')
    expect(screen.queryByRole('textbox')).toBeNull()
    expect([onEdit.mock.calls, onSkip.mock.calls]).toEqual([[], []])
    expect(within(screen.getByRole('grid')).getAllByRole('row')).toHaveLength(4)
  })
})

describe('what is what', () => {
  it('goes back and forth, without constants that say nothing', () => {
    const files = fileDrafts([
      {
        __typename: 'DraftFile',
        name: 'theirs.csv',
        file: 'clients',
        dates: 'DAY_FIRST',
        numbers: 'COMMA',
        columns: [{ __typename: 'DraftColumn', theirs: 'Name', ours: 'name' }],
        constants: [
          { __typename: 'DraftConstant', ours: 'kind', value: 'PERSON' },
          { __typename: 'DraftConstant', ours: 'status', value: '' },
        ],
      },
    ])
    expect(filesInput(files)).toEqual([{ name: 'theirs.csv', file: 'clients', dates: 'DAY_FIRST', numbers: 'COMMA', columns: [{ theirs: 'Name', ours: 'name' }], constants: [{ ours: 'kind', value: 'PERSON' }] }])
  })
})
