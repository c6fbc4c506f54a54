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
  path?: readonly string[] | null
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
        problems: problemsOf(payload),
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

/** A refusal that names one part of the input, such as an owner who is not there, is a problem of that part. */
function problemsOf({ message, path, problems }: FailureShape): Problem[] {
  if (problems) return problems.map((each) => ({ path: each.path, message: each.message, value: each.value ?? null }))
  return path?.length ? [{ path, message: message ?? '', value: null }] : []
}

/** The problem of one part of the input: `problemAtPath(refusal, ['owners', 1, 'share'])`. */
export function problemAtPath(refusal: Pick<Refusal, 'problems'> | null, path: readonly (string | number)[]): Problem | undefined {
  const wanted = path.join('.')
  return refusal?.problems.find((problem) => (problem.path[0] === 'input' ? problem.path.slice(1) : problem.path).join('.') === wanted)
}
