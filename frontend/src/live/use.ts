import { useCallback, useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { liveStore, type LivePosition, type LiveStatus, type LiveValue } from './store'

/** Follows the values of these subjects while the component is shown. */
export function useWatch(ids: readonly string[], onGap?: () => void): void {
  const key = ids.join(' ')
  const gap = useEffectEvent(() => onGap?.())
  useEffect(() => {
    if (key === '') return
    const stopWatching = liveStore.watch(key.split(' '))
    const stopListening = liveStore.onGap(() => gap())
    return () => {
      stopWatching()
      stopListening()
    }
  }, [key])
}

function useLiveOf<T>(id: string, read: () => T): T {
  const subscribe = useCallback((listener: () => void) => liveStore.subscribe(id, listener), [id])
  return useSyncExternalStore(subscribe, read)
}

export function useLiveValue(id: string): LiveValue | undefined {
  return useLiveOf(id, () => liveStore.value(id))
}

export function useLivePosition(id: string): LivePosition | undefined {
  return useLiveOf(id, () => liveStore.position(id))
}

export function useLiveStatus(): LiveStatus {
  return useLiveOf('status', () => liveStore.currentStatus())
}
