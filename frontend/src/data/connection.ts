import { useSyncExternalStore } from 'react'

/** Whether the device has a network at all, and whether the server answers by request and by live connection. */
type Path = 'network' | 'http' | 'live'

const lostSince: Record<Path, number | null> = { network: null, http: null, live: null }
const listeners = new Set<() => void>()
const waiting = new Set<() => void>()
let snapshot: number | null = null

/** Records that a path to the server works or does not. */
export function noteReachable(path: Path, reachable: boolean): void {
  const before = lostSince[path]
  lostSince[path] = reachable ? null : (before ?? Date.now())
  const known = Object.values(lostSince).filter((since) => since !== null)
  const next = known.length ? Math.min(...known) : null
  if (next === snapshot) return
  snapshot = next
  for (const listener of listeners) listener()
}

if (typeof window !== 'undefined') {
  // An answer that was already on its way does not mean that there is a network again.
  window.addEventListener('offline', () => noteReachable('network', false))
  window.addEventListener('online', () => {
    noteReachable('network', true)
    // What failed without a network says nothing of the server; what waits for it asks again now.
    noteReachable('http', true)
    for (const again of waiting) again()
  })
}

/** Calls when the device has a network again. Returns the function that ends it. */
export function whenOnline(again: () => void): () => void {
  waiting.add(again)
  return () => waiting.delete(again)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The moment the connection was lost, in epoch milliseconds, or null while all is well. */
export function useLostSince(): number | null {
  return useSyncExternalStore(subscribe, () => snapshot)
}
