import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import Scale from 'lucide-react/icons/scale'
import { roomWords, shellRoute, type Room } from '@/data'
import { deskSearch } from './search'

export const reconciliationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation',
  validateSearch: deskSearch,
  component: lazyRouteComponent(() => import('./ReconciliationPage'), 'ReconciliationPage'),
})

export const reconciliationRoutes = [reconciliationRoute] as const

export const reconciliationRoom: Room = {
  id: 'reconciliation',
  path: '/reconciliation',
  label: () => roomWords('reconciliation'),
  icon: Scale,
  permission: 'reconciliation.read',
  shownFor: 'reconciliation.sign_off',
}
