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

export function go(path: string): void {
  history.pushState(null, '', `/portal${path === '/' ? '' : path}`)
  announce()
  scrollTo(0, 0)
}

interface PortalLinkProps {
  to: string
  className?: string
  current?: boolean
  children: ReactNode
}

export function PortalLink({ to, className, current, children }: PortalLinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={`/portal${to === '/' ? '' : to}`} onClick={follow} className={className} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  )
}
