import { useState } from 'react'
import { Form, useChange, useKeyed } from '@/clients/form'
import { AccountPicker } from '@/clients/pick'
import { useFirm } from '@/data/context'
import { useRead } from '@/data'
import { formatDate } from '@/domain/dates'
import { AddCompositeMembersDocument, CompositeBenchmarksDocument, CreateCompositeDocument, RemoveCompositeMembersDocument } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import type { Found } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { t } from './words'

const NONE = 'none'

interface Of {
  id: string
  name: string
}

export function CreateCompositeDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (id: string) => void }) {
  const change = useChange(CreateCompositeDocument, 'createComposite', 'CreateCompositeSuccess')
  const keyed = useKeyed()
  const { data } = useRead(CompositeBenchmarksDocument, {})
  const firm = useFirm()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [currency, setCurrency] = useState(firm.currency)
  const [minimum, setMinimum] = useState('')
  const [benchmark, setBenchmark] = useState(NONE)
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const wanted = (value: string) => (touched && value.trim() === '' ? t('needed') : undefined)
  const send = async () => {
    setTouched(true)
    if ([name, description, currency, reason].some((each) => each.trim() === '')) return
    const input = keyed({
      name: name.trim(),
      description: description.trim(),
      currency: currency.trim().toUpperCase(),
      minimumAssets: minimum.trim() || null,
      benchmarkId: benchmark === NONE ? null : benchmark,
      reason: reason.trim(),
    })
    const made = await change.run({ input }, t('createSentence', { name }))
    if (!made) return
    toast(t('created', { name: made.composite.name }))
    onClose()
    onCreated(made.composite.id)
  }
  return (
    <Form title={t('createTitle')} send={t('createSave')} pending={change.pending} refusal={change.refusal} fields={['name', 'description', 'currency', 'minimumAssets', 'benchmarkId', 'reason']} onSend={send} onClose={onClose}>
      <TextField label={t('name')} value={name} onChange={setName} maxLength={200} error={wanted(name) ?? change.said('name')} />
      <TextField label={t('description')} description={t('descriptionHint')} value={description} onChange={setDescription} maxLength={2000} multiline error={wanted(description) ?? change.said('description')} />
      <TextField label={t('currency')} value={currency} onChange={setCurrency} maxLength={3} error={wanted(currency) ?? change.said('currency')} />
      <TextField label={t('minimum')} description={t('minimumHint')} value={minimum} onChange={setMinimum} inputMode="decimal" error={change.said('minimumAssets')} />
      <Select
        label={t('benchmark')}
        value={benchmark}
        onChange={setBenchmark}
        choices={[{ value: NONE, label: t('noBenchmark') }, ...(data?.benchmarks ?? []).map((each) => ({ value: each.id, label: each.name }))]}
        error={change.said('benchmarkId')}
      />
      <TextField label={t('reason')} description={t('reasonHint')} value={reason} onChange={setReason} maxLength={500} multiline error={wanted(reason) ?? change.said('reason')} />
    </Form>
  )
}

export function AddMemberDialog({ composite, onClose, onChanged }: { composite: Of; onClose: () => void; onChanged: () => void }) {
  const change = useChange(AddCompositeMembersDocument, 'addCompositeMembers', 'AddCompositeMembersSuccess')
  const keyed = useKeyed()
  const { locale } = useEnvironment()
  const [account, setAccount] = useState<Found | null>(null)
  const [from, setFrom] = useState('')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const wanted = (value: string) => (touched && value.trim() === '' ? t('needed') : undefined)
  const send = async () => {
    setTouched(true)
    if (!account || !from || reason.trim() === '') return
    const input = keyed({ compositeId: composite.id, accountIds: [account.id], effectiveFrom: from, reason: reason.trim() })
    if (!(await change.run({ input }, t('addSentence', { account: account.label, name: composite.name })))) return
    toast(t('added', { account: account.label, date: formatDate(locale, from) }))
    onChanged()
    onClose()
  }
  return (
    <Form title={t('addTitle', { name: composite.name })} send={t('addSave')} pending={change.pending} refusal={change.refusal} fields={['accountIds', 'effectiveFrom', 'reason']} onSend={send} onClose={onClose}>
      <AccountPicker label={t('account')} value={account} onChange={setAccount} error={(touched && !account ? t('needed') : undefined) ?? change.said('accountIds')} />
      <DateField label={t('from')} name={t('from')} value={from} onChange={setFrom} hint={t('fromHint')} error={wanted(from) ?? change.said('effectiveFrom')} />
      <TextField label={t('reason')} description={t('reasonHint')} value={reason} onChange={setReason} maxLength={500} multiline error={wanted(reason) ?? change.said('reason')} />
    </Form>
  )
}

export function RemoveMemberDialog({ composite, account, onClose, onChanged }: { composite: Of; account: Of; onClose: () => void; onChanged: () => void }) {
  const change = useChange(RemoveCompositeMembersDocument, 'removeCompositeMembers', 'RemoveCompositeMembersSuccess')
  const keyed = useKeyed()
  const { locale } = useEnvironment()
  const [from, setFrom] = useState('')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const wanted = (value: string) => (touched && value.trim() === '' ? t('needed') : undefined)
  const words = { account: account.name, name: composite.name }
  const send = async () => {
    setTouched(true)
    if (!from || reason.trim() === '') return
    const input = keyed({ compositeId: composite.id, accountIds: [account.id], effectiveFrom: from, reason: reason.trim() })
    if (!(await change.run({ input }, t('removeSentence', words)))) return
    toast(t('removed', { account: account.name, date: formatDate(locale, from) }))
    onChanged()
    onClose()
  }
  return (
    <Form title={t('removeTitle', words)} send={t('removeSave')} danger pending={change.pending} refusal={change.refusal} fields={['accountIds', 'effectiveFrom', 'reason']} onSend={send} onClose={onClose}>
      <DateField label={t('until')} name={t('until')} value={from} onChange={setFrom} hint={t('untilHint')} error={wanted(from) ?? change.said('effectiveFrom')} />
      <TextField label={t('reason')} description={t('reasonHint')} value={reason} onChange={setReason} maxLength={500} multiline error={wanted(reason) ?? change.said('reason')} />
    </Form>
  )
}
