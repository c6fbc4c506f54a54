import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { FormDialog } from './FormDialog'

describe('a form in a dialog', () => {
  it('is sent by Enter once: not again while it is on its way', () => {
    const send = vi.fn(() => Promise.resolve())
    const form = (pending: boolean) => (
      <FormDialog title="Give access" send="Give" pending={pending} onSend={send} onClose={() => {}}>
        <input aria-label="Reason" />
      </FormDialog>
    )
    const { rerender } = render(form(false))
    const enter = () => fireEvent.submit(screen.getByLabelText('Reason').closest('form') ?? document.body)
    enter()
    expect(send).toHaveBeenCalledTimes(1)
    rerender(form(true))
    enter()
    expect(send).toHaveBeenCalledTimes(1)
  })
})
