import type { Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { installLocks } from '../../tests/locks'
import { serve, type Asked } from '../../tests/http'
import { Session } from './session'

let server: Server | undefined
const tabs: Session[] = []

function tab(): { session: Session; leave: ReturnType<typeof vi.fn>; reload: ReturnType<typeof vi.fn> } {
  const session = new Session()
  const leave = vi.fn()
  const reload = vi.fn()
  session.configure({ leave, reload })
  tabs.push(session)
  return { session, leave, reload }
}

const refreshes = (asked: readonly Asked[]) => asked.filter((each) => each.path === '/auth/refresh').length
const settled = () => new Promise((resolve) => setTimeout(resolve, 60))

beforeEach(() => {
  installLocks()
  document.cookie = 'wn_csrf=token-1; path=/'
})
afterEach(() => {
  for (const each of tabs.splice(0)) each.close()
  server?.close()
  vi.unstubAllGlobals()
})

describe('the session', () => {
  it('renews once for many requests in many tabs, with the CSRF header', async () => {
    const served = await serve(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return { body: { accessExpiresAt: '2021-04-01T00:00:00Z' } }
    })
    server = served.server
    const [one, two] = [tab(), tab()]
    await Promise.all([one.session.renew(), one.session.renew(), two.session.renew(), two.session.renew()])
    expect(refreshes(served.asked)).toBe(1)
    expect(served.asked[0]?.headers['x-csrf-token']).toBe('token-1')
  })

  it('waits for the person when it cannot renew, then lets the waiting requests go', async () => {
    const served = await serve(() => ({ status: 401, body: { error: { code: 'SESSION_REVOKED', message: 'revoked' } } }))
    server = served.server
    const { session, leave } = tab()
    session.identify('user-1')
    let renewed = false
    void session.renew().then(() => (renewed = true))
    await vi.waitFor(() => expect(session.current()).toBe('expired'))
    expect(renewed).toBe(false)
    expect(leave).not.toHaveBeenCalled()
    session.signedIn('user-1')
    await vi.waitFor(() => expect(renewed).toBe(true))
    expect(session.current()).toBe('open')
  })

  it('goes to the sign-in page when nobody was known yet, keeping the way back', async () => {
    const served = await serve(() => ({ status: 401, body: { error: { code: 'UNAUTHENTICATED', message: 'no session' } } }))
    server = served.server
    const { session, leave } = tab()
    void session.renew()
    await vi.waitFor(() => expect(leave).toHaveBeenCalledWith(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`))
  })

  it('never gives up the page of a known person when the server takes the cookies away', () => {
    document.cookie = 'wn_csrf=; path=/; max-age=0'
    const { session } = tab()
    expect(session.present).toBe(false)
    session.identify('user-1')
    expect(session.present).toBe(true)
  })

  it('fails, without ending the session, when the server cannot be asked', async () => {
    const served = await serve(() => ({ status: 503, body: { error: { code: 'UNAVAILABLE', message: 'later' } } }))
    server = served.server
    const { session } = tab()
    session.identify('user-1')
    await expect(session.renew()).rejects.toThrow('later')
    expect(session.current()).toBe('open')
  })

  it('drops the page when another person signs in here or in another tab', async () => {
    const [one, two] = [tab(), tab()]
    one.session.identify('user-1')
    two.session.identify('user-1')
    one.session.signedIn('user-2')
    await settled()
    expect(one.reload).toHaveBeenCalledOnce()
    expect(two.reload).toHaveBeenCalledOnce()
  })

  it('signs out every tab', async () => {
    const served = await serve(() => ({ body: {} }))
    server = served.server
    const [one, two] = [tab(), tab()]
    one.session.identify('user-1')
    two.session.identify('user-1')
    await one.session.signOut()
    await settled()
    expect(served.asked.map((each) => each.path)).toEqual(['/auth/sign-out'])
    expect(one.leave).toHaveBeenCalledWith('/sign-in')
    expect(two.leave).toHaveBeenCalledWith('/sign-in')
  })
})
