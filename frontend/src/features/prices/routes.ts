import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import ChartNoAxesColumn from 'lucide-react/icons/chart-no-axes-column'
import { roomWords, shellRoute, type Room } from '@/data'
import { pricesSearch } from './search'

export const pricesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/prices',
  validateSearch: pricesSearch,
  component: lazyRouteComponent(() => import('./PricesPage'), 'PricesPage'),
})

export const pricesRoutes = [pricesRoute] as const

export const pricesRoom: Room = {
  id: 'prices',
  path: '/prices',
  label: () => roomWords('prices'),
  icon: ChartNoAxesColumn,
  permission: 'securities.read',
  shownFor: 'prices.override',
}
