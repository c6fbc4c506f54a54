import { useEffect, useEffectEvent } from 'react'

/** What this tab has changed and other parts of the page may be showing. */
export type Changed = 'ledger' | 'people' | 'approvals' | 'clients' | 'reconciliation' | 'prices' | 'conventions'

const listeners = new Map<Changed, Set<() => void>>()

/** Says that something was changed; every part of the page that shows it reads it again. */
export function announce(what: Changed): void {
  for (const listener of listeners.get(what) ?? []) listener()
}

export function useChanged(what: Changed, onChange: () => void): void {
  const call = useEffectEvent(onChange)
  useEffect(() => {
    const listener = () => call()
    const known = listeners.get(what) ?? new Set()
    listeners.set(what, known.add(listener))
    return () => void known.delete(listener)
  }, [what])
}

/** Whatever changes who a family is, what it has or what it owes. */
export function useBookChanged(onChange: () => void): void {
  useChanged('ledger', onChange)
  useChanged('clients', onChange)
}
