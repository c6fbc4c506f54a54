import type { CombinedError } from 'urql'
import { texts } from '@/domain/text'
import messages from './errors.messages'

const t = texts(messages)

export type FailureKind = 'offline' | 'unavailable' | 'forbidden' | 'missing' | 'limit' | 'refused' | 'internal'

/** A failed request in the terms a page needs: what kind, what to say, what to quote. */
export interface Failure {
  kind: FailureKind
  message: string
  requestId: string | null
}

const KINDS: Record<string, FailureKind> = {
  FORBIDDEN: 'forbidden',
  PERMISSION_DENIED: 'forbidden',
  NOT_FOUND: 'missing',
  LIMIT_EXCEEDED: 'limit',
  BAD_USER_INPUT: 'refused',
  INTERNAL: 'internal',
}

export function failureOf(error: CombinedError): Failure {
  const first = error.graphQLErrors[0]
  if (first) {
    const { code, requestId } = first.extensions as { code?: string; requestId?: string }
    return { kind: KINDS[code ?? ''] ?? 'internal', message: first.message, requestId: requestId ?? null }
  }
  const status = (error.response as Response | undefined)?.status
  return {
    kind: status === undefined ? 'offline' : 'unavailable',
    // What a browser says of a lost connection is for nobody but its makers.
    message: error.networkError ? t(status === undefined ? 'unreached' : 'unavailable') : error.message,
    requestId: (error.response as Response | undefined)?.headers?.get('x-request-id') ?? null,
  }
}

export function isUnauthenticated(error: CombinedError): boolean {
  return (
    (error.response as Response | undefined)?.status === 401 ||
    error.graphQLErrors.some((each) => each.extensions['code'] === 'UNAUTHENTICATED')
  )
}
