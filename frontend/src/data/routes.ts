import { createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import { ShellDocument } from '@/generated/graphql'
import type { Data } from './context'
import { startRead } from './hooks'
import { session } from './session'

/**
 * The two routes every room hangs under. They live here, without components, so that a room can name its parent and be
 * typed; the app gives them their components and assembles the tree.
 */
export const rootRoute = createRootRouteWithContext<Data>()()

/** Pages of signed-in staff, inside the rail and the top bar. Who is signed in is read together with the page. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: ({ location }) => {
    if (!session.present) throw redirect({ href: `/sign-in?next=${encodeURIComponent(location.href)}` })
  },
  loader: ({ context }) => startRead(context.client, ShellDocument, {}),
})

/** How a room appears in the rail and in the command palette. */
export interface Room {
  id: string
  path: string
  label: () => string
  icon: LucideIcon
  /** Without this permission the room is not shown and its address answers with the no-permission page. */
  permission?: string
  /** Whose rail shows it, where fewer work there than may look. */
  shownFor?: string
  /** How much waits there, drawn at the end of its line. */
  Count?: ComponentType
}
