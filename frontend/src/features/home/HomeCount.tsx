import { useEffect, useState } from 'react'
import { useRead } from '@/data'
import { WorkKindsDocument } from '@/generated/graphql'
import { Figure } from '@/ui/Figure'

const FIRM = { scope: 'FIRM' as const }
const QUIET_MS = 1_500

/** How much is open, at the end of Home's line in the rail. Asked for once the page itself has what it needs. */
export function HomeCount() {
  const [quiet, setQuiet] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(true), QUIET_MS)
    return () => clearTimeout(timer)
  }, [])
  const { data } = useRead(WorkKindsDocument, FIRM, { pause: !quiet })
  return data && data.workSummary.openCount > 0 ? <Figure kind="count" value={String(data.workSummary.openCount)} /> : null
}
