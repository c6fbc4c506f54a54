import { useState } from 'react'
import { RelatePartiesDocument, type PartyKind } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { Select } from '@/ui/Select'
import type { Found } from '@/ui/SearchPicker'
import { toast } from '@/ui/Toast'
import { Columns, Form, orNull, useChange } from './form'
import { FIRST_STANDING, standingsOf } from './partyForm'
import { PartyPicker, useMembers } from './pick'
import { standingWord } from './Relations'
import { c } from './words'

interface RelationshipDialogProps {
  party: { id: string; name: string; kind: PartyKind; householdId: string | null }
  onClose: () => void
  /** What it begins with, such as TRUSTEE_OF for a trust without a trustee. */
  standing?: string
}

/** What one party is to another from a day on: spouse, parent, trustee, trusted contact. */
export function RelationshipDialog({ party, onClose, standing: first }: RelationshipDialogProps) {
  const change = useChange(RelatePartiesDocument, 'relateParties', 'RelatePartiesSuccess')
  const members = useMembers(party.householdId)
  const [standing, setStanding] = useState(first ?? FIRST_STANDING[party.kind] ?? 'SPOUSE')
  const [who, setWho] = useState<Found | null>(null)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [touched, setTouched] = useState(false)
  const { said } = change
  const send = async () => {
    setTouched(true)
    const chosen = standingsOf(party.kind).find((one) => one.id === standing)
    if (!who || !chosen) return
    const [partyId, relatedId] = chosen.isInverse ? [who.id, party.id] : [party.id, who.id]
    if (!(await change.run({ input: { partyId, relatedId, kind: chosen.kind, effectiveFrom: orNull(from), effectiveTo: orNull(to) } }, c('relateSentence', { name: party.name })))) return
    toast(c('related', { name: party.name }))
    onClose()
  }
  return (
    <Form title={c('relateTitle', { name: party.name })} send={c('relateSave')} pending={change.pending} refusal={change.refusal} fields={['relatedId', 'partyId', 'kind', 'effectiveFrom', 'effectiveTo']} onSend={send} onClose={onClose}>
      <Select
        label={c('standingOf', { name: party.name })}
        value={standing}
        onChange={setStanding}
        choices={standingsOf(party.kind).map((one) => ({ value: one.id, label: standingWord(one.id) }))}
        error={said('kind')}
      />
      <PartyPicker
        label={c('standingWho')}
        value={who}
        onChange={setWho}
        suggested={members.filter((member) => member.id !== party.id)}
        error={(touched && !who ? c('whoNeeded') : undefined) ?? said('relatedId') ?? said('partyId')}
      />
      <Columns>
        <DateField label={c('from')} name={c('from')} value={from} onChange={setFrom} hint={c('todayHint')} error={said('effectiveFrom')} />
        <DateField label={c('until')} name={c('until')} value={to} onChange={setTo} hint={c('untilHint')} error={said('effectiveTo')} />
      </Columns>
    </Form>
  )
}
