import { useState } from 'react'
import { EndHouseholdAccountDocument, EndHouseholdMembershipDocument, EndRelationshipDocument } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { toast } from '@/ui/Toast'
import { Form, useChange } from './form'
import { c } from './words'

/** What ends: it holds until the day before, and stays readable for every day it held. */
export type Ending =
  | { what: 'relationship'; id: string; sentence: string }
  | { what: 'member'; householdId: string; partyId: string; sentence: string }
  | { what: 'account'; householdId: string; accountId: string; sentence: string }

export function EndDialog({ ending, onClose }: { ending: Ending; onClose: () => void }) {
  const { businessDate } = useEnvironment()
  const relationship = useChange(EndRelationshipDocument, 'endRelationship', 'EndRelationshipSuccess')
  const member = useChange(EndHouseholdMembershipDocument, 'endHouseholdMembership', 'EndHouseholdMembershipSuccess')
  const account = useChange(EndHouseholdAccountDocument, 'endHouseholdAccount', 'EndHouseholdAccountSuccess')
  const change = { relationship, member, account }[ending.what]
  const [day, setDay] = useState(businessDate ?? '')
  const [touched, setTouched] = useState(false)
  const end = () => {
    if (ending.what === 'relationship') return relationship.run({ input: { relationshipId: ending.id, endedOn: day } }, ending.sentence)
    if (ending.what === 'member') return member.run({ input: { householdId: ending.householdId, partyId: ending.partyId, endedOn: day } }, ending.sentence)
    return account.run({ input: { householdId: ending.householdId, accountId: ending.accountId, endedOn: day } }, ending.sentence)
  }
  const send = async () => {
    setTouched(true)
    if (day === '' || !(await end())) return
    toast(c('ended'))
    onClose()
  }
  return (
    <Form danger title={c(`end_${ending.what}`)} send={c('endSave')} pending={change.pending} refusal={change.refusal} fields={['endedOn', 'effectiveFrom']} onSend={send} onClose={onClose}>
      <p className="text-text-2">{ending.sentence}</p>
      <DateField
        label={c('endedFrom')}
        name={c('endedFrom')}
        value={day}
        onChange={setDay}
        hint={c('endedFromHint')}
        error={(touched && day === '' ? c('dayNeeded') : undefined) ?? change.said('endedOn') ?? change.said('effectiveFrom')}
      />
    </Form>
  )
}
