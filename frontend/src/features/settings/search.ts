import { asOfIn } from '@/domain/asOf'

export const STATUSES = ['INVITED', 'ACTIVE', 'DEACTIVATED'] as const
export const ROLES = ['FIRM_ADMIN', 'ADVISOR', 'PORTFOLIO_MANAGER', 'TRADER', 'OPERATIONS', 'COMPLIANCE', 'READ_ONLY', 'CLIENT', 'GUARDIAN'] as const
export type RoleName = (typeof ROLES)[number]
export const STAFF_ROLES: readonly RoleName[] = ROLES.slice(0, 7)
export const CLIENT_ROLES: readonly RoleName[] = ROLES.slice(7)

const text = (value: unknown, limit = 200): string | undefined => {
  const typed = typeof value === 'number' ? String(value) : value
  return typeof typed === 'string' && typed.trim() !== '' ? typed.trim().slice(0, limit) : undefined
}

function oneOf<V extends string>(value: unknown, allowed: readonly V[]): V | undefined {
  const wanted = typeof value === 'string' ? value.toUpperCase() : ''
  return allowed.find((each) => each === wanted)
}

export function compact<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T
}

export interface UsersSearch {
  q?: string
  role?: string
  status?: string
  kind?: string
  /** The person whose details are open. */
  user?: string
}

export function usersSearch(search: Record<string, unknown>): UsersSearch {
  return compact({
    q: text(search['q'], 100),
    role: oneOf(search['role'], ROLES)?.toLowerCase(),
    status: oneOf(search['status'], STATUSES)?.toLowerCase(),
    kind: oneOf(search['kind'], ['STAFF', 'CLIENT'])?.toLowerCase(),
    user: text(search['user']),
  })
}

export function userFilter(search: UsersSearch) {
  const status = oneOf(search.status, STATUSES)
  return {
    nameContains: search.q ?? null,
    role: oneOf(search.role, ROLES) ?? null,
    status: status ? [status] : null,
    kind: oneOf(search.kind, ['STAFF', 'CLIENT'] as const) ?? null,
  }
}

export interface AuditSearch {
  action?: string
  actor?: string
  subject?: string
  from?: string
  to?: string
}

export function auditSearch(search: Record<string, unknown>): AuditSearch {
  return compact({
    action: text(search['action']),
    actor: text(search['actor']),
    subject: text(search['subject']),
    from: asOfIn(search['from']),
    to: asOfIn(search['to']),
  })
}

/** Midnight in the firm's time zone as an instant: the audit log is asked by the firm's own days. */
export function startOfDay(date: string, timeZone: string): string {
  const wanted = Date.parse(`${date}T00:00:00Z`)
  // Two rounds settle a day whose offset changes between the guess and the answer.
  let at = wanted
  for (let round = 0; round < 2; round++) at = wanted - offsetAt(at, timeZone)
  return new Date(at).toISOString()
}

function offsetAt(at: number, timeZone: string): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - at
}

function nextDay(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

/** Both days of the span are inside it. */
export function auditFilter(search: AuditSearch, timeZone: string) {
  return {
    actions: search.action
      ? search.action
          .split(',')
          .map((each) => each.trim())
          .filter(Boolean)
      : null,
    actorId: search.actor ?? null,
    subjectId: search.subject ?? null,
    from: search.from ? startOfDay(search.from, timeZone) : null,
    to: search.to ? startOfDay(nextDay(search.to), timeZone) : null,
  }
}

export interface GrantsSearch {
  person?: string
}

export function grantsSearch(search: Record<string, unknown>): GrantsSearch {
  return compact({ person: text(search['person']) })
}

/** Whose conventions: the firm's, a household's or a report's. */
export interface ConventionSearch {
  household?: string
  report?: string
}

export function conventionSearch({ household, report }: Record<string, unknown>): ConventionSearch {
  if (typeof household === 'string' && household !== '') return { household }
  return typeof report === 'string' && report !== '' ? { report } : {}
}

/** How far back the levels of a benchmark are drawn, in years; one when absent. */
export interface BenchmarkSearch {
  years?: 3 | 10
}

export function benchmarkSearch({ years }: Record<string, unknown>): BenchmarkSearch {
  return years === 3 || years === 10 ? { years } : {}
}
