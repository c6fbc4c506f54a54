import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ImportJobDocument, PastImportsDocument, ImportDraftsDocument, UndoImportDocument, UndoOfImportDocument, ExportJobsDocument, ImportProgressDocument, StartImportDocument, type ImportJobQuery, type PastImportPartsFragment } from '@/generated/graphql'
import { answer, push, renderRoom } from '../../../tests/rooms'

type ImportJob = NonNullable<ImportJobQuery['job']>

const COUNTS = { households: { created: 40, changed: 0, unchanged: 0 }, transactions: { created: 22863, changed: 0, unchanged: 0 } }
const FINE = { dryRun: true, counts: COUNTS, problems: 0, warnings: 0, bookVersion: null, problemList: [] }
const WRITTEN = { ...FINE, dryRun: false, bookVersion: 5 }
const REFUSED = {
  ...FINE,
  problems: 2,
  problemList: [{ file: 'transactions.csv', line: 12, column: 'amount', value: 'x', expectation: 'a decimal', message: 'transactions.csv line 12, amount "x": expected a decimal' }],
}

function job(over: Partial<ImportJob> = {}): ImportJob {
  return {
    __typename: 'Job',
    id: 'j1',
    title: 'Check of spring.zip',
    stage: 'validating',
    done: '0',
    total: null,
    state: 'RUNNING',
    error: null,
    result: null,
    startedAt: '2021-03-31T19:00:00Z',
    finishedAt: null,
    findings: { __typename: 'FindingConnection', totalCount: 0, edges: [] },
    ...over,
  }
}

const NO_PAGE = { __typename: 'PageInfo' as const, hasNextPage: false, endCursor: null }
const room = [
  answer(PastImportsDocument, () => ({ __typename: 'Query' as const, pastImports: { __typename: 'PastImportConnection' as const, edges: [], pageInfo: NO_PAGE } })),
  answer(ImportDraftsDocument, () => ({ __typename: 'Query' as const, importDrafts: [] })),
  answer(ExportJobsDocument, () => ({ __typename: 'Query' as const, jobs: { __typename: 'JobConnection' as const, edges: [] } })),
]
const state = (over: Partial<ImportJob>) => answer(ImportJobDocument, () => ({ __typename: 'Query' as const, job: job(over) }))
const accepted = answer(StartImportDocument, ({ input }) => ({
  __typename: 'Mutation' as const,
  startImport: { __typename: 'JobAccepted' as const, job: { __typename: 'Job' as const, id: input.dryRun ? 'j1' : 'j2', title: 'Import', stage: 'queued', done: '0', total: null, state: 'QUEUED' as const } },
}))

/** A real upload route: what arrives is kept. */
let server: Server
let received: { type: string | undefined; name: string | undefined; csrf: string | undefined; bytes: number }[] = []
let status = 201

beforeEach(async () => {
  received = []
  status = 201
  server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', '*')
    if (request.method === 'OPTIONS') return void response.end()
    let bytes = 0
    request.on('data', (chunk: Buffer) => (bytes += chunk.length))
    request.on('end', () => {
      const header = (name: string) => request.headers[name] as string | undefined
      received.push({ type: header('content-type'), name: header('x-file-name'), csrf: header('x-csrf-token'), bytes })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(status === 201 ? '{"uploadId":"up-1"}' : '{"error":{"code":"LIMIT_EXCEEDED","message":"The bundle is larger than your tier allows; nothing was kept.","requestId":"req-8"}}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const open = XMLHttpRequest.prototype.open
  vi.spyOn(XMLHttpRequest.prototype, 'open').mockImplementation(function (this: XMLHttpRequest, method: string, url: string | URL) {
    open.call(this, method, new URL(String(url), base).href, true)
  })
})
afterEach(() => void server.close())

const bundle = (name = 'spring.zip', size = 12) => new File([new Uint8Array(size)], name, { type: 'application/zip' })
const choose = (file: File) => fireEvent.change(screen.getByLabelText('Choose a bundle', { selector: 'input' }), { target: { files: [file] } })

describe('an import', () => {
  it('sends the bundle, checks it, and writes it only when asked', async () => {
    const { user, asked, address, setAnswer } = renderRoom('/imports', { answers: [...room, accepted, state({})] })
    await screen.findByRole('button', { name: 'Choose a bundle' })
    choose(bundle('Frühling.zip'))
    await waitFor(() => expect(address()).toBe('/imports?job=j1&upload=up-1'))
    expect(received).toEqual([{ type: 'application/zip', name: 'Fr_hling.zip', csrf: 'test', bytes: 12 }])
    expect(await screen.findByRole('progressbar')).toBeVisible()
    setAnswer(state({ state: 'SUCCEEDED', result: FINE }))
    await push(ImportProgressDocument, {
      __typename: 'Subscription',
      jobProgress: { __typename: 'JobProgressEvent', seq: '3', resync: false, job: { __typename: 'Job', id: 'j1', stage: 'done', done: '1', total: '1', state: 'SUCCEEDED', error: null } },
    })
    expect(await screen.findByText('The bundle is fine. Nothing has been written yet.')).toBeVisible()
    expect(screen.getByText('22,863')).toBeVisible()
    setAnswer(state({ id: 'j2', state: 'SUCCEEDED', result: WRITTEN }))
    await user.click(screen.getByRole('button', { name: 'Write it into the books' }))
    expect(await screen.findByText('The bundle is in the books.')).toBeVisible()
    expect(address()).toBe('/imports?job=j2')
    const sent = asked.filter(({ name }) => name === 'StartImport').map(({ variables }) => variables['input'] as { dryRun: boolean; uploadId: string; idempotencyKey: string })
    expect(sent.map(({ dryRun, uploadId }) => ({ dryRun, uploadId }))).toEqual([
      { dryRun: true, uploadId: 'up-1' },
      { dryRun: false, uploadId: 'up-1' },
    ])
    expect(sent[0]?.idempotencyKey).not.toBe(sent[1]?.idempotencyKey)
    expect(screen.getByRole('link', { name: 'See the book' })).toHaveAttribute('href', '/book')
  })

  it('names file, line and value of what is wrong, and offers no writing', async () => {
    renderRoom('/imports?job=j1&upload=up-1', { answers: [...room, state({ state: 'SUCCEEDED', result: REFUSED })] })
    expect(await screen.findByText('2 problems: nothing was written.')).toBeVisible()
    expect(screen.getByText('transactions.csv line 12, amount "x": expected a decimal')).toBeVisible()
    expect(screen.getByText('There are more than are listed. Settle these and check the bundle again.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Write it into the books' })).toBeNull()
  })

  it('refuses what is not a bundle before anything is sent', async () => {
    renderRoom('/imports', { answers: room })
    await screen.findByRole('button', { name: 'Choose a bundle' })
    choose(bundle('spring.csv'))
    expect(await screen.findByText(/“spring\.csv” is not a zip file/)).toBeVisible()
    const huge = bundle()
    Object.defineProperty(huge, 'size', { value: 250_000_000 })
    choose(huge)
    expect(await screen.findByText(/is 250\.0 MB\. Expected at most 200 MB/)).toBeVisible()
    expect(received).toEqual([])
  })

  it('says why the server did not take it, with the request', async () => {
    status = 413
    renderRoom('/imports', { answers: room })
    await screen.findByRole('button', { name: 'Choose a bundle' })
    choose(bundle())
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('larger than your tier allows')
    expect(alert).toHaveTextContent('Request req-8')
    expect(alert).toHaveTextContent('The change was not applied.')
    await waitFor(() => expect(screen.getByRole('button', { name: 'Choose a bundle' })).toBeVisible())
  })

  it('is not offered to those who see a part of the firm', async () => {
    const { asked } = renderRoom('/imports', { viewer: { scope: 'LIMITED', permissions: ['imports.run', 'jobs.read'] }, answers: [] })
    expect(await screen.findByText('A bundle may change any account of the firm, and your access is limited to some. Somebody who sees the whole firm can import it.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Choose a bundle' })).toBeNull()
    expect(asked.some(({ name }) => name === 'PastImports')).toBe(false)
  })

  it('is for those who may import', async () => {
    const { asked } = renderRoom('/imports', { viewer: { permissions: ['jobs.read'] }, answers: [] })
    expect(await screen.findByRole('heading', { name: 'You may not import' })).toBeVisible()
    expect(asked.some(({ name }) => name === 'PastImports')).toBe(false)
  })
})

const PAST: PastImportPartsFragment = {
  __typename: 'PastImport',
  id: 'i1',
  sources: ['Old system'],
  asOf: '2021-03-31',
  createdAt: '2021-03-31T19:00:00Z',
  createdBy: { __typename: 'ActorRef', name: 'Anna Lindahl' },
  jobId: 'j1',
  undoUntil: '2021-04-01T19:00:00Z',
  undoneAt: null,
  undoReason: null,
  undoneBy: null,
  counts: [],
}
const pasts = (over: Partial<PastImportPartsFragment> = {}) =>
  answer(PastImportsDocument, () => ({
    __typename: 'Query' as const,
    pastImports: { __typename: 'PastImportConnection' as const, edges: [{ __typename: 'PastImportEdge' as const, node: { ...PAST, ...over } }], pageInfo: NO_PAGE },
  }))

describe('taking an import back', () => {
  it('says so while the job runs, and reads the import again when it has ended', async () => {
    const undo = { __typename: 'UndoCheck' as const, canUndo: true, refusal: null, blockers: [] }
    const asked = answer(UndoOfImportDocument, () => ({ __typename: 'Query' as const, pastImport: { ...PAST, undo } as never }))
    const taken = answer(UndoImportDocument, () => ({ __typename: 'Mutation' as const, undoImport: { __typename: 'JobAccepted' as const, job: { __typename: 'Job' as const, id: 'u1' } } }))
    const { user, setAnswer } = renderRoom('/imports', { answers: [...room, pasts(), asked, taken, state({ id: 'u1', state: 'QUEUED' })] })
    await user.click(await screen.findByRole('button', { name: /^Take back/ }))
    await user.type(await screen.findByRole('textbox', { name: 'Why' }), 'The wrong family')
    await user.click(screen.getByRole('button', { name: 'Take it back' }))
    const past = screen.getByRole('region', { name: 'Past imports' })
    expect(await within(past).findByText('The import is being taken back')).toBeVisible()
    expect(within(past).queryByText('In the books')).toBeNull()
    setAnswer(pasts({ undoneAt: '2021-03-31T20:00:00Z', undoReason: 'The wrong family' }))
    await push(ImportProgressDocument, {
      __typename: 'Subscription',
      jobProgress: { __typename: 'JobProgressEvent', seq: '3', resync: false, job: { __typename: 'Job', id: 'u1', stage: 'done', done: '1', total: '1', state: 'SUCCEEDED', error: null } },
    })
    expect(await within(past).findByText('Taken back')).toBeVisible()
    expect(within(past).queryByRole('button', { name: /^Take back/ })).toBeNull()
  })
})

describe('an export', () => {
  const result = { fileName: 'summit.zip', path: '/files/exports/e1', expiresAt: '2021-04-01T19:00:00Z' }
  const made = answer(ExportJobsDocument, () => ({
    __typename: 'Query' as const,
    jobs: {
      __typename: 'JobConnection' as const,
      edges: [{ __typename: 'JobEdge' as const, node: { __typename: 'Job' as const, id: 'x1', title: 'Export', state: 'SUCCEEDED' as const, requestedAt: '2021-03-31T19:00:00Z', result, requestedBy: { __typename: 'UserRef' as const, id: 'user-anna', name: 'Anna Lindahl' } } }],
    } as never,
  }))
  const viewer = { permissions: ['imports.run', 'jobs.read', 'sensitive.reveal'] }
  const refused = (status: number, code: string, message: string) => new Response(JSON.stringify({ error: { code, message, requestId: 'req-3' } }), { status })

  it('asks who it is when that was long ago, then lets the browser fetch it', async () => {
    let proven = false
    const methods: string[] = []
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (_path, init) => {
      methods.push(init?.method ?? 'GET')
      return proven ? new Response(null, { status: 200 }) : refused(403, 'STEP_UP_REQUIRED', 'Confirm that it is you')
    })
    const saved: string[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(`${new URL(this.href).pathname} as ${this.download}`)
    })
    const stepUp = vi.fn(async () => (proven = true))
    const { user } = renderRoom('/imports', { viewer, answers: [...room, made], stepUp })
    await user.click(await screen.findByRole('button', { name: /^Download/ }))
    await waitFor(() => expect(saved).toEqual(['/files/exports/e1 as summit.zip']))
    expect(stepUp).toHaveBeenCalledWith('You download summit.zip, which holds every figure of every client.')
    expect(methods).toEqual(['HEAD', 'GET', 'HEAD'])
  })

  it('says why it is not sent', async () => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => refused(404, 'NOT_FOUND', 'there is no such export, or its day has passed; export again'))
    const { user } = renderRoom('/imports', { viewer, answers: [...room, made] })
    await user.click(await screen.findByRole('button', { name: /^Download/ }))
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('The export was not downloaded')
    expect(alert).toHaveTextContent('its day has passed')
    expect(alert).toHaveTextContent('Request req-3')
  })
})
