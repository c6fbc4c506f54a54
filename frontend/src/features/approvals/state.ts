import type { StatusKind } from '@/ui/Status'
import type { ApprovalStateName } from './search'

export const STATE_SHAPES: Record<ApprovalStateName, StatusKind> = {
  PENDING: 'waiting',
  APPROVED: 'progress',
  REJECTED: 'breach',
  EXECUTED: 'fine',
  EXPIRED: 'cancelled',
  CANCELLED: 'cancelled',
  FAILED: 'breach',
}
