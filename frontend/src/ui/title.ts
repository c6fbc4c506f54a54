import { useEffect, useSyncExternalStore } from 'react'

export interface Crumb {
  label: string
  to: string
}

interface PageTitle {
  title: string
  crumbs: readonly Crumb[]
}

const NO_CRUMBS: readonly Crumb[] = []
let current: PageTitle = { title: '', crumbs: NO_CRUMBS }
let suffix = ''
const listeners = new Set<() => void>()

/** What follows every page's name in the browser tab: the firm. */
export function setTitleSuffix(firmName: string): void {
  suffix = firmName
  document.title = firmName
}

/** Names the page in the browser tab and in the top bar. `crumbs` must be stable. */
export function usePageTitle(title: string, crumbs: readonly Crumb[] = NO_CRUMBS): void {
  const path = crumbs.map((crumb) => `${crumb.label}\n${crumb.to}`).join('\n\n')
  useEffect(() => {
    current = {
      title,
      crumbs: path
        ? path.split('\n\n').map((pair) => {
            const [label = '', to = ''] = pair.split('\n')
            return { label, to }
          })
        : NO_CRUMBS,
    }
    document.title = title && suffix ? `${title} · ${suffix}` : title || suffix
    for (const listener of listeners) listener()
  }, [title, path])
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useCurrentTitle(): PageTitle {
  return useSyncExternalStore(subscribe, () => current)
}
