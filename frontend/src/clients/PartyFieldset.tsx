import { useCallback, useMemo } from 'react'
import type { KycState, PartyKind, RiskProfile, TaxIdType } from '@/generated/graphql'
import { countries } from '@/domain/countries'
import { formatLocale } from '@/domain/text'
import { DateField } from '@/ui/DateField'
import { partyWord } from '@/ui/party/words'
import { SearchPicker } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { Columns, Part, type Said } from './form'
import { STATUSES, TAX_IDS, type PartyFields } from './partyForm'
import { c } from './words'

const KYC_STATES: readonly KycState[] = ['NOT_STARTED', 'IN_PROGRESS', 'VERIFIED', 'REJECTED']
const RISKS: readonly RiskProfile[] = ['CONSERVATIVE', 'MODERATELY_CONSERVATIVE', 'MODERATE', 'MODERATELY_AGGRESSIVE', 'AGGRESSIVE']
const NONE = 'NONE'

/** The paths of these fields end so; their problems stand beside them. */
export const PARTY_PATHS = [
  'name', 'givenName', 'familyName', 'status', 'birthDate', 'taxId', 'taxIdType', 'citizenship', 'residence', 'jurisdiction', 'formedOn', 'endedOn',
  'kycState', 'kycVerifiedOn', 'kycRefreshDue', 'riskProfile', 'riskAssessedOn',
] as const

interface FieldsetProps {
  kind: PartyKind
  value: PartyFields
  onChange: (values: Partial<PartyFields>) => void
  said: Said
  touched: boolean
  /** A party that is there: its status and end can be said, and its secret values stay when nothing is typed. */
  isKnown?: boolean
  keptTaxId?: string | null
  keptBirthDate?: boolean
}

export const nameMissing = (kind: PartyKind, of: PartyFields): boolean => (kind === 'PERSON' ? of.givenName.trim() + of.familyName.trim() + of.name.trim() : of.name.trim()) === ''

interface CountryProps {
  label: string
  value: string | null
  onChange: (code: string | null) => void
  error: string | undefined
}

const COMMON = ['US', 'GB', 'CA', 'DE', 'FR', 'CH', 'MX']
const SHOWN_MAX = 12

/** A country: a few offered at once, every other one by typing part of its name. */
function Country({ label, value, onChange, error }: CountryProps) {
  const all = useMemo(() => countries(formatLocale()).map((each) => ({ id: each.value, label: each.label, detail: each.value })), [])
  const search = useCallback(async (typed: string) => all.filter((one) => one.label.toLowerCase().includes(typed.toLowerCase()) || one.id === typed.toUpperCase()).slice(0, SHOWN_MAX), [all])
  return (
    <SearchPicker
      label={label}
      value={all.find((one) => one.id === value) ?? null}
      onChange={(found) => onChange(found?.id ?? null)}
      search={search}
      suggested={all.filter((one) => COMMON.includes(one.id))}
      placeholder={c('pickCountry')}
      none={c('pickNoCountry')}
      error={error}
    />
  )
}

/** Who it is: names, dates, tax id, countries. */
export function WhoFields({ kind, value, onChange, said, touched, isKnown, keptTaxId, keptBirthDate }: FieldsetProps) {
  const person = kind === 'PERSON'
  const missing = touched && nameMissing(kind, value) ? c('nameNeeded') : undefined
  return (
    <>
      {person ? (
        <Columns>
          <TextField label={c('givenName')} value={value.givenName} onChange={(givenName) => onChange({ givenName })} maxLength={100} error={missing ?? said('name') ?? said('givenName')} />
          <TextField label={c('familyName')} value={value.familyName} onChange={(familyName) => onChange({ familyName })} maxLength={100} error={said('familyName')} />
          {isKnown ? <TextField label={c('shownName')} description={c('shownNameHint')} value={value.name} onChange={(name) => onChange({ name })} maxLength={200} /> : null}
          <DateField
            label={c('birthDate')}
            name={c('birthDate')}
            value={value.birthDate}
            onChange={(birthDate) => onChange({ birthDate })}
            error={said('birthDate')}
            {...(keptBirthDate ? { hint: c('keptHint') } : {})}
          />
        </Columns>
      ) : (
        <Columns>
          <TextField label={c('entityName')} value={value.name} onChange={(name) => onChange({ name })} maxLength={200} error={missing ?? said('name')} />
          <DateField label={c('formedOn')} name={c('formedOn')} value={value.formedOn} onChange={(formedOn) => onChange({ formedOn })} error={said('formedOn')} />
        </Columns>
      )}
      <Columns>
        <Select<TaxIdType | typeof NONE>
          label={c('taxIdType')}
          value={value.taxIdType ?? NONE}
          onChange={(type) => onChange({ taxIdType: type === NONE ? null : type })}
          choices={[{ value: NONE, label: c('notSaid') }, ...TAX_IDS[kind].map((type) => ({ value: type, label: c(`taxId_${type}`) }))]}
          error={said('taxIdType')}
        />
        <TextField
          label={c('taxId')}
          description={keptTaxId ? c('keptTaxId', { last4: keptTaxId }) : c('secretHint')}
          value={value.taxId}
          onChange={(taxId) => onChange({ taxId, ...(taxId !== '' && value.taxIdType === null ? { taxIdType: TAX_IDS[kind][0] ?? null } : {}) })}
          maxLength={40}
          autoComplete="off"
          error={said('taxId')}
        />
        {person ? <Country label={c('citizenship')} value={value.citizenship} onChange={(citizenship) => onChange({ citizenship })} error={said('citizenship')} /> : null}
        <Country label={c('residence')} value={value.residence} onChange={(residence) => onChange({ residence })} error={said('residence')} />
        {person ? null : (
          <TextField
            label={c('jurisdiction')}
            description={c('jurisdictionHint')}
            value={value.jurisdiction}
            onChange={(jurisdiction) => onChange({ jurisdiction: jurisdiction.toUpperCase() })}
            maxLength={6}
            error={said('jurisdiction')}
          />
        )}
      </Columns>
      {isKnown ? (
        <Columns>
          <Select label={c('status')} value={value.status} onChange={(status) => onChange({ status })} choices={STATUSES[kind].map((status) => ({ value: status, label: partyWord('status', status) }))} error={said('status')} />
          <DateField label={c(person ? 'deceasedOn' : 'endedOn')} name={c(person ? 'deceasedOn' : 'endedOn')} value={value.endedOn} onChange={(endedOn) => onChange({ endedOn })} error={said('endedOn')} />
        </Columns>
      ) : null}
    </>
  )
}

/** How far identity is established, and how much risk fits. */
export function KycFields({ value, onChange, said }: Pick<FieldsetProps, 'value' | 'onChange' | 'said'>) {
  return (
    <Part title={c('kycPart')}>
      <Columns>
        <Select label={c('kycState')} value={value.kycState} onChange={(kycState) => onChange({ kycState })} choices={KYC_STATES.map((state) => ({ value: state, label: partyWord('kyc', state) }))} error={said('kycState')} />
        {value.kycState === 'NOT_STARTED' ? null : (
          <DateField label={c('kycVerifiedOn')} name={c('kycVerifiedOn')} value={value.kycVerifiedOn} onChange={(kycVerifiedOn) => onChange({ kycVerifiedOn })} error={said('kycVerifiedOn')} />
        )}
        {value.kycState === 'NOT_STARTED' ? null : (
          <DateField label={c('kycRefreshDue')} name={c('kycRefreshDue')} value={value.kycRefreshDue} onChange={(kycRefreshDue) => onChange({ kycRefreshDue })} error={said('kycRefreshDue')} />
        )}
        <Select<RiskProfile | typeof NONE>
          label={c('riskProfile')}
          value={value.riskProfile ?? NONE}
          onChange={(risk) => onChange({ riskProfile: risk === NONE ? null : risk })}
          choices={[{ value: NONE, label: c('notAssessed') }, ...RISKS.map((risk) => ({ value: risk, label: partyWord('risk', risk) }))]}
          error={said('riskProfile')}
        />
        {value.riskProfile === null ? null : (
          <DateField label={c('riskAssessedOn')} name={c('riskAssessedOn')} value={value.riskAssessedOn} onChange={(riskAssessedOn) => onChange({ riskAssessedOn })} error={said('riskAssessedOn')} />
        )}
      </Columns>
    </Part>
  )
}
