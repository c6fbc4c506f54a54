import { useState } from 'react'
import { useFirm } from '@/data'
import { useSecuritySearch } from '@/data/ledger'
import { amountOf, plain } from '@/domain/decimal'
import { minorPlaces } from '@/domain/format'
import { shareOf, percentOf } from '@/domain/shares'
import { CreateLiabilityDocument, RecordLiabilityBalanceDocument, SetLiabilityOwnersDocument, UpdateLiabilityDocument, type LiabilityKind } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { partyWord } from '@/ui/party/words'
import { SearchPicker, type Found } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { Columns, Form, orNull, Part, useChange, useKeyed, type Said } from './form'
import { AccountPicker, useAccountsAtHand, useMembers } from './pick'
import { freshShare, rowKey, SharedRows, sharesReady, type SharedRow } from './rows'
import { c } from './words'

const KINDS: readonly LiabilityKind[] = ['MORTGAGE', 'HOME_EQUITY', 'MARGIN', 'SECURITIES_BACKED', 'PERSONAL', 'STUDENT', 'VEHICLE', 'BUSINESS', 'CREDIT_CARD', 'TAX', 'OTHER']
export const DEBT_PATHS = ['name', 'kind', 'lender', 'originalAmount', 'interestRate', 'openedOn', 'maturesOn', 'closedOn', 'securedAccountId', 'securedSecurityId', 'balance', 'balanceDay', 'day', 'currency', 'partyId', 'share', 'owners', 'effectiveFrom']

interface DebtValues {
  name: string
  kind: LiabilityKind
  lender: string
  originalAmount: string
  rate: string
  openedOn: string
  maturesOn: string
}

const amountFault = (text: string): string | undefined => (text.trim() === '' || amountOf(text) !== null ? undefined : c('amountUnread', { value: text.trim() }))

function DebtFields({ values, onChange, said, touched }: { values: DebtValues; onChange: (values: Partial<DebtValues>) => void; said: Said; touched: boolean }) {
  return (
    <Columns>
      <Select label={c('debtKind')} value={values.kind} onChange={(kind) => onChange({ kind })} choices={KINDS.map((kind) => ({ value: kind, label: partyWord('debt', kind) }))} error={said('kind')} />
      <TextField label={c('debtName')} description={c('debtNameHint')} value={values.name} onChange={(name) => onChange({ name })} maxLength={200} error={(touched && values.name.trim() === '' ? c('debtNameNeeded') : undefined) ?? said('name')} />
      <TextField label={c('lender')} value={values.lender} onChange={(lender) => onChange({ lender })} maxLength={100} error={said('lender')} />
      <TextField label={c('originalAmount')} inputMode="decimal" value={values.originalAmount} onChange={(originalAmount) => onChange({ originalAmount })} error={(touched ? amountFault(values.originalAmount) : undefined) ?? said('originalAmount')} />
      <TextField label={c('rate')} description={c('rateHint')} inputMode="decimal" value={values.rate} onChange={(rate) => onChange({ rate })} error={(touched ? rateFault(values.rate) : undefined) ?? said('interestRate')} />
      <div className="max-sm:hidden" />
      <DateField label={c('debtOpenedOn')} name={c('debtOpenedOn')} value={values.openedOn} onChange={(openedOn) => onChange({ openedOn })} error={said('openedOn')} />
      <DateField label={c('maturesOn')} name={c('maturesOn')} value={values.maturesOn} onChange={(maturesOn) => onChange({ maturesOn })} error={said('maturesOn')} />
    </Columns>
  )
}

const rateFault = (text: string): string | undefined => (text.trim() === '' || shareOf(text) !== null ? undefined : c('rateUnread', { value: text.trim() }))
const unfit = (values: DebtValues) => values.name.trim() === '' || amountFault(values.originalAmount) !== undefined || rateFault(values.rate) !== undefined

/** A debt of a household: who lent it, on which terms, what secures it and who owes it. */
export function DebtDialog({ household, onClose }: { household: { id: string; name: string }; onClose: () => void }) {
  const firm = useFirm()
  const members = useMembers(household.id)
  const accounts = useAccountsAtHand(household.id)
  const searchSecurities = useSecuritySearch()
  const change = useChange(CreateLiabilityDocument, 'createLiability', 'CreateLiabilitySuccess')
  const keyed = useKeyed()
  const [values, setValues] = useState<DebtValues>({ name: '', kind: 'MORTGAGE', lender: '', originalAmount: '', rate: '', openedOn: '', maturesOn: '' })
  const [currency, setCurrency] = useState<string>(firm.currency)
  const [secured, setSecured] = useState<Found | null>(null)
  const [asset, setAsset] = useState<Found | null>(null)
  const [balance, setBalance] = useState('')
  const [balanceDate, setBalanceDate] = useState('')
  const [owners, setOwners] = useState<SharedRow[]>(() => [freshShare()])
  const [touched, setTouched] = useState(false)
  const { said } = change
  const send = async () => {
    setTouched(true)
    if (unfit(values) || amountFault(balance) || !sharesReady(owners, false) || owners.length === 0) return
    const input = keyed({
      householdId: household.id,
      kind: values.kind,
      name: values.name.trim(),
      currency,
      lender: orNull(values.lender),
      originalAmount: amountOf(values.originalAmount),
      interestRate: shareOf(values.rate),
      openedOn: orNull(values.openedOn),
      maturesOn: orNull(values.maturesOn),
      securedAccountId: secured?.id ?? null,
      securedSecurityId: asset?.id ?? null,
      balance: amountOf(balance),
      balanceDate: orNull(balanceDate),
      owners: owners.map((row) => ({ partyId: row.who?.id ?? '', share: shareOf(row.share) })),
    })
    if (!(await change.run({ input }, c('debtSentence', { name: values.name.trim() })))) return
    toast(c('debtSaved', { name: values.name.trim() }))
    onClose()
  }
  return (
    <Form wide title={c('debtTitle', { household: household.name })} send={c('debtSave')} pending={change.pending} refusal={change.refusal} fields={DEBT_PATHS} onSend={send} onClose={onClose}>
      <DebtFields values={values} onChange={(next) => setValues({ ...values, ...next })} said={said} touched={touched} />
      <Part title={c('owedPart')}>
        <Columns>
          <TextField label={c('balance')} description={c('balanceHint')} inputMode="decimal" value={balance} onChange={setBalance} error={(touched ? amountFault(balance) : undefined) ?? said('balance')} />
          <DateField label={c('balanceDay')} name={c('balanceDay')} value={balanceDate} onChange={setBalanceDate} hint={c('todayHint')} error={said('balanceDay')} />
          <TextField label={c('currency')} description={c('currencyHint')} value={currency} onChange={(text) => setCurrency(text.toUpperCase())} maxLength={3} error={said('currency')} />
        </Columns>
      </Part>
      <Part title={c('securedPart')} hint={c('securedHint')}>
        <Columns>
          <AccountPicker label={c('securedAccount')} value={secured} onChange={setSecured} suggested={accounts} error={said('securedAccountId')} />
          <SearchPicker label={c('securedAsset')} value={asset} onChange={setAsset} search={searchSecurities} placeholder={c('pickSecurity')} none={c('pickNoSecurity')} error={said('securedSecurityId')} />
        </Columns>
      </Part>
      <Part title={c('debtorsPart')} hint={c('shareEmptyHint')}>
        <Debtors rows={owners} onChange={setOwners} members={members} said={said} touched={touched} />
      </Part>
    </Form>
  )
}

function Debtors({ rows, onChange, members, said, touched }: { rows: readonly SharedRow[]; onChange: (rows: SharedRow[]) => void; members: readonly Found[]; said: Said; touched: boolean }) {
  return (
    <SharedRows
      rows={rows}
      onChange={onChange}
      suggested={members}
      who={c('debtor')}
      add={c('addDebtor')}
      remove={(place) => c('removeDebtor', { place })}
      touched={touched}
      needsShare={false}
      said={(place, field) => said('owners', place, field === 'who' ? 'partyId' : 'share')}
      error={(touched && rows.length === 0 ? c('debtorNeeded') : undefined) ?? said('owners')}
    />
  )
}

export interface KnownDebt {
  id: string
  name: string
  kind: LiabilityKind
  version: number
  currency: string
  lender: string | null
  originalAmount: string | null
  interestRate: string | null
  openedOn: string | null
  maturesOn: string | null
  closedOn: string | null
  householdId: string | null
  owners: readonly { share: string | null; party: { id: string; name: string } }[]
}

/** The terms of a debt; closing it when nothing is owed any more. */
export function DebtEditDialog({ debt, onClose }: { debt: KnownDebt; onClose: () => void }) {
  const change = useChange(UpdateLiabilityDocument, 'updateLiability', 'UpdateLiabilitySuccess')
  const [values, setValues] = useState<DebtValues>({
    name: debt.name,
    kind: debt.kind,
    lender: debt.lender ?? '',
    originalAmount: debt.originalAmount === null ? '' : plain(debt.originalAmount, minorPlaces(debt.currency)),
    rate: debt.interestRate ? percentOf(debt.interestRate) : '',
    openedOn: debt.openedOn ?? '',
    maturesOn: debt.maturesOn ?? '',
  })
  const [closedOn, setClosedOn] = useState(debt.closedOn ?? '')
  const [touched, setTouched] = useState(false)
  const send = async () => {
    setTouched(true)
    if (unfit(values)) return
    const input = {
      liabilityId: debt.id,
      expectedVersion: debt.version,
      name: values.name.trim(),
      kind: values.kind,
      lender: orNull(values.lender),
      originalAmount: amountOf(values.originalAmount),
      interestRate: shareOf(values.rate),
      openedOn: orNull(values.openedOn),
      maturesOn: orNull(values.maturesOn),
      closedOn: orNull(closedOn),
    }
    if (!(await change.run({ input }, c('editSentence', { name: debt.name })))) return
    toast(c('edited', { name: input.name }))
    onClose()
  }
  return (
    <Form wide title={c('editDebt', { name: debt.name })} send={c('save')} pending={change.pending} refusal={change.refusal} fields={DEBT_PATHS} onSend={send} onClose={onClose}>
      <DebtFields values={values} onChange={(next) => setValues({ ...values, ...next })} said={change.said} touched={touched} />
      <Part title={c('endPart')}>
        <Columns>
          <DateField label={c('debtClosedOn')} name={c('debtClosedOn')} value={closedOn} onChange={setClosedOn} hint={c('debtClosedHint')} error={change.said('closedOn')} />
        </Columns>
      </Part>
    </Form>
  )
}

/** What is owed at the end of a day. A later entry for the same day takes its place; both stay readable. */
export function BalanceDialog({ debt, onClose }: { debt: KnownDebt; onClose: () => void }) {
  const { businessDate } = useEnvironment()
  const change = useChange(RecordLiabilityBalanceDocument, 'recordLiabilityBalance', 'RecordLiabilityBalanceSuccess')
  const [day, setDay] = useState(businessDate ?? '')
  const [balance, setBalance] = useState('')
  const [touched, setTouched] = useState(false)
  const send = async () => {
    setTouched(true)
    const amount = amountOf(balance)
    if (day === '' || amount === null || amountFault(balance)) return
    if (!(await change.run({ input: { liabilityId: debt.id, day, balance: amount } }, c('balanceSentence', { name: debt.name })))) return
    toast(c('balanceSaved', { name: debt.name }))
    onClose()
  }
  return (
    <Form title={c('balanceTitle', { name: debt.name })} send={c('balanceSave')} pending={change.pending} refusal={change.refusal} fields={['day', 'balance']} onSend={send} onClose={onClose}>
      <TextField
        label={c('balanceIn', { currency: debt.currency })}
        description={c('balanceHint')}
        inputMode="decimal"
        value={balance}
        onChange={setBalance}
        autoFocus
        error={(touched ? (balance.trim() === '' ? c('balanceNeeded') : amountFault(balance)) : undefined) ?? change.said('balance')}
      />
      <DateField label={c('balanceDay')} name={c('balanceDay')} value={day} onChange={setDay} error={(touched && day === '' ? c('dayNeeded') : undefined) ?? change.said('day')} />
    </Form>
  )
}

/** Who owes a debt from a day on. */
export function DebtorsDialog({ debt, onClose }: { debt: KnownDebt; onClose: () => void }) {
  const change = useChange(SetLiabilityOwnersDocument, 'setLiabilityOwners', 'SetLiabilityOwnersSuccess')
  const members = useMembers(debt.householdId)
  const [rows, setRows] = useState<SharedRow[]>(() => debt.owners.map(({ share, party }) => ({ key: rowKey(), who: { id: party.id, label: party.name }, share: share ? percentOf(share) : '' })))
  const [from, setFrom] = useState('')
  const [touched, setTouched] = useState(false)
  const send = async () => {
    setTouched(true)
    if (rows.length === 0 || !sharesReady(rows, false)) return
    const owners = rows.map((row) => ({ partyId: row.who?.id ?? '', share: shareOf(row.share) }))
    if (!(await change.run({ input: { liabilityId: debt.id, expectedVersion: debt.version, owners, effectiveFrom: orNull(from) } }, c('debtorsSentence', { name: debt.name })))) return
    toast(c('debtorsSaved', { name: debt.name }))
    onClose()
  }
  return (
    <Form wide title={c('debtorsOf', { name: debt.name })} send={c('save')} pending={change.pending} refusal={change.refusal} fields={DEBT_PATHS} onSend={send} onClose={onClose}>
      <p className="text-12 text-text-3">{c('shareEmptyHint')}</p>
      <Debtors rows={rows} onChange={setRows} members={members} said={change.said} touched={touched} />
      <DateField label={c('effectiveFrom')} name={c('effectiveFrom')} value={from} onChange={setFrom} hint={c('effectiveHint')} error={change.said('effectiveFrom')} />
    </Form>
  )
}
