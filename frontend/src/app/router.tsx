import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import type { Data } from '@/data/context'
import { rootRoute, shellRoute } from '@/data/routes'
import { Crash, NotFound } from './NotFound'
import { roomRoutes } from './rooms'
import { Shell } from './Shell'

/** A page before signing in. Its code is not part of the signed-in app's first load. */
const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./signInPages'), 'SignIn'),
})
const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./signInPages'), 'ForgotPassword'),
})
const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./signInPages'), 'ResetPassword'),
})
const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./signInPages'), 'Invitation'),
})

/** Any other address: said inside the shell, with every way on still in reach. */
const nowhereRoute = createRoute({ getParentRoute: () => shellRoute, path: '$', component: NotFound })

shellRoute.update({ component: Shell })

const routeTree = rootRoute.addChildren([signInRoute, forgotRoute, resetRoute, invitationRoute, shellRoute.addChildren([...roomRoutes, nowhereRoute])])

export function makeRouter(data: Data) {
  return createRouter({
    routeTree,
    context: data,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: Crash,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
