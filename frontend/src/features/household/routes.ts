import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { activitySearch, asOfIn, type ActivitySearch } from '@/domain/asOf'
import { lotSearch } from '@/domain/lots'
import { holdingsSearch } from '@/domain/holdings'
import { performancePage } from '@/domain/performance'
import { TRANSACTION_TYPES } from '@/domain/ledger'
import { HouseholdBalanceDocument, HouseholdDocument, HouseholdHoldingsDocument, HouseholdOnboardingDocument, HouseholdOwnershipDocument } from '@/generated/graphql'

export interface HouseholdSearch {
  asOf?: string
}

function householdSearch(search: Record<string, unknown>): HouseholdSearch {
  const asOf = asOfIn(search['asOf'])
  return asOf ? { asOf } : {}
}

/** With 50 holdings each this stays well inside what one request may ask for. */
export const HOLDINGS_PAGE = 8

/** The head and the tabs; the chosen day is in the address of every tab. */
export const householdRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/households/$id',
  validateSearch: householdSearch,
  loaderDeps: ({ search }) => ({ asOf: search.asOf }),
  loader: ({ context, params, deps }) => startRead(context.client, HouseholdDocument, { id: params.id, asOf: deps.asOf ?? null }),
  component: lazyRouteComponent(() => import('./HouseholdPage'), 'HouseholdPage'),
})

export const overviewRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./OverviewTab'), 'OverviewTab'),
})

export const holdingsRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/holdings',
  validateSearch: holdingsSearch,
  loaderDeps: ({ search }) => ({ asOf: (search as HouseholdSearch).asOf }),
  loader: ({ context, params, deps }) =>
    startRead(context.client, HouseholdHoldingsDocument, { id: params.id, asOf: deps.asOf ?? null, first: HOLDINGS_PAGE, after: null }),
  component: lazyRouteComponent(() => import('./HoldingsTab'), 'HoldingsTab'),
})

/** What a page of returns holds in its address; the day it shares with the other tabs. */
export const performanceRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/performance',
  validateSearch: performancePage,
  component: lazyRouteComponent(() => import('./PerformanceTab'), 'PerformanceTab'),
})

export const lotsRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/lots',
  validateSearch: lotSearch,
  component: lazyRouteComponent(() => import('./LotsTab'), 'LotsTab'),
})

export interface BalanceSearch {
  /** The last owners behind trusts and companies, instead of the entities themselves. */
  lookThrough?: boolean
}

export const balanceRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/balance-sheet',
  validateSearch: (search: Record<string, unknown>): BalanceSearch => (search['lookThrough'] === true || search['lookThrough'] === 'true' ? { lookThrough: true } : {}),
  loaderDeps: ({ search }) => ({ asOf: (search as HouseholdSearch).asOf, lookThrough: search.lookThrough ?? false }),
  loader: ({ context, params, deps }) =>
    startRead(context.client, HouseholdBalanceDocument, { id: params.id, asOf: deps.asOf ?? null, lookThrough: deps.lookThrough }),
  component: lazyRouteComponent(() => import('./BalanceTab'), 'BalanceTab'),
})

export const ownershipRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/ownership',
  loaderDeps: ({ search }) => ({ asOf: (search as HouseholdSearch).asOf }),
  loader: ({ context, params, deps }) => startRead(context.client, HouseholdOwnershipDocument, { id: params.id, asOf: deps.asOf ?? null }),
  component: lazyRouteComponent(() => import('./OwnershipTab'), 'OwnershipTab'),
})

/** What is on the books of the family, and what is still missing. */
export const onboardingRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/onboarding',
  loader: ({ context, params }) => startRead(context.client, HouseholdOnboardingDocument, { id: params.id }),
  component: lazyRouteComponent(() => import('./OnboardingTab'), 'OnboardingTab'),
})

export const activityRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/activity',
  validateSearch: (search: Record<string, unknown>): ActivitySearch => activitySearch(search, TRANSACTION_TYPES),
  component: lazyRouteComponent(() => import('./ActivityTab'), 'ActivityTab'),
})

/** Of today, whatever day the other tabs show: what is shared is shared now. */
export const accessRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/access',
  component: lazyRouteComponent(() => import('./AccessTab'), 'AccessTab'),
})

export const timelineRoute = createRoute({
  getParentRoute: () => householdRoute,
  path: '/timeline',
  component: lazyRouteComponent(() => import('./TimelineTab'), 'TimelineTab'),
})

export const householdRoutes = [householdRoute.addChildren([overviewRoute, balanceRoute, ownershipRoute, performanceRoute, holdingsRoute, lotsRoute, activityRoute, timelineRoute, onboardingRoute, accessRoute])] as const
