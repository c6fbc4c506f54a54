import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '@/data'

/** Where a family begins: the name of its household, then the steps of its own page. */
export const onboardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/onboard',
  component: lazyRouteComponent(() => import('./NewHouseholdPage'), 'NewHouseholdPage'),
})

export const onboardRoutes = [onboardRoute] as const
