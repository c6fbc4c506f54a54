import { compare } from './decimal'
import { sumOfShares } from './shares'

/** What is on the books of a family, as far as bringing it there goes. */
export interface FamilyState {
  parties: readonly {
    id: string
    name: string
    kind: 'PERSON' | 'TRUST' | 'COMPANY' | 'ESTATE'
    role: string
    kycState: string
    birthDateKnown: boolean
    taxIdKnown: boolean
    hasContacts: boolean
    /** Kinds of what others are to it: TRUSTEE, EXECUTOR, GUARDIAN … */
    has: readonly string[]
    ownedShares: readonly string[]
  }[]
  accounts: readonly { id: string; name: string; type: string; isClosed: boolean; owners: number; beneficiaries: number; numberKnown: boolean }[]
  debts: readonly { id: string; name: string; owners: number; hasBalance: boolean }[]
  /** People outside the firm who were granted something of it; null: not for this reader to know. */
  grants: number | null
}

export type GapCode =
  | 'noHead'
  | 'kycNotStarted'
  | 'kycRejected'
  | 'birthDate'
  | 'taxId'
  | 'contacts'
  | 'noTrustee'
  | 'noExecutor'
  | 'noOwners'
  | 'notWhole'
  | 'accountNoOwner'
  | 'noBeneficiary'
  | 'noNumber'
  | 'debtNoOwner'
  | 'noBalance'

export interface Gap {
  code: GapCode
  subject: { kind: 'party' | 'account' | 'debt'; id: string; name: string } | null
}

export type StepId = 'people' | 'entities' | 'accounts' | 'debts' | 'access'

export interface Step {
  id: StepId
  count: number
  /** empty: needed and not there; none: not there, and nobody has to have it; gaps: something is missing; done; hidden: not for this reader. */
  state: 'empty' | 'none' | 'gaps' | 'done' | 'hidden'
  gaps: readonly Gap[]
}

/** Whose owners say who is to have them. */
const INHERITED = /IRA$|^PLAN_(401K|403B|457B)$|^ROTH_401K$|^TRANSFER_ON_DEATH$|^HSA$|^ANNUITY$/

function step(id: StepId, count: number, gaps: readonly Gap[], needed: boolean): Step {
  const state = count === 0 ? (needed ? 'empty' : 'none') : gaps.length > 0 ? 'gaps' : 'done'
  return { id, count, state, gaps }
}

function partyGaps(party: FamilyState['parties'][number]): GapCode[] {
  const gaps: GapCode[] = []
  if (party.kycState === 'NOT_STARTED') gaps.push('kycNotStarted')
  if (party.kycState === 'REJECTED') gaps.push('kycRejected')
  if (!party.taxIdKnown) gaps.push('taxId')
  if (party.kind === 'PERSON') {
    if (!party.birthDateKnown) gaps.push('birthDate')
    if (!party.hasContacts && party.role !== 'CHILD') gaps.push('contacts')
    return gaps
  }
  if (party.kind === 'TRUST' && !party.has.includes('TRUSTEE')) gaps.push('noTrustee')
  if (party.kind === 'ESTATE' && !party.has.includes('EXECUTOR')) gaps.push('noExecutor')
  if (party.kind === 'COMPANY') {
    if (party.ownedShares.length === 0) gaps.push('noOwners')
    else if (compare(sumOfShares(party.ownedShares), '1') < 0) gaps.push('notWhole')
  }
  return gaps
}

/** The steps of bringing a family onto the books, and what each still lacks. */
export function onboardingSteps({ parties, accounts, debts, grants }: FamilyState): Step[] {
  const named = (kind: 'party' | 'account' | 'debt', { id, name }: { id: string; name: string }) => ({ kind, id, name })
  const of = (some: FamilyState['parties']): Gap[] => some.flatMap((party) => partyGaps(party).map((code) => ({ code, subject: named('party', party) })))
  const people = parties.filter((party) => party.kind === 'PERSON')
  const entities = parties.filter((party) => party.kind !== 'PERSON')
  const headless: Gap[] = people.length > 0 && !people.some((party) => party.role === 'HEAD') ? [{ code: 'noHead', subject: null }] : []
  const open = accounts.filter((account) => !account.isClosed)
  return [
    step('people', people.length, [...headless, ...of(people)], true),
    step('entities', entities.length, of(entities), false),
    step(
      'accounts',
      open.length,
      open.flatMap((account) => {
        const codes: GapCode[] = []
        if (account.owners === 0) codes.push('accountNoOwner')
        if (INHERITED.test(account.type) && account.beneficiaries === 0) codes.push('noBeneficiary')
        if (!account.numberKnown) codes.push('noNumber')
        return codes.map((code) => ({ code, subject: named('account', account) }))
      }),
      true,
    ),
    step(
      'debts',
      debts.length,
      debts.flatMap((debt) => {
        const codes: GapCode[] = []
        if (debt.owners === 0) codes.push('debtNoOwner')
        if (!debt.hasBalance) codes.push('noBalance')
        return codes.map((code) => ({ code, subject: named('debt', debt) }))
      }),
      false,
    ),
    grants === null ? { id: 'access', count: 0, state: 'hidden', gaps: [] } : step('access', grants, [], false),
  ]
}
