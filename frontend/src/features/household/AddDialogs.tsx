import { lazy, Suspense } from 'react'
import type { PartyKind } from '@/generated/graphql'

const PartyDialog = lazy(() => import('@/clients/PartyDialog').then((m) => ({ default: m.PartyDialog })))
const JoinDialog = lazy(() => import('@/clients/JoinDialog').then((m) => ({ default: m.JoinDialog })))
const JoinAccountDialog = lazy(() => import('@/clients/JoinDialog').then((m) => ({ default: m.JoinAccountDialog })))
const OpenAccountDialog = lazy(() => import('@/clients/OpenAccountDialog').then((m) => ({ default: m.OpenAccountDialog })))
const DebtDialog = lazy(() => import('@/clients/DebtDialogs').then((m) => ({ default: m.DebtDialog })))

/** What may be added to a household. */
export type Adding = PartyKind | 'KNOWN' | 'ACCOUNT' | 'KNOWN_ACCOUNT' | 'DEBT'

const KINDS: ReadonlySet<string> = new Set(['PERSON', 'TRUST', 'COMPANY', 'ESTATE'])

export function AddDialogs({ household, adding, onClose }: { household: { id: string; name: string }; adding: Adding | null; onClose: () => void }) {
  return (
    <Suspense fallback={null}>
      {adding !== null && KINDS.has(adding) ? <PartyDialog household={household} kind={adding as PartyKind} onClose={onClose} /> : null}
      {adding === 'KNOWN' ? <JoinDialog household={household} onClose={onClose} /> : null}
      {adding === 'ACCOUNT' ? <OpenAccountDialog household={household} onClose={onClose} /> : null}
      {adding === 'KNOWN_ACCOUNT' ? <JoinAccountDialog household={household} onClose={onClose} /> : null}
      {adding === 'DEBT' ? <DebtDialog household={household} onClose={onClose} /> : null}
    </Suspense>
  )
}
