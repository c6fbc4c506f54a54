import type { Room } from '@/data/routes'
import { accountRoutes } from '@/features/account/routes'
import { actionsRoom, actionsRoutes } from '@/features/actions/routes'
import { approvalsRoutes } from '@/features/approvals/routes'
import { bookRoom, bookRoutes } from '@/features/book/routes'
import { closeRoutes } from '@/features/close/routes'
import { compositesRoom, compositesRoutes } from '@/features/composites/routes'
import { debtRoutes } from '@/features/debt/routes'
import { homeRoom, homeRoutes } from '@/features/home/routes'
import { householdRoutes } from '@/features/household/routes'
import { importsRoutes } from '@/features/imports/routes'
import { jobsRoutes } from '@/features/jobs/routes'
import { onboardRoutes } from '@/features/onboard/routes'
import { partyRoutes } from '@/features/party/routes'
import { pricesRoom, pricesRoutes } from '@/features/prices/routes'
import { reconciliationRoom, reconciliationRoutes } from '@/features/reconciliation/routes'
import { securityRoutes } from '@/features/security/routes'
import { settingsRoom, settingsRoutes } from '@/features/settings/routes'

/** The rooms that exist, in the order of the rail. */
export const rooms: readonly Room[] = [homeRoom, bookRoom, reconciliationRoom, pricesRoom, actionsRoom, compositesRoom, settingsRoom]

/** Their pages. */
export const roomRoutes = [
  ...homeRoutes,
  ...bookRoutes,
  ...householdRoutes,
  ...accountRoutes,
  ...partyRoutes,
  ...debtRoutes,
  ...onboardRoutes,
  ...securityRoutes,
  ...reconciliationRoutes,
  ...pricesRoutes,
  ...actionsRoutes,
  ...compositesRoutes,
  ...approvalsRoutes,
  ...jobsRoutes,
  ...closeRoutes,
  ...importsRoutes,
  ...settingsRoutes,
] as const
