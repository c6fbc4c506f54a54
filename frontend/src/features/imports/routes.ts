import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '@/data'

export interface ImportsSearch {
  /** The job that checks, or wrote, the uploaded bundle. */
  job?: string
  upload?: string
}

export function importsSearch(search: Record<string, unknown>): ImportsSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined)
  const found: ImportsSearch = { job: text(search['job']), upload: text(search['upload']) }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

export const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports',
  validateSearch: importsSearch,
  component: lazyRouteComponent(() => import('./ImportsPage'), 'ImportsPage'),
})

export const importDraftRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/drafts/$id',
  component: lazyRouteComponent(() => import('./DraftPage'), 'DraftPage'),
})

export const importsRoutes = [importsRoute, importDraftRoute] as const
