import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { JobDetailDocument } from '@/generated/graphql'
import { JOB_STATES } from './stages'

export interface JobsSearch {
  state?: string
}

export function jobsSearch(search: Record<string, unknown>): JobsSearch {
  const typed = typeof search['state'] === 'string' ? search['state'].toUpperCase() : ''
  const state = JOB_STATES.find((each) => each === typed)
  return state ? { state: state.toLowerCase() } : {}
}

export const jobsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs',
  validateSearch: jobsSearch,
  component: lazyRouteComponent(() => import('./JobsPage'), 'JobsPage'),
})

export const jobRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs/$id',
  loader: ({ context, params }) => startRead(context.client, JobDetailDocument, { id: params.id }),
  component: lazyRouteComponent(() => import('./JobPage'), 'JobPage'),
})

export const jobsRoutes = [jobsRoute, jobRoute] as const
