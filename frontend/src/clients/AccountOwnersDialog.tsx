import { useState } from 'react'
import { percentOf } from '@/domain/shares'
import { SetAccountOwnersDocument, type OwnerRole } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { SkeletonRows } from '@/ui/States'
import { toast } from '@/ui/Toast'
import { Form, orNull, useChange } from './form'
import { neededRows, OWNER_PATHS, OwnerRows, ownersInput, ownersReady, RegistrationSelect, useRegistrations, type OwnerRow } from './OwnerRows'
import { useMembers } from './pick'
import { rowKey } from './rows'
import { c } from './words'

interface AccountOwnersDialogProps {
  account: {
    id: string
    name: string
    version: number
    accountType: string
    householdId: string | null
    owners: readonly { role: OwnerRole; share: string | null; party: { id: string; name: string } }[]
  }
  onClose: () => void
}

/** Other owners from a day on, all together, and with them another registration where they make one. */
export function AccountOwnersDialog({ account, onClose }: AccountOwnersDialogProps) {
  const change = useChange(SetAccountOwnersDocument, 'setAccountOwners', 'SetAccountOwnersSuccess')
  const registrations = useRegistrations()
  const members = useMembers(account.householdId)
  const [code, setCode] = useState(account.accountType)
  const [rows, setRows] = useState<OwnerRow[]>(() => account.owners.map(({ role, share, party }) => ({ key: rowKey(), who: { id: party.id, label: party.name }, role, share: share ? percentOf(share) : '' })))
  const [from, setFrom] = useState('')
  const [touched, setTouched] = useState(false)
  const registration = registrations.find((one) => one.code === code)
  const choose = (next: string) => {
    const found = registrations.find((one) => one.code === next)
    setCode(next)
    if (!found || next === code) return
    const needed = neededRows(found, members)
    setRows(needed.map((row, place) => ({ ...row, who: rows[place]?.who ?? row.who })))
  }
  const send = async () => {
    setTouched(true)
    if (!registration || !ownersReady(rows)) return
    const input = { accountId: account.id, expectedVersion: account.version, owners: ownersInput(rows), effectiveFrom: orNull(from), accountType: code === account.accountType ? null : code }
    if (!(await change.run({ input }, c('ownersSentence', { name: account.name })))) return
    toast(c('ownersSaved', { name: account.name }))
    onClose()
  }
  return (
    <Form wide title={c('ownersOf', { name: account.name })} send={c('save')} pending={change.pending} refusal={change.refusal} fields={[...OWNER_PATHS, 'effectiveFrom']} onSend={send} onClose={onClose}>
      {registrations.length === 0 ? (
        <SkeletonRows rows={6} />
      ) : (
        <>
          <RegistrationSelect registrations={registrations} value={code} onChange={choose} error={change.said('accountType')} />
          {registration ? <OwnerRows registration={registration} rows={rows} onChange={setRows} suggested={members} touched={touched} said={change.said} /> : null}
          <DateField label={c('effectiveFrom')} name={c('effectiveFrom')} value={from} onChange={setFrom} hint={c('effectiveHint')} error={change.said('effectiveFrom')} />
        </>
      )}
    </Form>
  )
}
