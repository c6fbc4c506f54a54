import { useEffect, useEffectEvent, useRef } from 'react'

/** Calls at once, then at most once per `everyMs` however often it is asked. Pure of React, for its own test. */
export class Coalesced {
  private timer: ReturnType<typeof setTimeout> | null = null
  private again = false

  constructor(
    private readonly call: () => void,
    private readonly everyMs: number,
  ) {}

  ask(): void {
    if (this.timer === null) this.run()
    else this.again = true
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.again = false
  }

  private run(): void {
    this.again = false
    this.timer = setTimeout(() => {
      this.timer = null
      if (this.again) this.run()
    }, this.everyMs)
    this.call()
  }
}

const ask = (held: { current: Coalesced | null }) => held.current?.ask()

/** A burst of live events becomes one more read. */
export function useCoalesced(call: () => void, everyMs = 1_000): () => void {
  const latest = useEffectEvent(call)
  const held = useRef<Coalesced | null>(null)
  useEffect(() => {
    const coalesced = new Coalesced(() => latest(), everyMs)
    held.current = coalesced
    return () => coalesced.stop()
  }, [everyMs])
  return () => ask(held)
}
