import { useEffect, useMemo, useRef } from 'react'

/** Calls at once, then at most once per `everyMs` however often it is asked: a burst of events is one more read. */
export function useCoalesced(call: () => void, everyMs = 1_000): () => void {
  const latest = useRef(call)
  useEffect(() => {
    latest.current = call
  })
  const coalesced = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    let again = false
    const run = () => {
      again = false
      latest.current()
      timer = setTimeout(() => {
        timer = null
        if (again) run()
      }, everyMs)
    }
    return {
      ask: () => {
        if (timer === null) run()
        else again = true
      },
      stop: () => {
        if (timer !== null) clearTimeout(timer)
        timer = null
      },
    }
  }, [everyMs])
  useEffect(() => coalesced.stop, [coalesced])
  return coalesced.ask
}
