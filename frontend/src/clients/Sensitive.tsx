import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { SensitiveField } from '@/generated/graphql'
import { c } from './words'

const RevealDialog = lazy(() => import('./RevealDialog').then((m) => ({ default: m.RevealDialog })))

interface SensitiveProps {
  subject: { id: string; name: string }
  field: SensitiveField
  what: string
  masked: ReactNode
  mayReveal: boolean
}

/** A value that is kept encrypted. Revealed, it lives in this place alone and is gone with the page. */
export function Sensitive({ subject, field, what, masked, mayReveal }: SensitiveProps) {
  const [asking, setAsking] = useState(false)
  const [value, setValue] = useState<string | null>(null)
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-x-3">
      {value === null ? masked : <span className="identifier font-medium">{value}</span>}
      {value !== null ? (
        <button type="button" onClick={() => setValue(null)} className="min-h-6 rounded-chip font-medium text-accent hover:underline">
          {c('hide')}
        </button>
      ) : mayReveal ? (
        <button type="button" aria-label={c('revealWhat', { what })} onClick={() => setAsking(true)} className="min-h-6 rounded-chip font-medium text-accent hover:underline">
          {c('reveal')}
        </button>
      ) : null}
      {asking ? (
        <Suspense fallback={null}>
          <RevealDialog subject={subject} field={field} what={what} onClose={() => setAsking(false)} onRevealed={setValue} />
        </Suspense>
      ) : null}
    </span>
  )
}
