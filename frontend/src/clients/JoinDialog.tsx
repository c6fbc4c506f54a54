import { useState } from 'react'
import { AddHouseholdAccountDocument, AddHouseholdMemberDocument, type MemberRole } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { partyWord } from '@/ui/party/words'
import type { Found } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { toast } from '@/ui/Toast'
import { Columns, Form, orNull, useChange } from './form'
import { AccountPicker, PartyPicker } from './pick'
import { PERSON_ROLES } from './PartyDialog'
import { c } from './words'

const ROLES: readonly MemberRole[] = [...PERSON_ROLES, 'ENTITY']

/** Somebody who is on the books already belongs to this household too, between two days. */
export function JoinDialog({ household, onClose }: { household: { id: string; name: string }; onClose: () => void }) {
  const change = useChange(AddHouseholdMemberDocument, 'addHouseholdMember', 'AddHouseholdMemberSuccess')
  const [who, setWho] = useState<Found | null>(null)
  const [role, setRole] = useState<MemberRole | null>(null)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [touched, setTouched] = useState(false)
  const { said } = change
  const send = async () => {
    setTouched(true)
    if (!who || !role) return
    const input = { householdId: household.id, partyId: who.id, role, effectiveFrom: orNull(from), effectiveTo: orNull(to) }
    if (!(await change.run({ input }, c('joinSentence', { name: who.label, household: household.name })))) return
    toast(c('joined', { name: who.label, household: household.name }))
    onClose()
  }
  return (
    <Form title={c('joinTitle', { household: household.name })} send={c('joinSave')} pending={change.pending} refusal={change.refusal} fields={['partyId', 'role', 'effectiveFrom', 'effectiveTo']} onSend={send} onClose={onClose}>
      <PartyPicker label={c('joinWho')} value={who} onChange={setWho} error={(touched && !who ? c('whoNeeded') : undefined) ?? said('partyId')} />
      <Select
        label={c('memberRole')}
        value={role}
        onChange={setRole}
        placeholder={c('choose')}
        choices={ROLES.map((each) => ({ value: each, label: partyWord('member', each), ...(each === 'ENTITY' ? { detail: c('entityDetail') } : {}) }))}
        error={(touched && !role ? c('roleNeeded') : undefined) ?? said('role')}
      />
      <Columns>
        <DateField label={c('memberSince')} name={c('memberSince')} value={from} onChange={setFrom} hint={c('todayHint')} error={said('effectiveFrom')} />
        <DateField label={c('until')} name={c('until')} value={to} onChange={setTo} hint={c('untilHint')} error={said('effectiveTo')} />
      </Columns>
    </Form>
  )
}

/** An account that is on the books already belongs to this household too. */
export function JoinAccountDialog({ household, onClose }: { household: { id: string; name: string }; onClose: () => void }) {
  const change = useChange(AddHouseholdAccountDocument, 'addHouseholdAccount', 'AddHouseholdAccountSuccess')
  const [which, setWhich] = useState<Found | null>(null)
  const [from, setFrom] = useState('')
  const [touched, setTouched] = useState(false)
  const send = async () => {
    setTouched(true)
    if (!which) return
    const input = { householdId: household.id, accountId: which.id, effectiveFrom: orNull(from) }
    if (!(await change.run({ input }, c('joinSentence', { name: which.label, household: household.name })))) return
    toast(c('joined', { name: which.label, household: household.name }))
    onClose()
  }
  return (
    <Form title={c('joinAccountTitle', { household: household.name })} send={c('joinSave')} pending={change.pending} refusal={change.refusal} fields={['accountId', 'effectiveFrom']} onSend={send} onClose={onClose}>
      <AccountPicker label={c('joinAccount')} value={which} onChange={setWhich} error={(touched && !which ? c('accountNeeded') : undefined) ?? change.said('accountId')} />
      <DateField label={c('memberSince')} name={c('memberSince')} value={from} onChange={setFrom} hint={c('todayHint')} error={change.said('effectiveFrom')} />
    </Form>
  )
}
