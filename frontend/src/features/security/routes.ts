import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { SecurityDocument } from '@/generated/graphql'

/** One security of the firm's master: prices, names by date, corporate actions and who holds it. */
export const securityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/securities/$id',
  loader: ({ context, params }) => startRead(context.client, SecurityDocument, { id: params.id }),
  component: lazyRouteComponent(() => import('./SecurityPage'), 'SecurityPage'),
})

export const securityRoutes = [securityRoute] as const
