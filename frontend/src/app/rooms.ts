import type { Room } from '@/data/routes'
import { approvalsRoutes } from '@/features/approvals/routes'
import { homeRoom, homeRoutes } from '@/features/home/routes'

/** The rooms that exist, in the order of the rail. */
export const rooms: readonly Room[] = [homeRoom]

/** Their pages. */
export const roomRoutes = [...homeRoutes, ...approvalsRoutes] as const
