import { useState } from 'react'
import { formatDate } from '@/domain/dates'
import { CloseAccountDocument, UpdateAccountDocument } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { ACCOUNT_PATHS, AccountFields, type AccountValues } from './AccountFields'
import { Form, orNull, useChange } from './form'
import { c } from './words'

interface KnownAccount {
  id: string
  name: string
  version: number
  accountType: string
  accountNumberLast4: string | null
  custodian: string | null
  taxStatus: string
  lotMethod: string
  hasMargin: boolean
  custodianshipEndsOn: string | null
  closedOn: string | null
}

/** Changes what is kept of an account; the number stays unless a new one is typed. */
export function AccountEditDialog({ account, onClose }: { account: KnownAccount; onClose: () => void }) {
  const change = useChange(UpdateAccountDocument, 'updateAccount', 'UpdateAccountSuccess')
  const [values, setValues] = useState<AccountValues>({
    name: account.name,
    custodian: account.custodian ?? '',
    accountNumber: '',
    taxStatus: account.taxStatus,
    lotMethod: account.lotMethod,
    hasMargin: account.hasMargin,
    custodianshipEndsOn: account.custodianshipEndsOn ?? '',
  })
  const { businessDate } = useEnvironment()
  const [since, setSince] = useState(businessDate ?? '')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const isDated = values.taxStatus !== account.taxStatus || values.lotMethod !== account.lotMethod
  const isPast = isDated && since !== '' && businessDate !== null && since < businessDate
  const missing = { since: isDated && since === '', reason: isPast && reason.trim() === '' }
  const send = async () => {
    setTouched(true)
    if (values.name.trim() === '' || missing.since || missing.reason) return
    const input = {
      accountId: account.id,
      expectedVersion: account.version,
      name: values.name.trim(),
      custodian: orNull(values.custodian),
      taxStatus: values.taxStatus,
      lotMethod: values.lotMethod,
      hasMargin: values.hasMargin,
      custodianshipEndsOn: orNull(values.custodianshipEndsOn),
      ...(isDated ? { effectiveFrom: since, reason: orNull(reason) } : {}),
      ...(values.accountNumber.trim() === '' ? {} : { accountNumber: values.accountNumber.trim() }),
    }
    if (!(await change.run({ input }, c('editSentence', { name: account.name })))) return
    toast(c('edited', { name: input.name }))
    onClose()
  }
  return (
    <Form wide title={c('editAccount', { name: account.name })} send={c('save')} pending={change.pending} refusal={change.refusal} fields={[...ACCOUNT_PATHS, 'effectiveFrom', 'reason']} onSend={send} onClose={onClose}>
      <AccountFields values={values} onChange={(next) => setValues({ ...values, ...next })} registration={account.accountType} said={change.said} touched={touched} keptLast4={account.accountNumberLast4} />
      {isDated ? (
        <>
          <DateField label={c('holdsFrom')} name={c('holdsFrom')} hint={c('holdsFromHint')} value={since} onChange={setSince} error={(touched && missing.since ? c('dayNeeded') : undefined) ?? change.said('effectiveFrom')} />
          {isPast ? (
            <TextField label={c('holdsReason')} description={c('holdsReasonHint')} value={reason} onChange={setReason} maxLength={500} error={(touched && missing.reason ? c('holdsReasonNeeded') : undefined) ?? change.said('reason')} />
          ) : null}
        </>
      ) : null}
    </Form>
  )
}

/** Closes an empty account on a day, or opens a closed one again. */
export function CloseAccountDialog({ account, onClose }: { account: KnownAccount; onClose: () => void }) {
  const { locale, businessDate } = useEnvironment()
  const change = useChange(CloseAccountDocument, 'closeAccount', 'CloseAccountSuccess')
  const [day, setDay] = useState(businessDate ?? '')
  const [touched, setTouched] = useState(false)
  const { closedOn, name } = account
  const send = async () => {
    setTouched(true)
    if (closedOn === null && day === '') return
    const input = { accountId: account.id, expectedVersion: account.version, closedOn: closedOn === null ? day : null }
    if (!(await change.run({ input }, c(closedOn === null ? 'closeSentence' : 'reopenSentence', { name })))) return
    toast(c(closedOn === null ? 'closed' : 'reopened', { name }))
    onClose()
  }
  return (
    <Form danger={closedOn === null} title={c(closedOn === null ? 'closeTitle' : 'reopenTitle', { name })} send={c(closedOn === null ? 'closeSave' : 'reopenSave')} pending={change.pending} refusal={change.refusal} fields={['closedOn']} onSend={send} onClose={onClose}>
      <p className="text-text-2">{closedOn === null ? c('closeHint') : c('reopenHint', { date: formatDate(locale, closedOn) })}</p>
      {closedOn === null ? (
        <DateField label={c('closedOn')} name={c('closedOn')} value={day} onChange={setDay} error={(touched && day === '' ? c('dayNeeded') : undefined) ?? change.said('closedOn')} />
      ) : null}
    </Form>
  )
}
