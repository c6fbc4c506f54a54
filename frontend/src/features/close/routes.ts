import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { CloseListDocument } from '@/generated/graphql'

export const CLOSES = 14

export const closeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/close',
  loader: ({ context }) => startRead(context.client, CloseListDocument, { first: CLOSES, before: null }),
  component: lazyRouteComponent(() => import('./ClosePage'), 'ClosePage'),
})

export const closeRoutes = [closeRoute] as const
