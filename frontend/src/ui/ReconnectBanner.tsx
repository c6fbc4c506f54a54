import { useEffect, useState } from 'react'
import { Banner } from './Banner'
import { words } from './words'

const PATIENCE_MS = 3_000

/** Appears when the connection has been gone for three seconds, and counts. `lostSince` is in epoch milliseconds. */
export function ReconnectBanner({ lostSince }: { lostSince: number | null }) {
  const [now, setNow] = useState(0)
  useEffect(() => {
    if (lostSince === null) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [lostSince])
  if (lostSince === null || now - lostSince < PATIENCE_MS) return null
  return (
    <Banner status="attention" urgent>
      {words('reconnecting', { seconds: Math.round((now - lostSince) / 1000) })}
    </Banner>
  )
}
