import type { OperationResult } from 'urql'
import { failureOf } from './errors'

export interface Problem {
  path: readonly string[]
  message: string
  value: string | null
}

/** Why a change did not happen, in a form every screen reads alike. */
export interface Refusal {
  /** The failure's own name: ValidationFailed, Conflict, StepUpRequired …, or the kind of a failed request. */
  kind: string
  message: string
  problems: readonly Problem[]
  currentVersion: number | null
  requestId: string | null
  /** refused: nothing was written. unknown: the connection failed after the request left. */
  applied: 'refused' | 'unknown'
}

export type CommandAnswer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal }

interface FailureShape {
  __typename: string
  message?: string
  problems?: readonly { path: readonly string[]; message: string; value?: string | null }[]
  currentVersion?: number | null
}

/** Reads the union a mutation answers with: the named success, or a refusal. */
export function outcomeOf<P extends { __typename: string }, S extends P['__typename']>(
  result: Pick<OperationResult, 'error'> & { data?: unknown },
  field: string,
  success: S,
): CommandAnswer<Extract<P, { __typename: S }>> {
  const payload = (result.data as Record<string, FailureShape | null | undefined> | null | undefined)?.[field]
  if (payload?.__typename === success) return { ok: true, value: payload as unknown as Extract<P, { __typename: S }> }
  if (payload) {
    return {
      ok: false,
      refusal: {
        kind: payload.__typename,
        message: payload.message ?? payload.__typename,
        problems: (payload.problems ?? []).map(({ path, message, value }) => ({ path, message, value: value ?? null })),
        currentVersion: payload.currentVersion ?? null,
        requestId: null,
        applied: 'refused',
      },
    }
  }
  const failure = result.error ? failureOf(result.error) : null
  const unknown = failure === null || failure.kind === 'offline' || failure.kind === 'unavailable' || failure.kind === 'internal'
  return {
    ok: false,
    refusal: {
      kind: failure?.kind ?? 'unavailable',
      message: failure?.message ?? 'The server sent no answer.',
      problems: [],
      currentVersion: null,
      requestId: failure?.requestId ?? null,
      applied: unknown ? 'unknown' : 'refused',
    },
  }
}

/** The field a problem belongs to, whatever stands before it in the path ("input.amount", "replacement.amount"). */
export function problemField(problem: Pick<Problem, 'path'>): string {
  return problem.path[problem.path.length - 1] ?? ''
}
