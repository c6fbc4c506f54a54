import type { CreatePartyInput, KycState, PartyDetails, PartyKind, PartyStatus, RelationshipKind, RiskProfile, TaxIdType } from '@/generated/graphql'
import { orNull } from './form'

/** What a person types of a party; empty text is no value. */
export interface PartyFields {
  name: string
  givenName: string
  familyName: string
  status: PartyStatus
  birthDate: string
  taxIdType: TaxIdType | null
  taxId: string
  citizenship: string | null
  residence: string | null
  jurisdiction: string
  formedOn: string
  endedOn: string
  kycState: KycState
  kycVerifiedOn: string
  kycRefreshDue: string
  riskProfile: RiskProfile | null
  riskAssessedOn: string
}

export const EMPTY_PARTY: PartyFields = {
  name: '',
  givenName: '',
  familyName: '',
  status: 'ACTIVE',
  birthDate: '',
  taxIdType: null,
  taxId: '',
  citizenship: null,
  residence: null,
  jurisdiction: '',
  formedOn: '',
  endedOn: '',
  kycState: 'NOT_STARTED',
  kycVerifiedOn: '',
  kycRefreshDue: '',
  riskProfile: null,
  riskAssessedOn: '',
}

/** Which tax ids a kind may have; the server holds the same. */
export const TAX_IDS: Record<PartyKind, readonly TaxIdType[]> = {
  PERSON: ['SSN', 'ITIN', 'FOREIGN'],
  TRUST: ['EIN', 'SSN', 'ITIN', 'FOREIGN'],
  COMPANY: ['EIN', 'SSN', 'ITIN', 'FOREIGN'],
  ESTATE: ['EIN', 'FOREIGN'],
}

export const STATUSES: Record<PartyKind, readonly PartyStatus[]> = {
  PERSON: ['ACTIVE', 'PROSPECT', 'FORMER', 'DECEASED'],
  TRUST: ['ACTIVE', 'PROSPECT', 'FORMER', 'DISSOLVED'],
  COMPANY: ['ACTIVE', 'PROSPECT', 'FORMER', 'DISSOLVED'],
  ESTATE: ['ACTIVE', 'PROSPECT', 'FORMER', 'DISSOLVED'],
}

/** Of both kinds, but for the secret values. */
function plainDetails(kind: PartyKind, of: PartyFields): PartyDetails {
  const person = kind === 'PERSON'
  return {
    ...(person ? { givenName: orNull(of.givenName), familyName: orNull(of.familyName), citizenship: of.citizenship } : { formedOn: orNull(of.formedOn) }),
    residence: of.residence,
    jurisdiction: orNull(of.jurisdiction),
    status: of.status,
    endedOn: orNull(of.endedOn),
    kycState: of.kycState,
    kycVerifiedOn: orNull(of.kycVerifiedOn),
    kycRefreshDue: orNull(of.kycRefreshDue),
    riskProfile: of.riskProfile,
    riskAssessedOn: orNull(of.riskAssessedOn),
  }
}

/** Everything, for a new party. */
export function newDetails(kind: PartyKind, of: PartyFields): PartyDetails {
  return {
    ...plainDetails(kind, of),
    ...(kind === 'PERSON' ? { birthDate: orNull(of.birthDate) } : {}),
    taxId: orNull(of.taxId),
    taxIdType: of.taxId.trim() === '' ? null : of.taxIdType,
  }
}

/** What was changed, for one that is there; a tax id or birth date that was not typed stays as it is kept. */
export function changedDetails(kind: PartyKind, of: PartyFields): PartyDetails {
  return {
    ...plainDetails(kind, of),
    ...(kind === 'PERSON' && of.birthDate !== '' ? { birthDate: of.birthDate } : {}),
    ...(of.taxId.trim() === '' ? {} : { taxId: of.taxId.trim(), taxIdType: of.taxIdType }),
  }
}

/** How one party stands to another, read from the first: "is parent of", "has as trustee". */
export type Standing = { id: string; kind: RelationshipKind; isInverse: boolean }

const standing = (kind: RelationshipKind, isInverse = false): Standing => ({ id: isInverse ? `${kind}_OF` : kind, kind, isInverse })

/** isInverse: the other one is `kind` of the party. */
export const STANDINGS: readonly Standing[] = [
  standing('SPOUSE'),
  standing('FORMER_SPOUSE'),
  standing('PARTNER'),
  standing('PARENT', true),
  standing('PARENT'),
  standing('SIBLING'),
  standing('GUARDIAN', true),
  standing('GUARDIAN'),
  standing('TRUSTED_CONTACT', true),
  standing('TRUSTED_CONTACT'),
  standing('ACCOUNTANT', true),
  standing('ACCOUNTANT'),
  standing('ATTORNEY', true),
  standing('ATTORNEY'),
  standing('TRUSTEE', true),
  standing('TRUSTEE'),
  standing('GRANTOR', true),
  standing('GRANTOR'),
  standing('EXECUTOR', true),
  standing('EXECUTOR'),
  standing('OFFICER', true),
  standing('OFFICER'),
  standing('EMPLOYER', true),
  standing('EMPLOYER'),
]

const OF_ENTITIES: readonly string[] = ['TRUSTEE_OF', 'GRANTOR_OF', 'EXECUTOR_OF', 'OFFICER_OF', 'ACCOUNTANT_OF', 'ATTORNEY_OF', 'TRUSTED_CONTACT_OF']
const PEOPLE_HAVE: ReadonlySet<string> = new Set(['TRUSTEE_OF', 'GRANTOR_OF', 'EXECUTOR_OF', 'OFFICER_OF'])
const ENTITIES_ARE: ReadonlySet<string> = new Set(['TRUSTEE', 'GRANTOR', 'EXECUTOR', 'EMPLOYER', 'ATTORNEY', 'ACCOUNTANT'])

/** Those that make sense of this kind of party. */
export function standingsOf(kind: PartyKind): readonly Standing[] {
  return STANDINGS.filter((one) => (kind === 'PERSON' ? !PEOPLE_HAVE.has(one.id) : OF_ENTITIES.includes(one.id) || ENTITIES_ARE.has(one.id)))
}

/** The standing a new entity begins with: a trust has a trustee, an estate an executor. */
export const FIRST_STANDING: Record<PartyKind, string | null> = { PERSON: null, TRUST: 'TRUSTEE_OF', COMPANY: null, ESTATE: 'EXECUTOR_OF' }

export interface ContactFields {
  email: string
  phone: string
  address: string
}

type Contacts = NonNullable<CreatePartyInput['contacts']>

/** In this order, so that the place of a refused one is known. */
export function newContacts({ email, phone, address }: ContactFields): { kind: keyof ContactFields; input: Contacts extends readonly (infer One)[] ? One : never }[] {
  const all = [
    { kind: 'email' as const, value: email, input: { kind: 'EMAIL' as const, label: '', value: email.trim(), isPrimary: true } },
    { kind: 'phone' as const, value: phone, input: { kind: 'PHONE' as const, label: '', value: phone.trim(), isPrimary: true } },
    { kind: 'address' as const, value: address, input: { kind: 'ADDRESS' as const, label: '', value: address.trim(), isPrimary: true } },
  ]
  return all.filter((one) => one.value.trim() !== '').map(({ kind, input }) => ({ kind, input }))
}
