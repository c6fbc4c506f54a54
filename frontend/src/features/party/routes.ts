import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { asOfIn } from '@/domain/asOf'
import { PartyDocument } from '@/generated/graphql'

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

export const partyRoutes = [partyRoute] as const
