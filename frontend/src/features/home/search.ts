/** What the addresses of this room hold. Everything unknown or malformed falls back to the default, never to an error. */

export const SCOPES = ['MINE', 'TEAM', 'FIRM'] as const
export type Scope = (typeof SCOPES)[number]

const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined)

function oneOf<V extends string>(value: unknown, allowed: readonly V[]): V | undefined {
  const wanted = typeof value === 'string' ? value.toUpperCase().replace(/-/g, '_') : ''
  return allowed.find((each) => each === wanted)
}

/** Drops what is not set, so that the address stays short. */
function set<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T
}

export interface HomeSearch {
  scope?: Lowercase<Scope>
}

export function homeSearch(search: Record<string, unknown>): HomeSearch {
  const scope = oneOf(search['scope'], SCOPES)
  return set({ scope: scope === 'FIRM' ? undefined : (scope?.toLowerCase() as Lowercase<Scope> | undefined) })
}

export function scopeOf(search: { scope?: string | undefined }): Scope {
  return oneOf(search.scope, SCOPES) ?? 'FIRM'
}

export const WORK_STATES = ['OPEN', 'DONE', 'CANCELLED', 'ALL'] as const
export type WorkStateChoice = (typeof WORK_STATES)[number]

export interface WorkSearch {
  kind?: string
  state?: string
  scope?: string
  subject?: string
  household?: string
}

export function workSearch(search: Record<string, unknown>): WorkSearch {
  const state = oneOf(search['state'], WORK_STATES)
  const scope = oneOf(search['scope'], SCOPES)
  return set({
    kind: text(search['kind']),
    state: state === 'OPEN' ? undefined : state?.toLowerCase(),
    scope: scope === 'FIRM' ? undefined : scope?.toLowerCase(),
    subject: text(search['subject']),
    household: text(search['household']),
  })
}

const STATES_OF = { OPEN: ['OPEN', 'IN_PROGRESS'], DONE: ['DONE'], CANCELLED: ['CANCELLED'], ALL: undefined } as const

export function workStateOf(search: WorkSearch): WorkStateChoice {
  return oneOf(search.state, WORK_STATES) ?? 'OPEN'
}

export function workFilter(search: WorkSearch) {
  const states = STATES_OF[workStateOf(search)]
  return {
    kinds: search.kind ? [search.kind] : null,
    states: states ? [...states] : null,
    scope: scopeOf(search),
    subjectId: search.subject ?? null,
    householdId: search.household ?? null,
  }
}

export const FINDING_STATES = ['OPEN', 'RESOLVED', 'DISMISSED', 'ALL'] as const
export type FindingStateChoice = (typeof FINDING_STATES)[number]
export const SEVERITIES = ['BREACH', 'WARNING', 'INFO'] as const

export interface FindingsSearch {
  state?: string
  severity?: string
  category?: string
  subject?: string
  job?: string
}

export function findingsSearch(search: Record<string, unknown>): FindingsSearch {
  const state = oneOf(search['state'], FINDING_STATES)
  return set({
    state: state === 'OPEN' ? undefined : state?.toLowerCase(),
    severity: oneOf(search['severity'], SEVERITIES)?.toLowerCase(),
    category: text(search['category']),
    subject: text(search['subject']),
    job: text(search['job']),
  })
}

export function findingStateOf(search: FindingsSearch): FindingStateChoice {
  return oneOf(search.state, FINDING_STATES) ?? 'OPEN'
}

export function findingFilter(search: FindingsSearch) {
  const state = findingStateOf(search)
  const severity = oneOf(search.severity, SEVERITIES)
  return {
    states: state === 'ALL' ? null : [state],
    severities: severity ? [severity] : null,
    category: search.category ?? null,
    subjectId: search.subject ?? null,
    jobId: search.job ?? null,
  }
}

/** Where a group of work opens: its own list, or all of its items where the oldest of several would open a single thing. */
export function groupPath({ kind, count, actionPath }: { kind: string; count: number; actionPath: string }): { path: string; isAll: boolean } {
  const [path = '', query = ''] = actionPath.split('?')
  const isOne = /^\/(households|accounts|parties|securities|approvals|jobs|imports)\/./.test(path) || /(^|&)break=/.test(query)
  return count > 1 && isOne ? { path: `/work?kind=${encodeURIComponent(kind)}`, isAll: true } : { path: actionPath, isAll: false }
}
