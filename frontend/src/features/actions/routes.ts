import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import Split from 'lucide-react/icons/split'
import { roomWords, shellRoute, type Room } from '@/data'
import { actionsSearch } from './search'

export const actionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/corporate-actions',
  validateSearch: actionsSearch,
  component: lazyRouteComponent(() => import('./ActionsPage'), 'ActionsPage'),
})

export const actionsRoutes = [actionsRoute] as const

export const actionsRoom: Room = {
  id: 'actions',
  path: '/corporate-actions',
  label: () => roomWords('actions'),
  icon: Split,
  permission: 'findings.read',
  shownFor: 'transactions.post',
}
