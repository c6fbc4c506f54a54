import { cacheExchange } from 'urql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { earlyScript, EARLY_READS } from '../build/early-plugin'
import { normalisedCache } from '@/data/cache'
import { createClients } from '@/data/client'
import { HomeDocument, PortalCourseDocument, PortalHomeDocument, ShellDocument } from '@/generated/graphql'
import { installLocks } from './locks'

const asked: { body: string; headers: Record<string, string> }[] = []
const page = globalThis as { wnEarly?: Map<string, { answer: Promise<Response>; at: number }> }

const answerTo = (count: number) => ({ data: { __typename: 'Query', firm: { __typename: 'Firm', id: 'firm-1', name: `answer ${count}` }, viewer: { __typename: 'Viewer', id: 'user-1' } } })

/** Runs the inline script as the page at this address would. */
function open(entry: keyof typeof EARLY_READS, address: string): void {
  history.replaceState(null, '', address)
  new Function(earlyScript(entry))()
}

beforeEach(() => {
  installLocks()
  document.cookie = 'wn_csrf=token%2D1; path=/'
  asked.length = 0
  vi.stubGlobal('fetch', (_input: string, init: { body: string; headers: Record<string, string> }) => {
    asked.push(init)
    return Promise.resolve(new Response(JSON.stringify(answerTo(asked.length)), { headers: { 'content-type': 'application/json' } }))
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  delete page.wnEarly
  document.cookie = 'wn_csrf=; path=/; max-age=0'
  history.replaceState(null, '', '/')
})

describe('the reads a page starts before its code', () => {
  it('are the very requests that the first page of the staff makes, each used once', async () => {
    // The answers of this test have none of the fields; which requests are made is the question.
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    open('index.html', '/')
    expect(asked).toHaveLength(2)
    expect(asked[0]?.headers['x-csrf-token']).toBe('token-1')
    // The cache of the staff app leaves empty variables out of the request.
    const { client } = createClients(normalisedCache())
    await client.query(ShellDocument, {}).toPromise()
    await client.query(HomeDocument, { scope: 'FIRM' }).toPromise()
    expect(asked).toHaveLength(2)
    await client.query(HomeDocument, { scope: 'FIRM' }, { requestPolicy: 'network-only' }).toPromise()
    expect(asked).toHaveLength(3)
  })

  it('are asked anew by a page that stood still before its code ran', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    open('index.html', '/')
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 20_000)
    const { client } = createClients(normalisedCache())
    await client.query(ShellDocument, {}).toPromise()
    expect(asked).toHaveLength(3)
    now.mockRestore()
  })

  it('are the very requests of the portal', async () => {
    open('portal.html', '/portal')
    expect(asked).toHaveLength(2)
    const { client } = createClients(cacheExchange)
    await client.query(PortalHomeDocument, { grantId: null }).toPromise()
    const course = await client.query(PortalCourseDocument, { grantId: null, latest: null }).toPromise()
    expect(asked).toHaveLength(2)
    expect(course.data).toMatchObject({ firm: { name: 'answer 2' } })
  })

  it('wait for the page where it asks something else', () => {
    open('index.html', '/?scope=mine')
    expect(asked).toHaveLength(1)
    asked.length = 0
    open('index.html', '/book')
    expect(asked).toHaveLength(1)
    asked.length = 0
    open('portal.html', '/portal/more')
    expect(asked).toHaveLength(1)
    asked.length = 0
    open('portal.html', '/portal?as=grant-1')
    expect(asked).toEqual([])
  })

  it('are not made before signing in', () => {
    for (const [entry, address] of [
      ['index.html', '/sign-in'],
      ['index.html', '/reset-password'],
      ['portal.html', '/portal/sign-in'],
    ] as const)
      open(entry, address)
    document.cookie = 'wn_csrf=; path=/; max-age=0'
    open('index.html', '/')
    expect(asked).toEqual([])
  })

  it('are forgotten once the session was renewed: one renewal, whatever was under way', async () => {
    const paths: string[] = []
    let renewed = false
    vi.stubGlobal('fetch', (input: string) => {
      paths.push(String(input))
      if (String(input) === '/auth/refresh') renewed = true
      const refused = { errors: [{ message: 'sign in', extensions: { code: 'UNAUTHENTICATED' } }] }
      const body = String(input) === '/graphql' && !renewed ? refused : { data: { firm: { name: 'Summit' } } }
      return Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }))
    })
    open('index.html', '/')
    const { client } = createClients(cacheExchange)
    await client.query(ShellDocument, {}).toPromise()
    const home = await client.query(HomeDocument, { scope: 'FIRM' }).toPromise()
    expect(home.data).toMatchObject({ firm: { name: 'Summit' } })
    expect(paths).toEqual(['/graphql', '/graphql', '/auth/refresh', '/graphql', '/graphql'])
  })

  it('are forgotten where the network lost them: the page asks again', async () => {
    const answering = fetch
    vi.stubGlobal('fetch', (input: string, init: RequestInit) => {
      asked.push(init as never)
      return asked.length > 2 ? answering(input, init) : Promise.reject(new TypeError('Failed to fetch'))
    })
    open('index.html', '/')
    expect(asked).toHaveLength(2)
    const { client } = createClients(cacheExchange)
    const { data } = await client.query(ShellDocument, {}).toPromise()
    expect(data).toMatchObject({ firm: { name: 'answer 4' } })
  })
})
