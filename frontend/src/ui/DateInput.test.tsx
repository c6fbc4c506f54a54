import { fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { DateField } from './DateField'
import { DateInput } from './DateInput'
import { EnvironmentProvider } from './environment'

const ENVIRONMENT = { currency: 'USD', timeZone: 'America/New_York', businessDate: '2021-03-31', now: () => new Date('2021-03-31T20:00:00Z') }

function Held({ initial, onChange, ...bounds }: { initial: string; onChange: (value: string) => void; min?: string; max?: string }) {
  const [value, setValue] = useState(initial)
  return (
    <>
      <label htmlFor="day">As of</label>
      <DateInput
        id="day"
        label="As of"
        value={value}
        {...bounds}
        onChange={(next) => {
          setValue(next)
          onChange(next)
        }}
      />
    </>
  )
}

function show(initial: string, bounds: { min?: string; max?: string } = {}) {
  const onChange = vi.fn()
  render(
    <EnvironmentProvider value={ENVIRONMENT}>
      <Held initial={initial} onChange={onChange} {...bounds} />
    </EnvironmentProvider>,
  )
  return { onChange, input: screen.getByLabelText('As of'), user: userEvent.setup() }
}

describe('a date', () => {
  it('is shown as the firm writes it and read as a person types it', async () => {
    const { input, onChange, user } = show('2021-03-31')
    expect(input).toHaveValue('31 Mar 2021')
    await user.clear(input)
    await user.type(input, '3/1/2021')
    expect(onChange).toHaveBeenLastCalledWith('2021-03-01')
    expect(onChange).not.toHaveBeenCalledWith('2020-03-01')
    await user.tab()
    expect(input).toHaveValue('1 Mar 2021')
    fireEvent.change(input, { target: { value: '2020-02-29' } })
    expect(onChange).toHaveBeenLastCalledWith('2020-02-29')
  })

  it('moves by the keys, within its bounds', async () => {
    const { input, onChange, user } = show('2021-03-30', { max: '2021-03-31' })
    input.focus()
    await user.keyboard('{ArrowUp}{ArrowUp}')
    expect(onChange.mock.calls).toEqual([['2021-03-31']])
    await user.keyboard('{PageDown}')
    expect(input).toHaveValue('28 Feb 2021')
  })

  it('comes back where the text is no day or out of bounds', async () => {
    const { input, onChange, user } = show('2021-03-31', { max: '2021-03-31' })
    await user.clear(input)
    await user.type(input, '1 Apr 2021')
    expect(onChange.mock.calls).toEqual([['']])
    await user.tab()
    expect(onChange).toHaveBeenCalledTimes(1)
  })

  it('is picked from a month, and the calendar goes', async () => {
    const { input, onChange, user } = show('2021-03-31', { max: '2021-03-31' })
    await user.click(screen.getByRole('button', { name: 'As of: choose from the calendar' }))
    const dialog = await screen.findByRole('dialog', { name: 'As of' }, { timeout: 10_000 })
    await user.click(within(dialog).getByRole('button', { name: /March 15, 2021/ }))
    expect(onChange).toHaveBeenLastCalledWith('2021-03-15')
    expect(input).toHaveValue('15 Mar 2021')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('of a form says that a text is no day, and counts as empty', async () => {
    const onChange = vi.fn()
    const user = userEvent.setup()
    render(
      <EnvironmentProvider value={ENVIRONMENT}>
        <DateField label="Trade date" name="Trade date" value="2021-03-31" onChange={onChange} />
      </EnvironmentProvider>,
    )
    const input = screen.getByLabelText('Trade date')
    fireEvent.change(input, { target: { value: '31 Foo 2021' } })
    expect(onChange).toHaveBeenLastCalledWith('')
    input.focus()
    await user.tab()
    expect(input).toHaveAttribute('aria-invalid', 'true')
    expect(input).toHaveAccessibleDescription('This is no day: write it like 31 Mar 2021')
  })
})
