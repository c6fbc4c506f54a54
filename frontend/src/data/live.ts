import type { TypedDocumentNode } from 'urql'
import { useEffect, useEffectEvent } from 'react'
import type { Client as LiveClient } from 'graphql-ws'
import { noteReachable, whenOnline } from './connection'
import { session } from './session'
import { documentHash } from './trusted'

/** What every live event carries: its place in the stream, and whether events before it were dropped. */
export interface LiveEvent {
  seq: string
  resync: boolean
}

interface LiveHandlers<Data> {
  /** Picks the event out of the answer. */
  event: (data: Data) => LiveEvent
  onEvent: (data: Data) => void
  /** Events were missed: read the whole state again. */
  onResync: () => void
}

type LiveVariables = Record<string, unknown> & { afterSeq?: string | null }

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000
const CLOSED_UNAUTHENTICATED = new Set([4401, 4403])

let shared: Promise<LiveClient> | null = null
let open = 0

/** Waits, but not longer than until there is a network again. */
const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      forget()
      resolve()
    }
    const timer = setTimeout(end, ms)
    const forget = whenOnline(end)
  })
const waitFor = (attempt: number) => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.7 + Math.random() * 0.6)

/** One socket for the page, opened by the first subscription; its code arrives only then. */
function liveClient(): Promise<LiveClient> {
  shared ??= import('graphql-ws').then(({ createClient }) =>
    createClient({
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
      lazy: true,
      keepAlive: 12_000,
      connectionAckWaitTimeout: 10_000,
      // Each stream resumes by itself from its own last event.
      retryAttempts: 0,
      on: {
        connected: () => noteReachable('live', true),
        closed: (event) => {
          const code = (event as { code?: number } | undefined)?.code
          if (open > 0 && !CLOSED_UNAUTHENTICATED.has(code ?? 0)) noteReachable('live', false)
        },
      },
    }),
  )
  return shared
}

/** over: the server ended or refused the stream. unauthenticated: renew first. broken: the connection was lost. */
type End = 'over' | 'unauthenticated' | 'broken'

function endOf(reason: unknown): End {
  if (Array.isArray(reason)) {
    const codes = reason.map((error: { extensions?: { code?: string } }) => error.extensions?.code)
    if (codes.includes('UNAUTHENTICATED')) return 'unauthenticated'
    // A limit passes; anything else would be refused again.
    return codes.includes('LIMIT_EXCEEDED') ? 'broken' : 'over'
  }
  return CLOSED_UNAUTHENTICATED.has((reason as { code?: number }).code ?? 0) ? 'unauthenticated' : 'broken'
}

/**
 * Follows a stream for as long as it is wanted. After a break it resumes from the last event seen (`afterSeq`); when the
 * server no longer has what was missed it says so and `onResync` reads everything again. Returns the function that stops it.
 */
export function followLive<Data, Variables extends LiveVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  handlers: LiveHandlers<Data>,
): () => void {
  let stopped = false
  let unsubscribe: (() => void) | null = null
  let afterSeq = variables.afterSeq ?? null
  let attempt = 0
  open += 1

  const once = async (): Promise<End> => {
    const client = await liveClient()
    return new Promise((resolve) => {
      if (stopped) {
        resolve('over')
        return
      }
      const payload = {
        // The protocol wants a query string; the server reads the trusted document by its id.
        query: '',
        documentId: documentHash(document),
        variables: { ...variables, afterSeq },
      }
      unsubscribe = client.subscribe<Data>(payload, {
        next: ({ data }) => {
          attempt = 0
          if (!data || stopped) return
          const event = handlers.event(data)
          afterSeq = event.seq
          if (event.resync) handlers.onResync()
          handlers.onEvent(data)
        },
        error: (reason) => resolve(endOf(reason)),
        complete: () => resolve('over'),
      })
    })
  }

  const run = async () => {
    while (!stopped) {
      const end = await once().catch((): End => 'broken')
      if (stopped || end === 'over') return
      if (end === 'unauthenticated') {
        try {
          await session.renew()
        } catch {
          // The server could not be asked; the next round tries again.
        }
      }
      await pause(waitFor(attempt++))
    }
  }
  void run()

  return () => {
    stopped = true
    open -= 1
    if (open === 0) noteReachable('live', true)
    unsubscribe?.()
  }
}

/** Follows a stream while the component is shown. `variables` must keep its identity between renders. */
export function useLive<Data, Variables extends LiveVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
  handlers: LiveHandlers<Data>,
): void {
  const event = useEffectEvent(handlers.event)
  const onEvent = useEffectEvent(handlers.onEvent)
  const onResync = useEffectEvent(handlers.onResync)
  useEffect(() => {
    if (variables === null) return
    return followLive(document, variables, {
      event: (data) => event(data),
      onEvent: (data) => onEvent(data),
      onResync: () => onResync(),
    })
  }, [document, variables])
}
