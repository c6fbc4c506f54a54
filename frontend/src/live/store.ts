import type { followLive } from '@/data/live'
import { ValuesChangedDocument, type ValuesChangedSubscription } from '@/generated/graphql'

type Event = ValuesChangedSubscription['valuesChanged']

/** A household, an account or what was opened to somebody, as the server values it at the latest quotes. */
export type LiveValue = Omit<Event['values'][number], 'positions'>
export type LivePosition = Event['values'][number]['positions'][number]

/** Where the quotes come from and how old the last of them is. */
export interface LiveStatus {
  /** Null while there are no quotes: values are the books' own then. */
  source: string | null
  isSimulation: boolean
  bookVersion: string | null
  /** When the last change arrived here, in epoch milliseconds; null before the first. */
  receivedAt: number | null
}

export type Follow = typeof followLive

/** The code of the stream comes with the first watch: a page that is read once needs none of it. */
const followLater: Follow = (...given) => {
  let stop: (() => void) | null = null
  let stopped = false
  void import('@/data/live').then((live) => {
    if (!stopped) stop = live.followLive(...given)
  })
  return () => {
    stopped = true
    stop?.()
  }
}

const FLUSH_MS = 250
/** What comes into view together is asked for together. */
const GATHER_MS = 120
/** As many as the server takes in one stream. */
export const WATCHED_MAX = 100
const NO_STATUS: LiveStatus = { source: null, isSimulation: false, bookVersion: null, receivedAt: null }

/**
 * The latest values of what is in view. One stream for the page; listeners are told at most four times a second, each of
 * its own value alone. Nothing is added up here: every figure is the server's.
 */
export class LiveStore {
  private readonly watched = new Map<string, number>()
  private readonly values = new Map<string, LiveValue>()
  private readonly positions = new Map<string, LivePosition>()
  /** Whose positions are kept. */
  private readonly positionsOf = new Map<string, Set<string>>()
  private readonly listeners = new Map<string, Set<() => void>>()
  private readonly gapListeners = new Set<() => void>()
  private status: LiveStatus = NO_STATUS
  private stop: (() => void) | null = null
  private following = ''
  private gathering: ReturnType<typeof setTimeout> | null = null
  private flushing: ReturnType<typeof setTimeout> | null = null
  private flushedAt = 0
  private pending: Event[] = []

  constructor(private readonly follow: Follow = followLater) {}

  /** Watches until the returned function is called. */
  watch(ids: readonly string[]): () => void {
    for (const id of ids) this.watched.set(id, (this.watched.get(id) ?? 0) + 1)
    this.gather()
    return () => {
      for (const id of ids) {
        const left = (this.watched.get(id) ?? 1) - 1
        if (left > 0) this.watched.set(id, left)
        else this.watched.delete(id)
      }
      this.gather()
    }
  }

  value(id: string): LiveValue | undefined {
    return this.values.get(id)
  }

  position(id: string): LivePosition | undefined {
    return this.positions.get(id)
  }

  currentStatus(): LiveStatus {
    return this.status
  }

  /** Told of changes of one value or position (by its id), or of the status ('status'). */
  subscribe(id: string, listener: () => void): () => void {
    const known = this.listeners.get(id) ?? new Set()
    known.add(listener)
    this.listeners.set(id, known)
    return () => {
      known.delete(listener)
      if (known.size === 0) this.listeners.delete(id)
    }
  }

  /** Told when what was missed cannot be made up, or the books themselves have changed: pages read again. */
  onGap(listener: () => void): () => void {
    this.gapListeners.add(listener)
    return () => this.gapListeners.delete(listener)
  }

  private gather(): void {
    if (this.gathering !== null) return
    this.gathering = setTimeout(() => {
      this.gathering = null
      this.start()
    }, GATHER_MS)
  }

  private start(): void {
    const ids = [...this.watched.keys()].slice(0, WATCHED_MAX).sort()
    const wanted = ids.join(' ')
    if (wanted === this.following) return
    this.stop?.()
    this.stop = null
    this.following = wanted
    this.forget(new Set(ids))
    if (ids.length === 0) return
    this.stop = this.follow(
      ValuesChangedDocument,
      { subjectIds: ids },
      { event: (data) => data.valuesChanged, onEvent: (data) => this.take(data.valuesChanged), onResync: () => this.gap() },
    )
  }

  /** What nobody looks at any more is not kept: it would be old when somebody looks again. */
  private forget(kept: ReadonlySet<string>): void {
    for (const id of this.values.keys()) if (!kept.has(id)) this.values.delete(id)
    for (const [id, positions] of this.positionsOf) {
      if (kept.has(id)) continue
      this.positionsOf.delete(id)
      for (const position of positions) this.forgetPosition(position)
    }
    if (kept.size === 0) {
      this.status = NO_STATUS
      this.pending = []
    }
  }

  /** A position two of the watched show is kept for the other. */
  private forgetPosition(id: string): void {
    for (const positions of this.positionsOf.values()) if (positions.has(id)) return
    this.positions.delete(id)
  }

  private take(event: Event): void {
    this.pending.push(event)
    if (this.flushing !== null) return
    const wait = Math.max(0, this.flushedAt + FLUSH_MS - Date.now())
    this.flushing = setTimeout(() => {
      this.flushing = null
      this.flush()
    }, wait)
  }

  private flush(): void {
    this.flushedAt = Date.now()
    const changed = new Set<string>(['status'])
    const before = this.status.bookVersion
    for (const event of this.pending) {
      for (const { positions, ...value } of event.values) {
        this.values.set(value.subjectId, value)
        changed.add(value.subjectId)
        const known = this.positionsOf.get(value.subjectId) ?? new Set()
        this.positionsOf.set(value.subjectId, known)
        for (const position of positions) {
          known.add(position.id)
          this.positions.set(position.id, position)
          changed.add(position.id)
        }
      }
      for (const id of event.gone) {
        this.values.delete(id)
        changed.add(id)
      }
      this.status = { source: event.source, isSimulation: event.isSimulation, bookVersion: event.bookVersion, receivedAt: this.flushedAt }
    }
    const gone = this.pending.some((event) => event.gone.length > 0)
    this.pending = []
    for (const id of changed) for (const listener of this.listeners.get(id) ?? []) listener()
    if (gone || (before !== null && before !== this.status.bookVersion)) this.gap()
  }

  private gap(): void {
    for (const listener of this.gapListeners) listener()
  }
}

/** One for the page: a change of person or firm reloads it. */
export const liveStore = new LiveStore()
