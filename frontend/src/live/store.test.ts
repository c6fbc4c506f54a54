import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ValuesChangedSubscription } from '@/generated/graphql'
import { LiveStore, WATCHED_MAX, type Follow } from './store'

type Event = ValuesChangedSubscription['valuesChanged']
interface Stream {
  ids: readonly string[]
  send: (event: Event) => void
  resync: () => void
  stopped: boolean
}

const streams: Stream[] = []
const follow = ((_document: unknown, variables: { subjectIds: string[] }, handlers: { onEvent: (data: { valuesChanged: Event }) => void; onResync: () => void }) => {
  const stream: Stream = { ids: variables.subjectIds, send: (event) => handlers.onEvent({ valuesChanged: event }), resync: handlers.onResync, stopped: false }
  streams.push(stream)
  return () => {
    stream.stopped = true
  }
}) as unknown as Follow

const event = (value: string, over: Partial<Event> = {}): Event => ({
  __typename: 'ValuesEvent',
  seq: '1',
  resync: false,
  bookVersion: '4',
  at: '2021-03-31T20:00:00Z',
  source: 'simulation',
  isSimulation: true,
  gone: [],
  values: [
    { __typename: 'LiveValue', subjectId: 'a', currency: 'USD', value, bookValue: '100.00', change: '1.00', liabilities: null, netWorth: null, positions: [{ __typename: 'LivePosition', id: 'p', price: '1', value: '2', isQuoted: true }] },
  ],
  ...over,
})

const last = () => streams[streams.length - 1] as Stream
let store: LiveStore

beforeEach(() => {
  vi.useFakeTimers()
  streams.length = 0
  store = new LiveStore(follow)
})
afterEach(() => vi.useRealTimers())

describe('the store of live values', () => {
  it('asks once for what comes into view together, and again when that changes', () => {
    const stopA = store.watch(['b', 'a'])
    const stopB = store.watch(['a', 'c'])
    vi.advanceTimersByTime(200)
    expect(streams.map((stream) => stream.ids)).toEqual([['a', 'b', 'c']])
    stopB()
    vi.advanceTimersByTime(200)
    expect(last().ids).toEqual(['a', 'b'])
    expect(streams[0]?.stopped).toBe(true)
    stopA()
    vi.advanceTimersByTime(200)
    expect(last().stopped).toBe(true)
    expect(streams).toHaveLength(2)
  })

  it('tells listeners at most four times a second, and of the latest value', () => {
    store.watch(['a'])
    vi.advanceTimersByTime(200)
    const told: (string | null | undefined)[] = []
    store.subscribe('a', () => told.push(store.value('a')?.value))
    for (let tick = 0; tick < 20; tick += 1) {
      last().send(event(`${tick}.00`))
      vi.advanceTimersByTime(50)
    }
    vi.advanceTimersByTime(250)
    expect(told.length).toBeLessThanOrEqual(5)
    expect(told[told.length - 1]).toBe('19.00')
    expect(store.position('p')?.price).toBe('1')
  })

  it('does not tell of values that somebody else watches', () => {
    store.watch(['a', 'z'])
    vi.advanceTimersByTime(200)
    const told = vi.fn()
    store.subscribe('z', told)
    last().send(event('1.00'))
    vi.advanceTimersByTime(300)
    expect(told).not.toHaveBeenCalled()
  })

  it('reads everything again after a gap, after new books, and when something is gone', () => {
    store.watch(['a'])
    vi.advanceTimersByTime(200)
    const gap = vi.fn()
    store.onGap(gap)
    last().send(event('1.00'))
    vi.advanceTimersByTime(300)
    expect(gap).not.toHaveBeenCalled()
    last().resync()
    expect(gap).toHaveBeenCalledTimes(1)
    last().send(event('2.00', { bookVersion: '5' }))
    vi.advanceTimersByTime(300)
    expect(gap).toHaveBeenCalledTimes(2)
    last().send(event('2.00', { bookVersion: '5', values: [], gone: ['a'] }))
    vi.advanceTimersByTime(300)
    expect(gap).toHaveBeenCalledTimes(3)
    expect(store.value('a')).toBeUndefined()
  })

  it('forgets what nobody looks at, so that nothing old is shown later', () => {
    const stop = store.watch(['a'])
    vi.advanceTimersByTime(200)
    last().send(event('1.00'))
    vi.advanceTimersByTime(300)
    expect(store.currentStatus()).toMatchObject({ source: 'simulation', isSimulation: true, bookVersion: '4' })
    stop()
    vi.advanceTimersByTime(200)
    expect(store.value('a')).toBeUndefined()
    expect(store.currentStatus().source).toBeNull()
  })

  it('forgets the positions of what is no longer watched, and keeps those another still shows', () => {
    store.watch(['b'])
    const stop = store.watch(['a'])
    vi.advanceTimersByTime(200)
    const position = (id: string) => ({ __typename: 'LivePosition' as const, id, price: '1', value: '2', isQuoted: true })
    const value = (subjectId: string, ...positions: string[]) => ({ __typename: 'LiveValue' as const, subjectId, currency: 'USD', value: '1.00', bookValue: '1.00', change: '0.00', liabilities: null, netWorth: null, positions: positions.map(position) })
    last().send(event('1.00', { values: [value('a', 'p', 'shared'), value('b', 'q', 'shared')] }))
    vi.advanceTimersByTime(300)
    expect(store.position('p')?.price).toBe('1')
    stop()
    vi.advanceTimersByTime(200)
    expect(store.position('p')).toBeUndefined()
    expect(store.position('q')?.price).toBe('1')
    expect(store.position('shared')?.price).toBe('1')
  })

  it('never asks for more than the server takes', () => {
    store.watch(Array.from({ length: 250 }, (_, index) => `id-${index}`))
    vi.advanceTimersByTime(200)
    expect(last().ids).toHaveLength(WATCHED_MAX)
  })
})
