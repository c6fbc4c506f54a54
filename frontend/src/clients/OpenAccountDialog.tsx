import { useState } from 'react'
import { useFirm } from '@/data'
import { CreateAccountDocument } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { ACCOUNT_PATHS, AccountFields, EMPTY_ACCOUNT, usualTax } from './AccountFields'
import { Columns, Form, orNull, Part, useChange, useKeyed } from './form'
import { neededRows, OWNER_PATHS, OwnerRows, ownersInput, ownersReady, RegistrationSelect, useRegistrations, type OwnerRow } from './OwnerRows'
import { useMembers } from './pick'
import { c } from './words'

/** Opens an account: its registration says whom it needs, and its owners come with it or it does not come. */
export function OpenAccountDialog({ household, onClose }: { household: { id: string; name: string }; onClose: () => void }) {
  const firm = useFirm()
  const members = useMembers(household.id)
  const registrations = useRegistrations()
  const change = useChange(CreateAccountDocument, 'createAccount', 'CreateAccountSuccess')
  const keyed = useKeyed()
  const [code, setCode] = useState<string | null>(null)
  const [owners, setOwners] = useState<OwnerRow[]>([])
  const [values, setValues] = useState(EMPTY_ACCOUNT)
  const [currency, setCurrency] = useState<string>(firm.currency)
  const [openedOn, setOpenedOn] = useState('')
  const [touched, setTouched] = useState(false)
  const { said } = change
  const registration = registrations.find((one) => one.code === code)

  const choose = (next: string) => {
    const found = registrations.find((one) => one.code === next)
    setCode(next)
    if (found) setOwners(carried(owners, neededRows(found, members)))
    if (values.taxStatus === usualTax(code ?? '')) setValues({ ...values, taxStatus: usualTax(next) })
  }
  const send = async () => {
    setTouched(true)
    if (!registration || values.name.trim() === '' || !ownersReady(owners)) return
    const value = await change.run(
      {
        input: keyed({
          name: values.name.trim(),
          accountType: registration.code,
          currency,
          householdIds: [household.id],
          owners: ownersInput(owners),
          taxStatus: values.taxStatus,
          lotMethod: values.lotMethod,
          accountNumber: orNull(values.accountNumber),
          custodian: orNull(values.custodian),
          openedOn: orNull(openedOn),
          custodianshipEndsOn: orNull(values.custodianshipEndsOn),
          hasMargin: values.hasMargin,
        }),
      },
      c('openSentence', { name: values.name.trim() }),
    )
    if (!value) return
    toast(c('opened', { name: values.name.trim() }))
    onClose()
  }

  return (
    <Form
      wide
      title={c('openTitle', { household: household.name })}
      send={c('openSave')}
      pending={change.pending}
      refusal={change.refusal}
      fields={[...ACCOUNT_PATHS, ...OWNER_PATHS, 'currency', 'openedOn']}
      onSend={send}
      onClose={onClose}
    >
      <RegistrationSelect registrations={registrations} value={code} onChange={choose} error={(touched && !code ? c('registrationNeeded') : undefined) ?? said('accountType')} />
      {registration ? (
        <Part title={c('accountOwners')}>
          <OwnerRows registration={registration} rows={owners} onChange={setOwners} suggested={members} touched={touched} said={said} />
        </Part>
      ) : null}
      <Part title={c('accountPart')}>
        <AccountFields values={values} onChange={(next) => setValues({ ...values, ...next })} registration={code} said={said} touched={touched} />
        <Columns>
          <TextField label={c('currency')} description={c('currencyHint')} value={currency} onChange={(text) => setCurrency(text.toUpperCase())} maxLength={3} error={said('currency')} />
          <DateField label={c('openedOn')} name={c('openedOn')} value={openedOn} onChange={setOpenedOn} hint={c('openedOnHint')} error={said('openedOn')} />
        </Columns>
      </Part>
    </Form>
  )
}

/** Whoever was chosen for one registration is kept for the next, in the same places. */
function carried(before: readonly OwnerRow[], rows: readonly OwnerRow[]): OwnerRow[] {
  return rows.map((row, place) => ({ ...row, who: row.who ?? before[place]?.who ?? null }))
}
