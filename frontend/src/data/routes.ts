import { createRootRouteWithContext, createRoute } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import type { Data } from './context'

/**
 * The two routes every room hangs under. They live here, without components, so that a room can name its parent and be
 * typed; the app gives them their components and assembles the tree.
 */
export const rootRoute = createRootRouteWithContext<Data>()()

/** Pages of signed-in staff, inside the rail and the top bar. */
export const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: 'shell' })

/** How a room appears in the rail and in the command palette. */
export interface Room {
  id: string
  path: string
  label: () => string
  icon: LucideIcon
  /** Without this permission the room is not shown and its address answers with the no-permission page. */
  permission?: string
}
