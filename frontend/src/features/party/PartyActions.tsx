import Pencil from 'lucide-react/icons/pencil'
import { lazy, Suspense } from 'react'
import { can } from '@/domain/permissions'
import { IconButton } from '@/ui/Button'
import { ActionMenu } from '@/ui/Menu'
import type { Party } from './PartyPage'
import { t } from './words'

const PartyEditDialog = lazy(() => import('@/clients/PartyEditDialog').then((m) => ({ default: m.PartyEditDialog })))
const ContactsDialog = lazy(() => import('@/clients/ContactsDialog').then((m) => ({ default: m.ContactsDialog })))
const RelationshipDialog = lazy(() => import('@/clients/RelationshipDialog').then((m) => ({ default: m.RelationshipDialog })))
const PartyOwnersDialog = lazy(() => import('@/clients/PartyOwnersDialog').then((m) => ({ default: m.PartyOwnersDialog })))

export type PartyAct = 'edit' | 'contacts' | 'relate' | 'owners'

/** What this person may change of the party: from the menu beside its name, or from the part itself. */
export function PartyMenu({ party, onAct }: { party: Party; onAct: (act: PartyAct) => void }) {
  if (!can(party, 'EDIT_PARTY')) return null
  return (
    <ActionMenu
      label={t('change')}
      trigger={<IconButton icon={Pencil} label={t('change')} />}
      actions={[
        { id: 'edit', label: t('edit'), run: () => onAct('edit') },
        { id: 'contacts', label: t('editContacts'), run: () => onAct('contacts') },
        { id: 'relate', label: t('addRelationship'), run: () => onAct('relate') },
        ...(party.kind === 'PERSON' ? [] : [{ id: 'owners', label: t('editOwners'), run: () => onAct('owners') }]),
      ]}
    />
  )
}

export function PartyDialogs({ party, act, onClose }: { party: Party; act: PartyAct | null; onClose: () => void }) {
  const householdId = party.households[0]?.household.id ?? null
  return (
    <Suspense fallback={null}>
      {act === 'edit' ? <PartyEditDialog party={party} onClose={onClose} /> : null}
      {act === 'contacts' ? <ContactsDialog party={party} onClose={onClose} /> : null}
      {act === 'relate' ? <RelationshipDialog party={{ ...party, householdId }} onClose={onClose} /> : null}
      {act === 'owners' ? <PartyOwnersDialog party={{ ...party, householdId, owners: party.ownerships }} onClose={onClose} /> : null}
    </Suspense>
  )
}
