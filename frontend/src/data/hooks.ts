import { useCallback, useEffect, useEffectEvent, useMemo, useReducer, useState } from 'react'
import { type AnyVariables, type Client, createRequest, type TypedDocumentNode, useMutation, useQuery } from 'urql'
import { filter, pipe, subscribe, take } from 'wonka'
import { whenOnline } from './connection'
import { useData } from './context'
import { failureOf, type Failure, type FailureKind } from './errors'

export interface Read<Data> {
  data: Data | undefined
  /** Nothing to show yet. */
  loading: boolean
  /** Shown, but a newer answer is on the way. */
  stale: boolean
  failure: Failure | null
  reload: () => void
}

/** Starts a query from a route loader, together with the page's code; the page then finds it under way. */
export function startRead<Data, Variables extends AnyVariables>(client: Client, document: TypedDocumentNode<Data, Variables>, variables: Variables): void {
  pipe(
    client.query(document, variables, { requestPolicy: 'cache-and-network' }),
    filter((result) => !result.stale),
    take(1),
    subscribe(() => {}),
  )
}

/** What is shown stays when a newer answer cannot be had for these reasons; after the others it may not be seen any more. */
const KEEPS: ReadonlySet<FailureKind> = new Set<FailureKind>(['offline', 'unavailable', 'limit', 'internal'])

/** Reads a page-sized answer through the normalised cache. What was read stays when reading it again fails. */
export function useRead<Data, Variables extends AnyVariables>(document: TypedDocumentNode<Data, Variables>, variables: Variables, options: { pause?: boolean } = {}): Read<Data> {
  const [{ data: answered, fetching, stale, error }, execute] = useQuery<Data, Variables>({ query: document, variables, pause: options.pause ?? false })
  const question = createRequest(document, variables).key
  const [kept, keep] = useState<{ question: number; data: Data } | null>(null)
  if (answered !== undefined && !fetching && !error && (kept?.question !== question || kept.data !== answered)) keep({ question, data: answered })
  const failure = error ? failureOf(error) : null
  const data = answered ?? (failure && KEEPS.has(failure.kind) && kept?.question === question ? kept.data : undefined)
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useAgainWhenOnline(failure, reload)
  return { data, loading: fetching && data === undefined, stale: stale || (fetching && data !== undefined), failure, reload }
}

/** What could not be read without a network is read as soon as there is one. */
function useAgainWhenOnline(failure: Failure | null, reload: () => void): void {
  const offline = failure?.kind === 'offline'
  useEffect(() => (offline ? whenOnline(reload) : undefined), [offline, reload])
}

export type Outcome<Data> =
  | { ok: true; data: Data }
  /** refused: not applied. unknown: the answer was lost, it may have been applied. */
  | { ok: false; failure: Failure; applied: 'refused' | 'unknown' }

/** A mutation. Money, trades and approvals are never shown as done before the server says so. */
export function useAct<Data, Variables extends AnyVariables>(document: TypedDocumentNode<Data, Variables>): [act: (variables: Variables) => Promise<Outcome<Data>>, busy: boolean] {
  const [{ fetching }, execute] = useMutation<Data, Variables>(document)
  const act = useCallback(
    async (variables: Variables): Promise<Outcome<Data>> => {
      const { data, error } = await execute(variables)
      if (data !== undefined && data !== null && !error) return { ok: true, data }
      if (!error) return { ok: false, applied: 'unknown', failure: { kind: 'internal', message: 'The answer was empty', requestId: null } }
      return { ok: false, failure: failureOf(error), applied: error.networkError ? 'unknown' : 'refused' }
    },
    [execute],
  )
  return [act, fetching]
}

export interface Connection<Row> {
  edges: readonly { node: Row }[]
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined }
  totalCount?: number | null | undefined
}

export interface Pages<Row> {
  rows: readonly Row[]
  totalCount: number | null
  loading: boolean
  loadingMore: boolean
  /** The rows shown answer an earlier question. */
  stale: boolean
  failure: Failure | null
  /** Loads the next page; undefined at the end, so that it can be handed to a grid as it is. */
  more: (() => void) | undefined
  reload: () => void
}

interface PagesState<Row> {
  question: string
  rows: readonly Row[]
  totalCount: number | null
  endCursor: string | null
  hasNext: boolean
  loading: boolean
  failure: Failure | null
}

type PagesEvent<Row> =
  | { kind: 'ask' }
  | { kind: 'page'; question: string; connection: Connection<Row>; first: boolean }
  | { kind: 'failed'; failure: Failure }

function pagesReducer<Row>(state: PagesState<Row>, event: PagesEvent<Row>): PagesState<Row> {
  switch (event.kind) {
    case 'ask':
      return { ...state, loading: true, failure: null }
    case 'failed':
      return { ...state, loading: false, failure: event.failure }
    case 'page': {
      const added = event.connection.edges.map((edge) => edge.node)
      return {
        question: event.question,
        rows: event.first ? added : [...state.rows, ...added],
        totalCount: event.connection.totalCount ?? (event.first ? null : state.totalCount),
        endCursor: event.connection.pageInfo.endCursor ?? null,
        hasNext: event.connection.pageInfo.hasNextPage,
        loading: false,
        failure: null,
      }
    }
  }
}

interface PagesOptions<Data, Variables, Row> {
  document: TypedDocumentNode<Data, Variables & AnyVariables>
  /** Everything but `after`; a change asks again from the first page. */
  variables: Omit<Variables, 'after'>
  connection: (data: Data) => Connection<Row>
  pause?: boolean
}

/** Reads a long list page by page without a cache, for grids. Rows of the last answer stay while a new order is read. */
export function usePages<Data, Variables extends { after?: string | null }, Row>(options: PagesOptions<Data, Variables, Row>): Pages<Row> {
  const { bulk } = useData()
  const { document, connection, pause = false } = options
  const question = JSON.stringify(options.variables)
  const [round, setRound] = useState(0)
  const [asked, setAsked] = useState<{ after: string; question: string } | null>(null)
  const [state, dispatch] = useReducer(pagesReducer<Row>, { question: '', rows: [], totalCount: null, endCursor: null, hasNext: false, loading: true, failure: null })
  const pick = useEffectEvent(connection)

  const after = asked?.question === question ? asked.after : null
  useEffect(() => {
    if (pause) return
    dispatch({ kind: 'ask' })
    const variables = { ...(JSON.parse(question) as object), after } as Variables & AnyVariables
    const { unsubscribe } = pipe(
      bulk.query(document, variables),
      // The same page may be read again by others, an export for one; it is added to these rows once.
      take(1),
      subscribe((result) => {
        if (result.error) dispatch({ kind: 'failed', failure: failureOf(result.error) })
        else if (result.data) dispatch({ kind: 'page', question, connection: pick(result.data), first: after === null })
      }),
    )
    return unsubscribe
  }, [bulk, document, question, after, round, pause])

  const { endCursor, hasNext, loading } = state
  const current = state.question === question
  const more = useMemo(() => {
    if (!current || !hasNext || loading || endCursor === null) return undefined
    return () => setAsked({ after: endCursor, question })
  }, [current, hasNext, loading, endCursor, question])
  const reload = useCallback(() => {
    setAsked(null)
    setRound((before) => before + 1)
  }, [])
  useAgainWhenOnline(state.failure, reload)
  return {
    rows: state.rows,
    totalCount: state.totalCount,
    loading: state.rows.length === 0 && loading,
    loadingMore: current && loading && state.rows.length > 0,
    stale: !current && state.rows.length > 0,
    failure: state.failure,
    more,
    reload,
  }
}
