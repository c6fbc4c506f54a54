import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { SecurityDocument } from '@/generated/graphql'

export interface SecuritySearch {
  /** Prices as if every later split had always been so. */
  adjusted?: true
}

/** One security of the firm's master: prices, names by date, corporate actions and who holds it. */
export const securityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/securities/$id',
  validateSearch: (search: Record<string, unknown>): SecuritySearch => (search['adjusted'] === true || search['adjusted'] === 'true' ? { adjusted: true } : {}),
  loaderDeps: ({ search }) => ({ isAdjusted: search.adjusted ?? false }),
  loader: ({ context, params, deps }) => startRead(context.client, SecurityDocument, { id: params.id, isAdjusted: deps.isAdjusted }),
  component: lazyRouteComponent(() => import('./SecurityPage'), 'SecurityPage'),
})

export const securityRoutes = [securityRoute] as const
