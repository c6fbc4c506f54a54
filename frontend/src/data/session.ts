import { useSyncExternalStore } from 'react'
import { authApi, AuthError, csrfToken } from './auth-api'

/**
 * The session of this tab. `open` until the server says otherwise; `expired` shows the sign-in sheet over the page, which
 * keeps its forms; requests made meanwhile wait and are sent again afterwards.
 */
type State = 'open' | 'expired'

type Message = { kind: 'signed-in'; userId: string } | { kind: 'signed-out' }

const LOCK = 'wn-session-refresh'
const REFRESHED = 'wn-session-refreshed'

/** When any tab last renewed the shared cookies, in epoch milliseconds; storage is shared at once, messages arrive later. */
function lastRefresh(): number {
  try {
    return Number(localStorage.getItem(REFRESHED) ?? 0)
  } catch {
    return 0
  }
}

function noteRefresh(): void {
  try {
    localStorage.setItem(REFRESHED, String(Date.now()))
  } catch {
    // Without storage each tab renews for itself.
  }
}

interface Places {
  signInPath: string
  /** Leaves the page altogether, so that no cache survives. */
  leave: (path: string) => void
  reload: () => void
}

export class Session {
  private state: State = 'open'
  private userId: string | null = null
  private waiting: (() => void)[] = []
  private renewal: Promise<void> | null = null
  private readonly listeners = new Set<() => void>()
  private readonly channel = new BroadcastChannel('wn-session')
  private places: Places = {
    signInPath: '/sign-in',
    leave: (path) => location.assign(path),
    reload: () => location.reload(),
  }

  constructor() {
    this.channel.addEventListener('message', (event: MessageEvent<Message>) => this.hear(event.data))
  }

  /** Where people without a session go: each entry has its own sign-in page. */
  configure(places: Partial<Places>): void {
    this.places = { ...this.places, ...places }
  }

  /** The person the page was loaded for; a different person never sees this page's caches. */
  identify(userId: string): void {
    if (this.userId !== null && this.userId !== userId) {
      this.places.reload()
      return
    }
    this.userId = userId
  }

  /**
   * Whether to go on without asking the server: the browser holds a session, or this page already belongs to a person,
   * who signs in again over the page and never loses it to a move.
   */
  get present(): boolean {
    return this.userId !== null || csrfToken() !== null
  }

  /**
   * Renews the access token once for all tabs, or waits until the person has signed in again.
   * Resolves when requests may be sent.
   */
  renew(): Promise<void> {
    this.renewal ??= this.renewOnce().finally(() => {
      this.renewal = null
    })
    return this.renewal
  }

  private async renewOnce(): Promise<void> {
    const asked = Date.now()
    const renewed = await navigator.locks.request(LOCK, async () => {
      // Another tab may have renewed the shared cookies while this one waited for the lock.
      if (lastRefresh() >= asked) return true
      try {
        await authApi.refresh()
        noteRefresh()
        return true
      } catch (error) {
        if (!(error instanceof AuthError)) throw error
        // A tab without shared storage came first; its new cookies are already here.
        if (error.status === 409) return true
        if (error.status !== 401 && error.status !== 403) throw error
        return false
      }
    })
    if (!renewed) await this.expire()
  }

  private expire(): Promise<void> {
    if (this.userId === null) {
      const here = location.pathname + location.search
      this.places.leave(`${this.places.signInPath}?next=${encodeURIComponent(here)}`)
      return new Promise(() => {})
    }
    this.set('expired')
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  /** Called by the sign-in screens once the cookies are set. */
  signedIn(userId: string): void {
    this.channel.postMessage({ kind: 'signed-in', userId } satisfies Message)
    this.resume(userId)
  }

  private resume(userId: string): void {
    if (this.userId !== null && this.userId !== userId) {
      this.places.reload()
      return
    }
    noteRefresh()
    this.set('open')
    const waiting = this.waiting.splice(0)
    for (const go of waiting) go()
  }

  /** Ends the session on the server, here and in every other tab. */
  async signOut(): Promise<void> {
    try {
      await authApi.signOut()
    } finally {
      this.channel.postMessage({ kind: 'signed-out' } satisfies Message)
      this.places.leave(this.places.signInPath)
    }
  }

  private hear(message: Message): void {
    if (message.kind === 'signed-out') {
      if (this.userId !== null) this.places.leave(this.places.signInPath)
    } else if (this.userId !== null) this.resume(message.userId)
  }

  /** Stops listening to the other tabs. */
  close(): void {
    this.channel.close()
  }

  private set(state: State): void {
    this.state = state
    for (const listener of this.listeners) listener()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
  readonly current = (): State => this.state
}

export const session = new Session()

export function useSessionState(): State {
  return useSyncExternalStore(session.subscribe, session.current)
}
