import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import House from 'lucide-react/icons/house'
import { shellRoute, startRead, roomWords, type Room } from '@/data'
import { HomeDocument } from '@/generated/graphql'
import { HomePage } from './HomePage'
import { HomeCount } from './HomeCount'
import { findingsSearch, homeSearch, scopeOf, workSearch } from './search'

export const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: homeSearch,
  loaderDeps: ({ search }) => ({ scope: scopeOf(search) }),
  loader: ({ context, deps }) => startRead(context.client, HomeDocument, { scope: deps.scope }),
  // Where everybody lands: its code is part of the first load, so that nothing waits for it.
  component: HomePage,
})

export const workRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/work',
  validateSearch: workSearch,
  component: lazyRouteComponent(() => import('./WorkPage'), 'WorkPage'),
})

export const findingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings',
  validateSearch: findingsSearch,
  component: lazyRouteComponent(() => import('./FindingsPage'), 'FindingsPage'),
})

export const homeRoutes = [homeRoute, workRoute, findingsRoute] as const

export const homeRoom: Room = { id: 'home', path: '/', label: () => roomWords('home'), icon: House, Count: HomeCount }
