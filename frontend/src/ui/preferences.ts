import { useSyncExternalStore } from 'react'

/** The reader's own display choices, kept on this device. Nothing financial is ever stored here. */
export type Scheme = 'system' | 'light' | 'dark'

interface Preferences {
  scheme: Scheme
  privacy: boolean
}

const KEYS = { scheme: 'wn-scheme', privacy: 'wn-privacy' } as const
const listeners = new Set<() => void>()

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // Storage may be switched off; the choice then lasts as long as the page.
  }
}

function read(): Preferences {
  const scheme = stored(KEYS.scheme)
  return {
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'system',
    privacy: stored(KEYS.privacy) === 'on',
  }
}

let current = read()

function apply(): void {
  const root = document.documentElement
  if (current.scheme === 'system') root.removeAttribute('data-scheme')
  else root.setAttribute('data-scheme', current.scheme)
}

function change(next: Preferences): void {
  current = next
  apply()
  for (const listener of listeners) listener()
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Not kept beyond the page.
  }
}

export function setScheme(scheme: Scheme): void {
  store(KEYS.scheme, scheme)
  change({ ...current, scheme })
}

export function setPrivacy(privacy: boolean): void {
  store(KEYS.privacy, privacy ? 'on' : 'off')
  change({ ...current, privacy })
}

/** Applies the stored choices and follows changes made in other tabs. */
export function startPreferences(): void {
  apply()
  addEventListener('storage', (event) => {
    if (event.key === null || event.key === KEYS.scheme || event.key === KEYS.privacy) change(read())
  })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current)
}
