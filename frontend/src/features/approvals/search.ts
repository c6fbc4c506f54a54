export const APPROVAL_STATES = ['PENDING', 'APPROVED', 'REJECTED', 'EXECUTED', 'EXPIRED', 'CANCELLED', 'FAILED'] as const
export type ApprovalStateName = (typeof APPROVAL_STATES)[number]

export interface ApprovalsSearch {
  state?: string
  mine?: boolean
}

export function approvalsSearch(search: Record<string, unknown>): ApprovalsSearch {
  const typed = typeof search['state'] === 'string' ? search['state'].toUpperCase() : ''
  const state = APPROVAL_STATES.find((each) => each === typed)
  return { ...(state ? { state: state.toLowerCase() } : {}), ...(search['mine'] === true || search['mine'] === 'true' ? { mine: true } : {}) }
}

export function stateOf(search: ApprovalsSearch): ApprovalStateName | null {
  return APPROVAL_STATES.find((each) => each === search.state?.toUpperCase()) ?? null
}

export function approvalFilter(search: ApprovalsSearch) {
  const state = stateOf(search)
  return { states: state ? [state] : null, awaitingMe: search.mine ?? null }
}

interface Judged {
  state: ApprovalStateName
  maker: { id: string | null }
  decisions: readonly { decider: { id: string | null } }[]
  viewerCan: readonly string[]
}

/** decide: this person may sign. Otherwise the one reason why not. */
export type Standing = 'decide' | 'maker' | 'decided' | 'closed' | 'notAllowed'

export function standingOf(approval: Judged, viewerId: string): Standing {
  if (approval.state !== 'PENDING') return 'closed'
  if (approval.viewerCan.includes('DECIDE_APPROVAL')) return 'decide'
  if (approval.maker.id === viewerId) return 'maker'
  if (approval.decisions.some((decision) => decision.decider.id === viewerId)) return 'decided'
  return 'notAllowed'
}
