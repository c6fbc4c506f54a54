import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { ApprovalDetailDocument } from '@/generated/graphql'
import { approvalsSearch } from './search'

export const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals',
  validateSearch: approvalsSearch,
  component: lazyRouteComponent(() => import('./ApprovalsPage'), 'ApprovalsPage'),
})

export const approvalRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals/$id',
  loader: ({ context, params }) => startRead(context.client, ApprovalDetailDocument, { id: params.id }),
  component: lazyRouteComponent(() => import('./ApprovalPage'), 'ApprovalPage'),
})

export const approvalsRoutes = [approvalsRoute, approvalRoute] as const
