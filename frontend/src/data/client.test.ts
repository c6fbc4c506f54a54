import { createHash } from 'node:crypto'
import type { Server } from 'node:http'
import { parse } from 'graphql'
import { cacheExchange, type TypedDocumentNode } from 'urql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { installLocks } from '../../tests/locks'
import { serve, type Answer, type Asked } from '../../tests/http'
import { createClients } from './client'
import { failureOf } from './errors'

let server: Server | undefined

function document<Data>(text: string): TypedDocumentNode<Data, Record<string, never>> {
  const hash = createHash('sha256').update(text).digest('hex')
  return Object.assign(parse(text), { __meta__: { hash } }) as never
}

const NAME = document<{ firm: { name: string } }>('query Name { firm { name __typename } }')
const RENAME = document<{ rename: { ok: boolean } }>('mutation Rename { rename { ok __typename } }')
const firm = { data: { firm: { name: 'Summit', __typename: 'Firm' } } }
const unauthenticated: Answer = { status: 200, body: { errors: [{ message: 'sign in', extensions: { code: 'UNAUTHENTICATED' } }] } }

async function clientOf(answer: (asked: Asked, count: number) => Answer) {
  let count = 0
  const served = await serve((asked) => answer(asked, ++count))
  server = served.server
  return { ...createClients(cacheExchange), asked: served.asked }
}

beforeEach(() => {
  installLocks()
  document_cookie('wn_csrf=token-1; path=/')
})
afterEach(() => {
  server?.close()
  vi.unstubAllGlobals()
})
function document_cookie(value: string) {
  window.document.cookie = value
}

describe('the GraphQL client', () => {
  it('sends the hash of a trusted document and never its text', async () => {
    const { client, asked } = await clientOf(() => ({ body: firm }))
    const { data } = await client.query(NAME, {}).toPromise()
    expect(data?.firm.name).toBe('Summit')
    expect(asked[0]?.path).toBe('/graphql')
    expect(asked[0]?.headers['x-csrf-token']).toBe('token-1')
    expect(asked[0]?.body).toEqual({ documentId: createHash('sha256').update('query Name { firm { name __typename } }').digest('hex'), variables: {} })
  })

  it('refuses to send a document that is not in the build', async () => {
    const { client, asked } = await clientOf(() => ({ body: firm }))
    const { error } = await client.query(parse('query Free { firm { name } }') as typeof NAME, {}).toPromise()
    expect(error?.message).toContain('The document "Free" carries no hash')
    expect(asked).toEqual([])
  })

  it('renews the session once and asks again, for any number of requests', async () => {
    let renewed = false
    const { client, asked } = await clientOf(({ path }) => {
      if (path === '/auth/refresh') {
        renewed = true
        return { body: { accessExpiresAt: '2021-04-01T00:00:00Z' } }
      }
      return renewed ? { body: firm } : unauthenticated
    })
    const answers = await Promise.all([1, 2, 3].map(() => client.query(NAME, {}, { requestPolicy: 'network-only' }).toPromise()))
    expect(answers.map((answer) => answer.data?.firm.name)).toEqual(['Summit', 'Summit', 'Summit'])
    expect(asked.filter((each) => each.path === '/auth/refresh')).toHaveLength(1)
  })

  it('repeats a query after a lost answer, but never a mutation', async () => {
    const { client, asked } = await clientOf(({ path }, count) => {
      if (path !== '/graphql') return { body: {} }
      return count === 1 ? { status: 502, body: 'no gateway' } : { body: firm }
    })
    const read = await client.query(NAME, {}).toPromise()
    expect(read.data?.firm.name).toBe('Summit')
    expect(asked).toHaveLength(2)
    server?.close()

    const broken = await clientOf(() => ({ status: 502, body: 'no gateway' }))
    const write = await broken.client.mutation(RENAME, {}).toPromise()
    expect(write.error).toBeDefined()
    expect(broken.asked).toHaveLength(1)
  })

  it('tells the kinds of failure apart and keeps the request id', async () => {
    const { bulk } = await clientOf(() => ({ body: { errors: [{ message: 'You may not read this', extensions: { code: 'FORBIDDEN', requestId: 'req-7' } }] } }))
    const { error } = await bulk.query(NAME, {}).toPromise()
    expect(error && failureOf(error)).toEqual({ kind: 'forbidden', message: 'You may not read this', requestId: 'req-7' })
  })
})
