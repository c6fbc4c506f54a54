import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal'
import { shellRoute, startRead, roomWords, type Room } from '@/data'
import { AuditChainDocument, BenchmarkListDocument, FirmSettingsDocument, MySecurityDocument, MySessionsDocument } from '@/generated/graphql'
import { auditSearch, benchmarkSearch, conventionSearch, grantsSearch, usersSearch } from './search'

/** The list of settings at the left; each page is a place of its own. */
export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./SettingsPage'), 'SettingsPage'),
})

export const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./SettingsPage'), 'SettingsIndex'),
})

export const profileRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/profile',
  loader: ({ context }) => startRead(context.client, MySecurityDocument, {}),
  component: lazyRouteComponent(() => import('./SecurityPage'), 'SecurityPage'),
})

export const sessionsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/sessions',
  loader: ({ context }) => startRead(context.client, MySessionsDocument, {}),
  component: lazyRouteComponent(() => import('./SessionsPage'), 'SessionsPage'),
})

export const usersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/users',
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import('./UsersPage'), 'UsersPage'),
})

export const grantsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/grants',
  validateSearch: grantsSearch,
  component: lazyRouteComponent(() => import('./GrantsPage'), 'GrantsPage'),
})

/** What one person sees through grants, and why. */
export const accessRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/access/$id',
  component: lazyRouteComponent(() => import('./AccessPage'), 'AccessPage'),
})

export const identicalRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/identical',
  component: lazyRouteComponent(() => import('./IdenticalPage'), 'IdenticalPage'),
})

/** How returns are computed: the firm's conventions, changed by household and by report. */
export const conventionsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/conventions',
  validateSearch: conventionSearch,
  component: lazyRouteComponent(() => import('./ConventionsPage'), 'ConventionsPage'),
})

/** What returns are measured beside. */
export const benchmarksRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/benchmarks',
  loader: ({ context }) => startRead(context.client, BenchmarkListDocument, {}),
  component: lazyRouteComponent(() => import('./BenchmarksPage'), 'BenchmarksPage'),
})

export const benchmarkRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/benchmarks/$id',
  validateSearch: benchmarkSearch,
  component: lazyRouteComponent(() => import('./BenchmarkPage'), 'BenchmarkPage'),
})

export const firmRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/firm',
  loader: ({ context }) => startRead(context.client, FirmSettingsDocument, {}),
  component: lazyRouteComponent(() => import('./FirmPage'), 'FirmPage'),
})

export const auditRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/audit',
  validateSearch: auditSearch,
  loader: ({ context }) => startRead(context.client, AuditChainDocument, {}),
  component: lazyRouteComponent(() => import('./AuditPage'), 'AuditPage'),
})

export const settingsRoutes = [settingsRoute.addChildren([settingsIndexRoute, profileRoute, sessionsRoute, usersRoute, grantsRoute, accessRoute, identicalRoute, benchmarksRoute, benchmarkRoute, conventionsRoute, firmRoute, auditRoute])] as const

export const settingsRoom: Room = { id: 'settings', path: '/settings', label: () => roomWords('settings'), icon: SlidersHorizontal }
