import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute, startRead } from '@/data'
import { DebtDocument } from '@/generated/graphql'

/** A debt: what is owed, by whom, on which terms, and how it came down. */
export const debtRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/debts/$id',
  loader: ({ context, params }) => startRead(context.client, DebtDocument, { id: params.id }),
  component: lazyRouteComponent(() => import('./DebtPage'), 'DebtPage'),
})

export const debtRoutes = [debtRoute] as const
