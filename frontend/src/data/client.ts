import { authExchange } from '@urql/exchange-auth'
import { retryExchange } from '@urql/exchange-retry'
import { Client, type Exchange, fetchExchange } from 'urql'
import { csrfToken } from './auth-api'
import { forgetEarly, takeEarly } from './early'
import { isUnauthenticated } from './errors'
import { noteReachable } from './connection'
import { session } from './session'
import { trustedDocumentsExchange } from './trusted'

const TIMEOUT_MS = 25_000

/** Same-origin fetch with an end, which also tells the page whether the server can be reached. */
const watchedFetch: typeof fetch = async (input, init) => {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout
  try {
    const response = await (takeEarly(init?.body) ?? fetch(input, { ...init, signal }))
    noteReachable('http', response.status !== 502 && response.status !== 503 && response.status !== 504)
    return response
  } catch (error) {
    if (!init?.signal?.aborted) noteReachable('http', false)
    throw error
  }
}

const retry = retryExchange({
  initialDelayMs: 400,
  maxDelayMs: 5_000,
  maxNumberAttempts: 3,
  randomDelay: true,
  // A mutation is never sent twice by itself: whether the first was applied is not known.
  retryIf: (error, operation) => operation.kind === 'query' && Boolean(error.networkError) && !isUnauthenticated(error),
})

const auth = authExchange(async (utilities) => ({
  addAuthToOperation(operation) {
    const token = csrfToken()
    return token ? utilities.appendHeaders(operation, { 'x-csrf-token': token }) : operation
  },
  didAuthError: isUnauthenticated,
  refreshAuth: () => {
    forgetEarly()
    return session.renew()
  },
}))

function create(cache: Exchange | null): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetch: watchedFetch,
    fetchOptions: { credentials: 'same-origin' },
    requestPolicy: cache ? 'cache-first' : 'network-only',
    exchanges: [...(cache ? [cache] : []), retry, auth, trustedDocumentsExchange, fetchExchange],
  })
}

export interface DataClients {
  /** Normalised cache, for pages of up to 200 rows. */
  client: Client
  /** No cache, for bigger grids. */
  bulk: Client
}

/** New clients, with nothing remembered; a page makes them once, and a change of person or firm reloads the page. */
export function createClients(cache: Exchange): DataClients {
  return { client: create(cache), bulk: create(null) }
}
