import { useState } from 'react'
import { percentOf, shareOf } from '@/domain/shares'
import { SetPartyOwnersDocument } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { toast } from '@/ui/Toast'
import { Form, orNull, useChange } from './form'
import { useMembers } from './pick'
import { freshShare, rowKey, SharedRows, sharesReady, type SharedRow } from './rows'
import { c } from './words'

interface PartyOwnersDialogProps {
  party: { id: string; name: string; version: number; householdId: string | null; owners: readonly { share: string; party: { id: string; name: string } }[] }
  onClose: () => void
}

/** Who owns a trust or company from a day on, all together: 60/40 can become 40/60 in one go. */
export function PartyOwnersDialog({ party, onClose }: PartyOwnersDialogProps) {
  const change = useChange(SetPartyOwnersDocument, 'setPartyOwners', 'SetPartyOwnersSuccess')
  const members = useMembers(party.householdId)
  const [rows, setRows] = useState<SharedRow[]>(() =>
    party.owners.length > 0 ? party.owners.map(({ share, party: { id, name } }) => ({ key: rowKey(), who: { id, label: name }, share: percentOf(share) })) : [freshShare()],
  )
  const [from, setFrom] = useState('')
  const [touched, setTouched] = useState(false)
  const send = async () => {
    setTouched(true)
    if (!sharesReady(rows, true)) return
    const owners = rows.map((row) => ({ ownerId: row.who?.id ?? '', share: shareOf(row.share) ?? '' }))
    if (!(await change.run({ input: { ownedId: party.id, expectedVersion: party.version, owners, effectiveFrom: orNull(from) } }, c('partyOwnersSentence', { name: party.name })))) return
    toast(c('partyOwnersSaved', { name: party.name }))
    onClose()
  }
  return (
    <Form wide title={c('partyOwnersOf', { name: party.name })} send={c('save')} pending={change.pending} refusal={change.refusal} fields={['ownerId', 'share', 'owners', 'effectiveFrom']} onSend={send} onClose={onClose}>
      <p className="text-text-2">{c('partyOwnersHint')}</p>
      <SharedRows
        rows={rows}
        onChange={setRows}
        suggested={members.filter((member) => member.id !== party.id)}
        who={c('owner')}
        add={c('addOwner')}
        remove={(place) => c('removeOwner', { place })}
        touched={touched}
        needsShare
        said={(place, field) => change.said('owners', place, field === 'who' ? 'ownerId' : 'share')}
        error={change.said('owners')}
      />
      <DateField label={c('effectiveFrom')} name={c('effectiveFrom')} value={from} onChange={setFrom} hint={c('effectiveHint')} error={change.said('effectiveFrom')} />
    </Form>
  )
}
