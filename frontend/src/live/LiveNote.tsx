import { useEffect, useState } from 'react'
import { cx } from '@/ui/cx'
import { useLostSince } from '@/data/connection'
import { Status } from '@/ui/Status'
import { useLiveStatus } from './use'
import { liveWords } from './words'

/** A market that says nothing for so long is worth a word. */
export const STALE_MS = 40_000
/** After so long the page says itself that the connection is lost. */
const LOST_MS = 3_000

/** Says that the values move, by whose quotes, and when none has come for a while. Empty while nothing is live. */
export function LiveNote({ className }: { className?: string }) {
  const { source, isSimulation, receivedAt } = useLiveStatus()
  const lostSince = useLostSince()
  const [now, setNow] = useState(0)
  useEffect(() => {
    if (source === null) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [source])
  // Its place is kept, so that nothing moves when the first quote comes.
  if (source === null || receivedAt === null) return <p className={cx('min-h-6', className)} />
  const age = now - receivedAt
  const isStale = age >= STALE_MS || (lostSince !== null && now - lostSince >= LOST_MS)
  return (
    <p className={cx('min-h-6', className)} data-live={isStale ? 'stale' : 'live'}>
      {isStale ? (
        <span title={liveWords('staleHint')}>
          <Status is="attention">{liveWords('stale', { seconds: Math.max(0, Math.round(age / 1_000)) })}</Status>
        </span>
      ) : (
        <Status is="fine">{isSimulation ? liveWords('simulated') : liveWords('live', { source })}</Status>
      )}
    </p>
  )
}
