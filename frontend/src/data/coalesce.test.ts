import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Coalesced } from './coalesce'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('calls at once, and once more after a burst', () => {
  const call = vi.fn()
  const coalesced = new Coalesced(call, 1_000)
  for (let event = 0; event < 50; event++) coalesced.ask()
  expect(call).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1_000)
  expect(call).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(5_000)
  expect(call).toHaveBeenCalledTimes(2)
})

it('calls at once again after a quiet time, and never after it was stopped', () => {
  const call = vi.fn()
  const coalesced = new Coalesced(call, 1_000)
  coalesced.ask()
  vi.advanceTimersByTime(1_500)
  coalesced.ask()
  expect(call).toHaveBeenCalledTimes(2)
  coalesced.ask()
  coalesced.stop()
  vi.advanceTimersByTime(5_000)
  expect(call).toHaveBeenCalledTimes(2)
})
