import { useSyncExternalStore } from 'react'

/** Whether the device has a network at all, and whether the server answers by request and by live connection. */
type Path = 'network' | 'http' | 'live'

const lostSince: Record<Path, number | null> = { network: null, http: null, live: null }
const listeners = new Set<() => void>()
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
  window.addEventListener('online', () => noteReachable('network', true))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The moment the connection was lost, in epoch milliseconds, or null while all is well. */
export function useLostSince(): number | null {
  return useSyncExternalStore(subscribe, () => snapshot)
}
