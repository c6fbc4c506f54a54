import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'

export interface Asked {
  path: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

export type Answer = { status?: number; body: unknown; headers?: Record<string, string> }

const realFetch = globalThis.fetch

/** A real HTTP server for the length of a test; the page's own-origin addresses lead to it. */
export async function serve(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<{ asked: Asked[]; server: Server; base: string }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const each = { path: request.url ?? '', headers: request.headers, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} }
      asked.push(each)
      void Promise.resolve(answer(each)).then(({ status = 200, body, headers }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers })
        response.end(JSON.stringify(body))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) => realFetch(new URL(input, base), init))
  return { asked, server, base }
}
