import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'graphql'
import type { TypedDocumentNode } from 'urql'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws'
import { installLocks } from '../../tests/locks'

interface Event {
  workQueueChanged: { seq: string; resync: boolean }
}
const TEXT = 'subscription Changed($afterSeq: BigInt) { workQueueChanged(afterSeq: $afterSeq) { seq resync } }'
const HASH = createHash('sha256').update(TEXT).digest('hex')
const CHANGED = Object.assign(parse(TEXT), { __meta__: { hash: HASH } }) as unknown as TypedDocumentNode<Event, { afterSeq?: string | null }>

let server: Server | undefined
let stop: (() => void) | undefined

/** Speaks graphql-transport-ws itself, so that the test holds the very bytes. */
async function socketServer(onSubscribe: (socket: ServerSocket, id: string, payload: Record<string, unknown>, round: number) => void) {
  const http = createServer()
  server = http
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'graphql-transport-ws' })
  let round = 0
  sockets.on('connection', (socket) => {
    socket.on('message', (raw: Buffer) => {
      const message = JSON.parse(raw.toString()) as { type: string; id: string; payload: Record<string, unknown> }
      if (message.type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }))
      if (message.type === 'subscribe') onSubscribe(socket, message.id, message.payload, ++round)
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  vi.stubGlobal('location', { protocol: 'http:', host: `127.0.0.1:${(http.address() as AddressInfo).port}` })
}

const next = (id: string, seq: string, resync = false) => JSON.stringify({ id, type: 'next', payload: { data: { workQueueChanged: { seq, resync } } } })

afterEach(() => {
  stop?.()
  server?.close()
  vi.unstubAllGlobals()
  vi.resetModules()
})

describe('a live stream', () => {
  it('resumes after a break from the last event it saw, and reads again when told that events were dropped', async () => {
    installLocks()
    // One socket per page: each test is a page of its own.
    const { followLive } = await import('./live')
    const payloads: Record<string, unknown>[] = []
    await socketServer((socket, id, payload, round) => {
      payloads.push(payload)
      if (round === 1) {
        socket.send(next(id, '7'))
        socket.send(next(id, '9'))
        setTimeout(() => socket.close(1012, 'restart'), 30)
      } else socket.send(next(id, '40', true))
    })
    const seen: string[] = []
    const onResync = vi.fn()
    stop = followLive(CHANGED, {}, { event: (data) => data.workQueueChanged, onEvent: (data) => seen.push(data.workQueueChanged.seq), onResync })
    await vi.waitFor(() => expect(seen).toEqual(['7', '9', '40']), { timeout: 5_000 })
    expect(onResync).toHaveBeenCalledOnce()
    expect(payloads.map((payload) => (payload['variables'] as { afterSeq: string | null }).afterSeq)).toEqual([null, '9'])
    expect(payloads[0]?.['documentId']).toBe(HASH)
    expect(payloads[0]?.['query']).toBe('')
  })

  it.each([
    ['the server ends it', { type: 'complete' }],
    ['the server refuses it', { type: 'error', payload: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] }],
  ])('does not ask again when %s', async (_when, answer) => {
    installLocks()
    // One socket per page: each test is a page of its own.
    const { followLive } = await import('./live')
    let rounds = 0
    await socketServer((socket, id) => {
      rounds += 1
      socket.send(JSON.stringify({ id, ...answer }))
    })
    stop = followLive(CHANGED, {}, { event: (data) => data.workQueueChanged, onEvent: () => {}, onResync: () => {} })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(rounds).toBe(1)
  })

  it('asks again at once when the device has a network again', async () => {
    installLocks()
    // A quarter of a minute and more between two attempts.
    vi.spyOn(Math, 'random').mockReturnValue(50)
    const { followLive } = await import('./live')
    let rounds = 0
    await socketServer((socket, id) => {
      rounds += 1
      if (rounds === 1) socket.close(1012, 'restart')
      else socket.send(next(id, '7'))
    })
    const seen: string[] = []
    stop = followLive(CHANGED, {}, { event: (data) => data.workQueueChanged, onEvent: (data) => seen.push(data.workQueueChanged.seq), onResync: () => {} })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(rounds).toBe(1)
    window.dispatchEvent(new window.Event('online'))
    await vi.waitFor(() => expect(seen).toEqual(['7']), { timeout: 2_000 })
    vi.restoreAllMocks()
  })
})
