import { useSyncExternalStore } from 'react'
import { bookSearch, keepable, type BookSearch, type BookView } from './search'

export const SAVED_VIEWS_MAX = 12
const NAME_MAX = 60
const NONE: readonly BookView[] = []

/** Views are kept on this device per person; they hold an order and tiles, nothing about anybody's money. */
const keyOf = (userId: string) => `wn-book-views:${userId}`

const known = new Map<string, readonly BookView[]>()
const listeners = new Set<() => void>()

function read(userId: string): readonly BookView[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? '[]')
    if (!Array.isArray(stored)) return NONE
    return stored.slice(0, SAVED_VIEWS_MAX).flatMap((each: unknown) => {
      const { id, name, search } = (each ?? {}) as { id?: unknown; name?: unknown; search?: unknown }
      if (typeof id !== 'string' || typeof name !== 'string') return []
      return [{ id, name: name.slice(0, NAME_MAX), search: keepable(bookSearch((search ?? {}) as Record<string, unknown>)) }]
    })
  } catch {
    return NONE // Storage may be switched off or hold something else.
  }
}

function viewsOf(userId: string): readonly BookView[] {
  let views = known.get(userId)
  if (!views) known.set(userId, (views = read(userId)))
  return views
}

function write(userId: string, views: readonly BookView[]): void {
  known.set(userId, views)
  try {
    localStorage.setItem(keyOf(userId), JSON.stringify(views))
  } catch {
    // The views then last as long as the page.
  }
  for (const listener of listeners) listener()
}

export function saveView(userId: string, name: string, search: BookSearch): BookView {
  const view = { id: crypto.randomUUID(), name: name.trim().slice(0, NAME_MAX), search: keepable(search) }
  write(userId, [...viewsOf(userId), view].slice(-SAVED_VIEWS_MAX))
  return view
}

export function restoreView(userId: string, view: BookView): void {
  write(userId, [...viewsOf(userId), view])
}

export function removeView(userId: string, id: string): void {
  write(userId, viewsOf(userId).filter((view) => view.id !== id))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  const onStorage = (event: StorageEvent) => {
    if (event.key !== null && !event.key.startsWith('wn-book-views:')) return
    known.clear()
    listener()
  }
  addEventListener('storage', onStorage)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', onStorage)
  }
}

export function useSavedViews(userId: string): readonly BookView[] {
  return useSyncExternalStore(subscribe, () => viewsOf(userId))
}
