import { useSyncExternalStore, type MouseEvent, type ReactNode } from 'react'

/** The portal has a handful of pages: the address itself is the router. */
const listeners = new Set<() => void>()

function announce(): void {
  for (const listener of listeners) listener()
}
addEventListener('popstate', announce)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The path below /portal, such as "/more". */
export function usePortalPath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname.replace(/^\/portal/, '').replace(/\/$/, '') || '/')
}

/** The place of a path and what of it, as in "/accounts/ID"; null for an address that nobody has written so. */
export function placeOf(path: string): { place: string; id: string | null } | null {
  const [, place = '', rest] = path.split('/')
  try {
    return { place, id: rest ? decodeURIComponent(rest) : null }
  } catch {
    return null
  }
}

/** In which capacity the person looks: the id of what was opened to them, or null for everything. */
export function useCapacity(): string | null {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get('as'))
}

/** The address of a page, in the capacity chosen. */
export function hrefOf(path: string, capacity: string | null): string {
  return `/portal${path === '/' ? '' : path}${capacity ? `?as=${encodeURIComponent(capacity)}` : ''}`
}

export function go(path: string, capacity: string | null): void {
  history.pushState(null, '', hrefOf(path, capacity))
  announce()
}

interface PortalLinkProps {
  to: string
  className?: string
  current?: boolean
  label?: string
  children: ReactNode
}

export function PortalLink({ to, className, current, label, children }: PortalLinkProps) {
  const capacity = useCapacity()
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to, capacity)
  }
  return (
    <a href={hrefOf(to, capacity)} onClick={follow} className={className} aria-label={label} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  )
}
