import { useCallback, useState } from 'react'
import { shareOf } from '@/domain/shares'
import { CreatePartyDocument, type MemberRole, type PartyKind } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { partyWord } from '@/ui/party/words'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { Columns, Form, orNull, Part, useChange, useKeyed } from './form'
import { EMPTY_PARTY, FIRST_STANDING, newContacts, newDetails, type ContactFields, type PartyFields } from './partyForm'
import { KycFields, nameMissing, PARTY_PATHS, WhoFields } from './PartyFieldset'
import { useMembers } from './pick'
import { freshRelation, relationInput, RelationRows, type RelationRow } from './Relations'
import { SharedRows, sharesReady, type SharedRow } from './rows'
import { c } from './words'

export const PERSON_ROLES: readonly MemberRole[] = ['HEAD', 'SPOUSE', 'PARTNER', 'CHILD', 'DEPENDANT']
const FIELDS = [...PARTY_PATHS, 'value', 'role', 'effectiveFrom', 'otherId', 'relatedId', 'partyId', 'ownerId', 'share', 'kind', 'owners']

interface PartyDialogProps {
  household: { id: string; name: string }
  kind: PartyKind
  onClose: () => void
}

/** A new person, trust, company or estate of a household: all of it is written together, or nothing. */
export function PartyDialog({ household, kind, onClose }: PartyDialogProps) {
  const members = useMembers(household.id)
  const change = useChange(CreatePartyDocument, 'createParty', 'CreatePartySuccess')
  const keyed = useKeyed()
  const [fields, setFields] = useState(EMPTY_PARTY)
  const patch = useCallback((values: Partial<PartyFields>) => setFields((before) => ({ ...before, ...values })), [])
  const [contacts, setContacts] = useState<ContactFields>({ email: '', phone: '', address: '' })
  const [role, setRole] = useState<MemberRole | null>(kind === 'PERSON' ? null : 'ENTITY')
  const [since, setSince] = useState('')
  const [relations, setRelations] = useState<RelationRow[]>(() => (FIRST_STANDING[kind] ? [freshRelation(kind)] : []))
  const [owners, setOwners] = useState<SharedRow[]>([])
  const [ownedFrom, setOwnedFrom] = useState('')
  const [touched, setTouched] = useState(false)
  const { said } = change
  // The first person of a household is its head, until somebody says otherwise.
  const chosen = role ?? (members.some((member) => member.role === 'HEAD') ? null : 'HEAD')
  const sent = newContacts(contacts)
  const saidOf = (which: keyof ContactFields) => said('contacts', sent.findIndex((one) => one.kind === which), 'value')

  const send = async () => {
    setTouched(true)
    const related = relations.map((row) => relationInput(kind, row))
    if (nameMissing(kind, fields) || !chosen || related.includes(null) || !sharesReady(owners, true)) return
    const begins = orNull(since)
    const value = await change.run(
      {
        input: keyed({
          kind,
          name: kind === 'PERSON' ? null : fields.name.trim(),
          details: newDetails(kind, fields),
          contacts: sent.map((one) => one.input),
          membership: { householdId: household.id, role: chosen, effectiveFrom: begins },
          relationships: related.flatMap((one) => (one ? [{ ...one, effectiveFrom: begins }] : [])),
          owners: owners.map((row) => ({ ownerId: row.who?.id ?? '', share: shareOf(row.share) ?? '' })),
          ownedFrom: orNull(ownedFrom) ?? begins,
        }),
      },
      c('partySentence', { name: household.name }),
    )
    if (!value) return
    toast(c('partyAdded', { household: household.name }))
    onClose()
  }

  return (
    <Form wide title={c(`newParty_${kind}`, { household: household.name })} send={c('partySave')} pending={change.pending} refusal={change.refusal} fields={FIELDS} onSend={send} onClose={onClose}>
      <WhoFields kind={kind} value={fields} onChange={patch} said={said} touched={touched} />
      <Part title={c('placePart')}>
        <Columns>
          {kind === 'PERSON' ? (
            <Select
              label={c('memberRole')}
              value={chosen}
              onChange={setRole}
              placeholder={c('choose')}
              choices={PERSON_ROLES.map((each) => ({ value: each, label: partyWord('member', each) }))}
              error={(touched && !chosen ? c('roleNeeded') : undefined) ?? said('membership', 'role')}
            />
          ) : null}
          <DateField label={c('memberSince')} name={c('memberSince')} value={since} onChange={setSince} hint={c('todayHint')} error={said('membership', 'effectiveFrom')} />
        </Columns>
      </Part>
      {kind === 'COMPANY' || kind === 'TRUST' ? (
        <Part title={c('ownersPart')} hint={c(kind === 'TRUST' ? 'ownersPartTrust' : 'ownersPartHint')}>
          <SharedRows
            rows={owners}
            onChange={setOwners}
            suggested={members}
            who={c('owner')}
            add={c('addOwner')}
            remove={(place) => c('removeOwner', { place })}
            touched={touched}
            needsShare
            said={(place, field) => said('owners', place, field === 'who' ? 'ownerId' : 'share')}
            error={said('owners')}
          />
          {owners.length > 0 ? <DateField label={c('ownedFrom')} name={c('ownedFrom')} value={ownedFrom} onChange={setOwnedFrom} hint={c('ownedFromHint')} error={said('effectiveFrom')} /> : null}
        </Part>
      ) : null}
      <Part title={c('relationsPart')} hint={c(`relations_${kind}`)}>
        <RelationRows
          kind={kind}
          rows={relations}
          onChange={setRelations}
          suggested={members}
          touched={touched}
          said={(place, ...names) => names.map((name) => said('relationships', place, name)).find(Boolean)}
        />
      </Part>
      <Part title={c('contactsPart')}>
        <Columns>
          <TextField label={c('email')} type="email" autoComplete="off" value={contacts.email} onChange={(email) => setContacts({ ...contacts, email })} maxLength={254} error={saidOf('email')} />
          <TextField label={c('phone')} type="tel" autoComplete="off" value={contacts.phone} onChange={(phone) => setContacts({ ...contacts, phone })} maxLength={40} error={saidOf('phone')} />
        </Columns>
        <TextField label={c('address')} multiline value={contacts.address} onChange={(address) => setContacts({ ...contacts, address })} maxLength={400} error={saidOf('address')} />
      </Part>
      <KycFields value={fields} onChange={patch} said={said} />
    </Form>
  )
}
