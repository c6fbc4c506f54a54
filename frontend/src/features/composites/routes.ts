import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import Layers from 'lucide-react/icons/layers'
import { roomWords, shellRoute, startRead, type Room } from '@/data'
import { CompositeReportDocument, CompositesDocument } from '@/generated/graphql'

export const compositesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/composites',
  loader: ({ context }) => startRead(context.client, CompositesDocument, {}),
  component: lazyRouteComponent(() => import('./CompositesPage'), 'CompositesPage'),
})

export const compositeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/composites/$id',
  loader: ({ context, params }) => startRead(context.client, CompositeReportDocument, { id: params.id }),
  component: lazyRouteComponent(() => import('./CompositePage'), 'CompositePage'),
})

export const compositesRoutes = [compositesRoute, compositeRoute] as const

export const compositesRoom: Room = {
  id: 'composites',
  path: '/composites',
  label: () => roomWords('composites'),
  icon: Layers,
  permission: 'findings.read',
  shownFor: 'performance.manage',
}
