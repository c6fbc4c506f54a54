import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { asOfIn } from '@/domain/asOf'
import { performancePage } from '@/domain/performance'
import { PartyDocument, PartyNameDocument } from '@/generated/graphql'

export interface PartySearch {
  asOf?: string
}

function partySearch(search: Record<string, unknown>): PartySearch {
  const asOf = asOfIn(search['asOf'])
  return asOf ? { asOf } : {}
}

/** A person, trust, company or estate with all the firm knows of it, on one day. */
export const partyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/parties/$id',
  validateSearch: partySearch,
  loaderDeps: ({ search }) => ({ asOf: search.asOf }),
  loader: ({ context, params, deps }) => startRead(context.client, PartyDocument, { id: params.id, asOf: deps.asOf ?? null }),
  component: lazyRouteComponent(() => import('./PartyPage'), 'PartyPage'),
})

/** What the person or entity earned, by their share in what they own. */
export const partyPerformanceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/parties/$id/performance',
  validateSearch: (search: Record<string, unknown>) => ({ ...partySearch(search), ...performancePage(search) }),
  loaderDeps: ({ search }) => ({ asOf: search.asOf }),
  loader: ({ context, params, deps }) => startRead(context.client, PartyNameDocument, { id: params.id, asOf: deps.asOf ?? null }),
  component: lazyRouteComponent(() => import('./PartyPerformance'), 'PartyPerformance'),
})

export const partyRoutes = [partyRoute, partyPerformanceRoute] as const
