import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { CommandPalette, type Command } from './CommandPalette'

const command = (id: string, label: string, run = () => {}): Command => ({ id, group: 'Go to', label, run })

describe('CommandPalette', () => {
  it('is worked by keyboard alone', async () => {
    const user = userEvent.setup()
    const openBook = vi.fn()
    const onClose = vi.fn()
    render(<CommandPalette isOpen onClose={onClose} commands={[command('1', 'Home'), command('2', 'Book', openBook)]} search={async () => []} />)
    const input = screen.getByRole('combobox')
    expect(input).toHaveFocus()
    await user.keyboard('{ArrowDown}')
    expect(screen.getByRole('option', { name: 'Book' })).toHaveAttribute('aria-selected', 'true')
    expect(input).toHaveAttribute('aria-activedescendant', screen.getByRole('option', { name: 'Book' }).id)
    await user.keyboard('{ArrowDown}')
    expect(screen.getByRole('option', { name: 'Home' })).toHaveAttribute('aria-selected', 'true')
    await user.keyboard('bo{Enter}')
    expect(openBook).toHaveBeenCalledOnce()
    expect(onClose).toHaveBeenCalledOnce()
  })

  it('shows what the server finds, and drops the answer to an older question', async () => {
    const user = userEvent.setup()
    const asked: string[] = []
    const search = async (query: string, signal: AbortSignal): Promise<Command[]> => {
      asked.push(query)
      await new Promise((resolve) => setTimeout(resolve, query === 'whi' ? 300 : 10))
      return signal.aborted ? [] : [{ id: query, group: 'Households', label: `Whitfield ${query}`, run: () => {} }]
    }
    render(<CommandPalette isOpen onClose={() => {}} commands={[]} search={search} />)
    await user.type(screen.getByRole('combobox'), 'whi')
    await new Promise((resolve) => setTimeout(resolve, 180))
    await user.type(screen.getByRole('combobox'), 't')
    expect(await screen.findByRole('option', { name: /Whitfield whit/ })).toBeInTheDocument()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(screen.queryByRole('option', { name: 'Whitfield whi' })).not.toBeInTheDocument()
    expect(asked).toEqual(['whi', 'whit'])
  })

  it('says so when nothing is found', async () => {
    const user = userEvent.setup()
    render(<CommandPalette isOpen onClose={() => {}} commands={[command('1', 'Home')]} search={async () => []} />)
    await user.type(screen.getByRole('combobox'), 'zzz')
    expect(await screen.findByText('Nothing found for “zzz”.')).toBeInTheDocument()
  })
})
