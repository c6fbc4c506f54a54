import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router'
import { act, configure, render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { GraphQLError } from 'graphql'
import { Client, CombinedError, type Exchange, type Operation, type OperationResult, type TypedDocumentNode } from 'urql'
import { afterEach, vi } from 'vitest'
import { filter, make, map, merge, mergeMap, pipe, takeUntil } from 'wonka'
import { roomRoutes } from '@/app/rooms'
import { normalisedCache } from '@/data/cache'
import { DataProvider, type Data } from '@/data/context'
import { rootRoute, shellRoute } from '@/data/routes'
import { StepUpContext } from '@/data/useCommand'
import { ViewerProvider } from '@/data/viewer'
import type { Viewer } from '@/domain/permissions'
import { EnvironmentProvider } from '@/ui/environment'
import { dismissToast, Toasts } from '@/ui/Toast'
import { FIRM } from './firm'

// A page's code is loaded on the way, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 8_000 })
vi.setConfig({ testTimeout: 30_000 })

// A toast outlives its page for some seconds; the next test must not read it.
const TOASTS_MAX = 400
afterEach(() => {
  for (let id = 1; id <= TOASTS_MAX; id++) dismissToast(id)
})

/** Live streams of the page under test: what the server would send is pushed by the test. */
const streams = vi.hoisted(() => new Map<string, Set<{ next: (value: { data: unknown }) => void }>>())
vi.mock('graphql-ws', () => ({
  createClient: () => ({
    subscribe: (payload: { documentId: string }, sink: { next: (value: { data: unknown }) => void }) => {
      const known = streams.get(payload.documentId) ?? new Set()
      streams.set(payload.documentId, known.add(sink))
      return () => void known.delete(sink)
    },
  }),
}))

/** Sends one event to every follower of a stream. */
export async function push<D>(document: TypedDocumentNode<D, never> | TypedDocumentNode<D, object>, data: D): Promise<void> {
  const id = (document as { __meta__?: { hash?: string } }).__meta__?.hash ?? ''
  await vi.waitFor(() => {
    if (!streams.get(id)?.size) throw new Error('Nobody follows this stream')
  })
  act(() => {
    for (const sink of streams.get(id) ?? []) sink.next({ data })
  })
}

type Reply = { data: unknown } | { error: CombinedError } | 'never'

interface Answer {
  document: unknown
  reply: (variables: never) => Reply
}

/** What the server answers to one document; typed by the document itself. */
export function answer<D, V>(document: TypedDocumentNode<D, V>, reply: (variables: V) => D): Answer {
  return { document, reply: (variables: V) => ({ data: reply(variables) }) } as Answer
}

/** An error of the whole request, with its code and request id. */
export function refusal(code: string, message: string, requestId = 'req-1'): CombinedError {
  return new CombinedError({ graphQLErrors: [new GraphQLError(message, { extensions: { code, requestId } })] })
}

export function failing<D, V>(document: TypedDocumentNode<D, V>, error: CombinedError): Answer {
  return { document, reply: () => ({ error }) }
}

export function silent<D, V>(document: TypedDocumentNode<D, V>): Answer {
  return { document, reply: () => 'never' }
}

const nameOf = (document: unknown): string => {
  const definitions = (document as { definitions: { kind: string; name?: { value: string } }[] }).definitions
  return definitions.find((each) => each.kind === 'OperationDefinition')?.name?.value ?? 'unnamed'
}

export interface Asked {
  name: string
  variables: Record<string, unknown>
}

/** The server of a test: answers by operation name, and remembers what it was asked. */
function memoryExchange(answers: Map<string, Answer>, asked: Asked[]): Exchange {
  return () => (operations$) => {
    const reply = (operation: Operation): OperationResult | null => {
      const name = nameOf(operation.query)
      asked.push({ name, variables: (operation.variables ?? {}) as Record<string, unknown> })
      const known = answers.get(name)
      if (!known) throw new Error(`The test gives no answer to "${name}"`)
      const given = known.reply(operation.variables as never)
      if (given === 'never') return null
      const result = { operation, stale: false, hasNext: false, data: undefined, error: undefined, extensions: undefined }
      return 'error' in given ? { ...result, error: given.error } : { ...result, data: given.data }
    }
    const wanted$ = pipe(
      operations$,
      filter((operation) => operation.kind !== 'teardown'),
      mergeMap((operation) =>
        pipe(
          make<OperationResult>(({ next, complete }) => {
            const timer = setTimeout(() => {
              const result = reply(operation)
              if (result) next(result)
              complete()
            }, 0)
            return () => clearTimeout(timer)
          }),
          takeUntil(
            pipe(
              operations$,
              filter((other) => other.kind === 'teardown' && other.key === operation.key),
            ),
          ),
        ),
      ),
      map((result) => result),
    )
    return merge([wanted$])
  }
}

export const VIEWER: Viewer = {
  id: 'user-anna',
  name: 'Anna Lindahl',
  email: 'anna@summit.example',
  kind: 'STAFF',
  roles: ['FIRM_ADMIN'],
  permissions: [
    'firm.read', 'households.read', 'households.edit', 'accounts.read', 'positions.read', 'parties.read', 'notes.read', 'notes.write', 'tags.write', 'transactions.read', 'transactions.post', 'transactions.correct',
    'search.use', 'imports.run', 'jobs.read', 'jobs.cancel', 'work.read', 'work.manage', 'findings.read', 'findings.resolve', 'approvals.read',
    'approvals.decide', 'users.read', 'users.invite', 'users.deactivate', 'roles.change', 'authenticators.reset', 'sessions.revoke', 'grants.read', 'grants.manage', 'audit.read',
  ],
  scope: 'FIRM',
}

interface RoomOptions {
  answers: readonly Answer[]
  viewer?: Partial<Viewer>
  /** What the person does when asked to confirm: true confirms. */
  stepUp?: (sentence: string) => Promise<boolean>
}

export const NOW = new Date('2021-03-31T20:00:00Z')

/** One page of the app at one address, over a real client whose server is the test. */
export function renderRoom(path: string, { answers, viewer, stepUp = async () => false }: RoomOptions) {
  document.cookie = 'wn_csrf=test'
  const asked: Asked[] = []
  const known = new Map(answers.map((each) => [nameOf(each.document), each]))
  const setAnswer = (next: Answer) => known.set(nameOf(next.document), next)
  // Parts of many pages that are a test's subject only where it answers them.
  for (const name of ['Shell', 'Notes', 'TagNames', 'Timeline', 'BookViews', 'BookChoices', 'WhoSees', 'PartyAccess']) if (!known.has(name)) known.set(name, { document: null, reply: () => 'never' })
  const exchange = memoryExchange(known, asked)
  const make = (cached: boolean) =>
    new Client({ url: '/graphql', preferGetMethod: false, requestPolicy: cached ? 'cache-first' : 'network-only', exchanges: [...(cached ? [normalisedCache()] : []), exchange] })
  const data: Data = { client: make(true), bulk: make(false), firm: FIRM }
  const routeTree = rootRoute.addChildren([shellRoute.addChildren([...roomRoutes])])
  const router = createRouter({ routeTree, context: data, history: createMemoryHistory({ initialEntries: [path] }), defaultPendingMinMs: 0 })
  const user = userEvent.setup()
  const view = render(
    <DataProvider value={data}>
      <EnvironmentProvider value={{ currency: 'USD', timeZone: 'America/New_York', businessDate: '2021-03-31', now: () => NOW }}>
        <ViewerProvider value={{ ...VIEWER, ...viewer }}>
          <StepUpContext value={stepUp}>
            <RouterProvider router={router as never} />
            <Toasts />
          </StepUpContext>
        </ViewerProvider>
      </EnvironmentProvider>
    </DataProvider>,
  )
  const lastAsked = (name: string) => asked.findLast((each) => each.name === name)?.variables
  const address = () => router.history.location.pathname + router.history.location.search
  return { ...view, user, asked, lastAsked, address, setAnswer, router }
}


/** The figure of an amount, complete unless said otherwise. */
export function figure(value: string | null, over: Partial<FigureFixture> = {}): FigureFixture {
  return {
    __typename: 'MoneyFigure',
    value,
    currency: 'USD',
    asOf: '2021-03-31',
    basis: 'trade date',
    source: 'summit books',
    computedAt: '2021-03-31T20:00:00Z',
    quality: value === null ? 'UNAVAILABLE' : 'COMPLETE',
    bookVersion: '7',
    reasons: [],
    explain: { __typename: 'Explain', formula: 'Positions and cash, added up', version: '1', inputs: [], sources: [] },
    ...over,
  }
}

export interface FigureFixture {
  __typename: 'MoneyFigure'
  value: string | null
  currency: string
  asOf: string
  basis: string
  source: string
  computedAt: string
  quality: 'COMPLETE' | 'PARTIAL' | 'STALE' | 'UNAVAILABLE'
  bookVersion: string
  reasons: { __typename: 'FigureReason'; code: string; message: string }[]
  explain: { __typename: 'Explain'; formula: string; version: string; inputs: []; sources: [] }
}

export const reason = (code: string, message: string) => ({ __typename: 'FigureReason' as const, code, message })

/** A connection as the generated types want it. */
export function connection<N, C extends string>(typename: C, nodes: readonly N[], over: { hasNextPage?: boolean; endCursor?: string | null; totalCount?: number | null } = {}) {
  return {
    __typename: typename,
    totalCount: over.totalCount === undefined ? nodes.length : over.totalCount,
    pageInfo: { __typename: 'PageInfo' as const, hasNextPage: over.hasNextPage ?? false, endCursor: over.endCursor ?? null },
    edges: nodes.map((node, index) => ({ __typename: typename.replace('Connection', 'Edge') as never, cursor: String(index), node })),
  }
}

