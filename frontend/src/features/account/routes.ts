import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { activitySearch, asOfIn, type ActivitySearch } from '@/domain/asOf'
import { lotSearch } from '@/domain/lots'
import { holdingsSearch } from '@/domain/holdings'
import { performancePage, performanceSearch } from '@/domain/performance'
import { TRANSACTION_TYPES } from '@/domain/ledger'
import { AccountDocument, AccountOwnersDocument } from '@/generated/graphql'

export interface AccountSearch {
  asOf?: string
}

function accountSearch(search: Record<string, unknown>): AccountSearch {
  const asOf = asOfIn(search['asOf'])
  return asOf ? { asOf } : {}
}

/** The head and the tabs; the chosen day is in the address of every tab. */
export const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/accounts/$id',
  validateSearch: accountSearch,
  loaderDeps: ({ search }) => ({ asOf: search.asOf }),
  loader: ({ context, params, deps }) => startRead(context.client, AccountDocument, { id: params.id, asOf: deps.asOf ?? null }),
  component: lazyRouteComponent(() => import('./AccountPage'), 'AccountPage'),
})

export const accountHoldingsRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/',
  validateSearch: holdingsSearch,
  component: lazyRouteComponent(() => import('./HoldingsTab'), 'HoldingsTab'),
})

export const accountLotsRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/lots',
  validateSearch: lotSearch,
  component: lazyRouteComponent(() => import('./LotsTab'), 'LotsTab'),
})

export const accountActivityRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/activity',
  validateSearch: (search: Record<string, unknown>): ActivitySearch => activitySearch(search, TRANSACTION_TYPES),
  component: lazyRouteComponent(() => import('./ActivityTab'), 'ActivityTab'),
})

export const accountPerformanceRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/performance',
  validateSearch: performancePage,
  component: lazyRouteComponent(() => import('./PerformanceTab'), 'PerformanceTab'),
})

export const accountSleevesRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/sleeves',
  validateSearch: performanceSearch,
  component: lazyRouteComponent(() => import('./SleevesTab'), 'SleevesTab'),
})

export const accountSleeveRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/sleeves/$sleeveId',
  validateSearch: performancePage,
  component: lazyRouteComponent(() => import('./SleevePage'), 'SleevePage'),
})

export const accountOwnersRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/owners',
  loaderDeps: ({ search }) => ({ asOf: (search as AccountSearch).asOf }),
  loader: ({ context, params, deps }) => startRead(context.client, AccountOwnersDocument, { id: params.id, asOf: deps.asOf ?? null }),
  component: lazyRouteComponent(() => import('./OwnersTab'), 'OwnersTab'),
})

export const accountCustodianRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/custodian',
  component: lazyRouteComponent(() => import('./CustodianTab'), 'CustodianTab'),
})

export const accountRoutes = [accountRoute.addChildren([accountHoldingsRoute, accountPerformanceRoute, accountSleevesRoute, accountSleeveRoute, accountLotsRoute, accountOwnersRoute, accountActivityRoute, accountCustodianRoute])] as const
