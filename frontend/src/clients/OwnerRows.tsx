import { useMemo } from 'react'
import { useRead } from '@/data'
import { shareOf } from '@/domain/shares'
import { RegistrationsDocument, type OwnerRole, type RegistrationsQuery } from '@/generated/graphql'
import { codeName } from '@/ui/codeWords'
import { partyWord } from '@/ui/party/words'
import type { Found } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import type { Said } from './form'
import { PartyPicker, type Member } from './pick'
import { rowKey, Rows, ShareField, shareFault, Together } from './rows'
import { c } from './words'

export type Registration = RegistrationsQuery['registrations'][number]

export interface OwnerRow {
  key: number
  who: Found | null
  role: OwnerRole
  share: string
}

export const OWNING: ReadonlySet<OwnerRole> = new Set(['OWNER', 'JOINT_SURVIVORSHIP', 'JOINT_COMMON', 'MINOR'])
export const OWNER_PATHS = ['partyId', 'role', 'share', 'owners', 'accountType']

const NONE: readonly Registration[] = []

/** Every registration the firm's books know; empty until they are read. */
export function useRegistrations(): readonly Registration[] {
  return useRead(RegistrationsDocument, {}).data?.registrations ?? NONE
}

/** The roles a registration takes, those that make it first. */
export function rolesOf(registration: Registration): OwnerRole[] {
  return [...new Set([...registration.roles.map((part) => part.role), ...registration.besides])]
}

/** A row for everybody the registration asks for: a custodian and a minor, a trust and its trustee. */
export function neededRows(registration: Registration, members: readonly Member[] = []): OwnerRow[] {
  if (registration.code === 'JOINT') return [0, 1].map(() => ({ key: rowKey(), who: null, role: 'OWNER' as const, share: '' }))
  const rows = registration.roles.flatMap((part) => Array.from({ length: Math.max(part.least, 1) }, () => ({ key: rowKey(), who: onlyOne(part.kinds, members), role: part.role, share: '' })))
  return rows.length > 0 ? rows : [{ key: rowKey(), who: null, role: 'OWNER', share: '' }]
}

/** The single trust, company or estate of the household, where one is asked for. */
function onlyOne(kinds: readonly string[], members: readonly Member[]): Found | null {
  if (kinds.includes('PERSON')) return null
  const fit = members.filter((member) => kinds.includes(member.kind))
  return fit.length === 1 ? (fit[0] ?? null) : null
}

/** "Exactly one custodian (person, trust, company or estate), exactly one minor (person)." */
export function needWords(registration: Registration): string {
  const parts = registration.roles.filter((part) => part.least > 0)
  if (registration.code === 'JOINT') return c('needsJoint')
  if (parts.length === 0) return c('needsAnybody')
  const said = parts.map(({ role, least, most, kinds }) =>
    c(least === most ? 'needsExactly' : 'needsAtLeast', { count: least, role: partyWord('owner', role).toLowerCase(), kinds: kinds.length === 4 ? c('anyKind') : kinds.map((kind) => partyWord('kind', kind).toLowerCase()).join(c('or')) }),
  )
  const besides = registration.besides.map((role) => partyWord('owner', role).toLowerCase())
  return [c('needs', { parts: said.join(', ') }), besides.length > 0 ? c('mayHave', { roles: besides.join(', ') }) : '', registration.equalShares ? c('sharesEqual') : ''].filter(Boolean).join(' ')
}

interface RegistrationSelectProps {
  registrations: readonly Registration[]
  value: string | null
  onChange: (code: string) => void
  error?: string | undefined
}

/** Those most families have stand first; the rest follows as the books list them. */
const COMMON = ['INDIVIDUAL', 'JOINT_WITH_SURVIVORSHIP', 'TENANTS_IN_COMMON', 'TRADITIONAL_IRA', 'ROTH_IRA', 'SEP_IRA', 'INHERITED_IRA', 'PLAN_529', 'UTMA', 'REVOCABLE_TRUST', 'IRREVOCABLE_TRUST', 'LLC']

export function RegistrationSelect({ registrations, value, onChange, error }: RegistrationSelectProps) {
  const choices = useMemo(() => {
    const common = COMMON.flatMap((code) => registrations.filter((one) => one.code === code))
    const rest = registrations.filter((one) => !COMMON.includes(one.code))
    return [...common, ...rest].map((one) => ({ value: one.code, label: codeName(one.code), detail: one.meaning }))
  }, [registrations])
  const chosen = registrations.find((one) => one.code === value)
  return (
    <div className="grid gap-1">
      <Select label={c('registration')} value={value} onChange={onChange} choices={choices} placeholder={c('choose')} error={error} />
      {chosen ? (
        <p className="text-12 text-text-2">
          {needWords(chosen)}
        </p>
      ) : null}
    </div>
  )
}

interface OwnerRowsProps {
  registration: Registration
  rows: readonly OwnerRow[]
  onChange: (rows: OwnerRow[]) => void
  suggested: readonly Member[]
  touched: boolean
  said: Said
}

/** Who owns the account and who acts for them, in the roles its registration takes. */
export function OwnerRows({ registration, rows, onChange, suggested, touched, said }: OwnerRowsProps) {
  const roles = rolesOf(registration)
  const kindsOf = (role: OwnerRole) => registration.roles.find((part) => part.role === role)?.kinds
  return (
    <div className="grid gap-2">
      <Rows
        rows={rows}
        onChange={onChange}
        fresh={() => ({ key: rowKey(), who: null, role: roles[0] ?? 'OWNER', share: '' })}
        add={c('addOwner')}
        remove={(place) => c('removeOwner', { place })}
        error={(touched && rows.length === 0 ? c('ownersNeeded') : undefined) ?? said('owners')}
      >
        {(row, place, set) => {
          const kinds = kindsOf(row.role)
          return (
            <>
              <PartyPicker
                label={c('owner')}
                value={row.who}
                onChange={(who) => set({ who })}
                suggested={kinds ? suggested.filter((member) => kinds.includes(member.kind)) : suggested}
                error={(touched && !row.who ? c('whoNeeded') : undefined) ?? said('owners', place, 'partyId')}
                className={OWNING.has(row.role) && !registration.equalShares ? 'sm:col-span-3' : 'sm:col-span-4'}
              />
              <Select label={c('ownerRole')} value={row.role} onChange={(role) => set({ role })} choices={roles.map((role) => ({ value: role, label: partyWord('owner', role) }))} error={said('owners', place, 'role')} className="sm:col-span-2" />
              {OWNING.has(row.role) && !registration.equalShares ? (
                <ShareField value={row.share} onChange={(share) => set({ share })} error={(touched ? shareFault(row.share, false) : undefined) ?? said('owners', place, 'share')} className="sm:col-span-1" />
              ) : null}
            </>
          )
        }}
      </Rows>
      {registration.equalShares ? null : <p className="text-12 text-text-3">{c('shareEmptyHint')}</p>}
      <Together shares={rows.filter((row) => OWNING.has(row.role)).map((row) => row.share)} />
    </div>
  )
}

export const ownersReady = (rows: readonly OwnerRow[]): boolean => rows.length > 0 && rows.every((row) => row.who !== null && shareFault(row.share, false) === undefined)

export const ownersInput = (rows: readonly OwnerRow[]) => rows.map((row) => ({ partyId: row.who?.id ?? '', role: row.role, share: OWNING.has(row.role) ? shareOf(row.share) : null }))
