import { useCallback, useState } from 'react'
import { UpdatePartyDocument, type PartyQuery } from '@/generated/graphql'
import { toast } from '@/ui/Toast'
import { Form, useChange } from './form'
import { changedDetails, type PartyFields } from './partyForm'
import { KycFields, nameMissing, PARTY_PATHS, WhoFields } from './PartyFieldset'
import { c } from './words'

type Party = Pick<
  NonNullable<PartyQuery['party']>,
  | 'id' | 'kind' | 'name' | 'givenName' | 'familyName' | 'status' | 'citizenship' | 'residence' | 'jurisdiction' | 'formedOn' | 'endedOn' | 'birthDateKnown'
  | 'taxIdLast4' | 'taxIdType' | 'kycState' | 'kycVerifiedOn' | 'kycRefreshDue' | 'riskProfile' | 'riskAssessedOn' | 'version'
>

function fieldsOf(party: Party): PartyFields {
  return {
    name: party.name,
    givenName: party.givenName ?? '',
    familyName: party.familyName ?? '',
    status: party.status,
    birthDate: '',
    taxId: '',
    taxIdType: party.taxIdType,
    citizenship: party.citizenship,
    residence: party.residence,
    jurisdiction: party.jurisdiction ?? '',
    formedOn: party.formedOn ?? '',
    endedOn: party.endedOn ?? '',
    kycState: party.kycState,
    kycVerifiedOn: party.kycVerifiedOn ?? '',
    kycRefreshDue: party.kycRefreshDue ?? '',
    riskProfile: party.riskProfile,
    riskAssessedOn: party.riskAssessedOn ?? '',
  }
}

/** The name as it is shown follows given and family name, unless it was another one and is kept. */
function nameOf(party: Party, fields: PartyFields): string {
  const before = [party.givenName, party.familyName].filter(Boolean).join(' ')
  const after = [fields.givenName.trim(), fields.familyName.trim()].filter(Boolean).join(' ')
  const follows = party.kind === 'PERSON' && fields.name.trim() === party.name && party.name === before
  return follows && after !== '' ? after : fields.name.trim()
}

/** Changes what is kept of a person or entity. What is kept encrypted stays unless something new is typed. */
export function PartyEditDialog({ party, onClose }: { party: Party; onClose: () => void }) {
  const change = useChange(UpdatePartyDocument, 'updateParty', 'UpdatePartySuccess')
  const [fields, setFields] = useState(() => fieldsOf(party))
  const [touched, setTouched] = useState(false)
  const set = useCallback((values: Partial<PartyFields>) => setFields((before) => ({ ...before, ...values })), [])
  const send = async () => {
    setTouched(true)
    if (nameMissing(party.kind, fields)) return
    const name = nameOf(party, fields)
    const value = await change.run(
      { input: { partyId: party.id, expectedVersion: party.version, name: name === '' ? null : name, details: changedDetails(party.kind, fields) } },
      c('editSentence', { name: party.name }),
    )
    if (!value) return
    toast(c('edited', { name }))
    onClose()
  }
  return (
    <Form wide title={c('editParty', { name: party.name })} send={c('save')} pending={change.pending} refusal={change.refusal} fields={PARTY_PATHS} onSend={send} onClose={onClose}>
      <WhoFields kind={party.kind} value={fields} onChange={set} said={change.said} touched={touched} isKnown keptTaxId={party.taxIdLast4} keptBirthDate={party.birthDateKnown} />
      <KycFields value={fields} onChange={set} said={change.said} />
    </Form>
  )
}
