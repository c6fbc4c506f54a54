import { useState } from 'react'
import { Form, useChange, useKeyed } from '@/clients/form'
import { AccountPicker, HouseholdPicker } from '@/clients/pick'
import { formatDate } from '@/domain/dates'
import { plain, shift } from '@/domain/decimal'
import { AssignBenchmarkDocument, ChangeBenchmarkDocument, CreateBenchmarkDocument, type BenchmarkFactsFragment } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { RadioChoice } from '@/ui/RadioChoice'
import type { Found } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { b, componentOf, emptyPart, isWhole, partProblems, type BlendPart } from './blend'
import { BlendFields } from './BlendFields'

type Rebalance = BenchmarkFactsFragment['blends'][number]['rebalance']

const REBALANCES = ['DAILY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'NEVER'] as const
const isReady = (parts: readonly BlendPart[]) => isWhole(parts) && parts.every((part) => Object.keys(partProblems(part)).length === 0)

interface BlendState {
  parts: readonly BlendPart[]
  setParts: (parts: readonly BlendPart[]) => void
  rebalance: Rebalance
  setRebalance: (rebalance: Rebalance) => void
}

function RebalanceField({ rebalance, setRebalance }: Pick<BlendState, 'rebalance' | 'setRebalance'>) {
  return <Select label={b('rebalance')} value={rebalance} onChange={setRebalance} choices={REBALANCES.map((value) => ({ value, label: b(value) }))} />
}

export function CreateBenchmarkDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (id: string) => void }) {
  const change = useChange(CreateBenchmarkDocument, 'createBenchmark', 'CreateBenchmarkSuccess')
  const keyed = useKeyed()
  const [name, setName] = useState('')
  const [firstDay, setFirstDay] = useState('')
  const [parts, setParts] = useState<readonly BlendPart[]>(() => [emptyPart('SECURITY', '100')])
  const [rebalance, setRebalance] = useState<Rebalance>('MONTHLY')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const wanted = (value: string) => (touched && value.trim() === '' ? b('needed') : undefined)
  const send = async () => {
    setTouched(true)
    if (name.trim() === '' || reason.trim() === '' || firstDay === '' || !isReady(parts)) return
    const input = keyed({ name: name.trim(), components: parts.map((part) => componentOf(part, firstDay)), rebalance, reason: reason.trim() })
    const made = await change.run({ input }, b('createSentence', { name: name.trim() }))
    if (!made) return
    toast(b('created', { name: made.benchmark.name }))
    onClose()
    onCreated(made.benchmark.id)
  }
  return (
    <Form title={b('createTitle')} send={b('createSave')} wide pending={change.pending} refusal={change.refusal} fields={['name', 'reason']} onSend={send} onClose={onClose}>
      <TextField label={b('name')} value={name} onChange={setName} maxLength={200} error={wanted(name) ?? change.said('name')} />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <DateField label={b('firstDayNew')} name={b('firstDayNew')} value={firstDay} onChange={setFirstDay} hint={b('firstDayNewHint')} error={wanted(firstDay)} />
        <RebalanceField rebalance={rebalance} setRebalance={setRebalance} />
      </div>
      <BlendFields parts={parts} onChange={setParts} touched={touched} />
      <TextField label={b('reason')} description={b('reasonHint')} value={reason} onChange={setReason} maxLength={500} error={wanted(reason) ?? change.said('reason')} />
    </Form>
  )
}

interface DialogProps {
  benchmark: BenchmarkFactsFragment
  onClose: () => void
  onChanged: () => void
}

/** The parts of the latest blend, to begin with. */
function partsOf(benchmark: BenchmarkFactsFragment): readonly BlendPart[] {
  const latest = benchmark.blends[benchmark.blends.length - 1]
  if (!latest) return [emptyPart()]
  return latest.parts.map((part) => ({
    ...emptyPart(part.securityId === null ? 'RATE' : 'SECURITY', plain(shift(part.weight, 2))),
    security: part.securityId === null ? null : { id: part.securityId, label: part.label },
    rate: part.yearlyRate === null ? '' : plain(shift(part.yearlyRate, 2)),
  }))
}

export function ChangeBlendDialog({ benchmark, onClose, onChanged }: DialogProps) {
  const { locale, businessDate } = useEnvironment()
  const change = useChange(ChangeBenchmarkDocument, 'changeBenchmark', 'ChangeBenchmarkSuccess')
  const keyed = useKeyed()
  const [firstDay, setFirstDay] = useState(businessDate ?? '')
  const [parts, setParts] = useState(() => partsOf(benchmark))
  const [rebalance, setRebalance] = useState<Rebalance>(benchmark.blends[benchmark.blends.length - 1]?.rebalance ?? 'MONTHLY')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const wanted = (value: string) => (touched && value.trim() === '' ? b('needed') : undefined)
  const send = async () => {
    setTouched(true)
    if (reason.trim() === '' || firstDay === '' || !isReady(parts)) return
    const words = { name: benchmark.name, date: formatDate(locale, firstDay) }
    const input = keyed({ benchmarkId: benchmark.id, components: parts.map((part) => componentOf(part, firstDay)), rebalance, reason: reason.trim(), expectedVersion: benchmark.version })
    if (!(await change.run({ input }, b('changeSentence', words)))) return
    toast(b('changed', words))
    onChanged()
    onClose()
  }
  return (
    <Form title={b('changeTitle', { name: benchmark.name })} send={b('changeSave')} wide pending={change.pending} refusal={change.refusal} fields={['reason']} onSend={send} onClose={onClose}>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <DateField label={b('firstDay')} name={b('firstDay')} value={firstDay} onChange={setFirstDay} hint={b('firstDayHint')} error={wanted(firstDay)} />
        <RebalanceField rebalance={rebalance} setRebalance={setRebalance} />
      </div>
      <BlendFields parts={parts} onChange={setParts} touched={touched} />
      <TextField label={b('reason')} description={b('reasonHint')} value={reason} onChange={setReason} maxLength={500} error={wanted(reason) ?? change.said('reason')} />
    </Form>
  )
}

type Whom = 'FIRM' | 'HOUSEHOLD' | 'ACCOUNT'

export function AssignBenchmarkDialog({ benchmark, onClose, onChanged }: DialogProps) {
  const { locale, businessDate } = useEnvironment()
  const change = useChange(AssignBenchmarkDocument, 'assignBenchmark', 'AssignBenchmarkSuccess')
  const keyed = useKeyed()
  const [kind, setKind] = useState<Whom>('HOUSEHOLD')
  const [household, setHousehold] = useState<Found | null>(null)
  const [account, setAccount] = useState<Found | null>(null)
  const [from, setFrom] = useState(businessDate ?? '')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const wanted = (value: string) => (touched && value.trim() === '' ? b('needed') : undefined)
  const whom = kind === 'HOUSEHOLD' ? household : kind === 'ACCOUNT' ? account : { id: '', label: b('theFirm') }
  const send = async () => {
    setTouched(true)
    if (!whom || from === '' || reason.trim() === '') return
    const words = { whom: whom.label, name: benchmark.name, date: formatDate(locale, from) }
    const input = keyed({ benchmarkId: benchmark.id, householdId: kind === 'HOUSEHOLD' ? whom.id : null, accountId: kind === 'ACCOUNT' ? whom.id : null, effectiveFrom: from, reason: reason.trim() })
    const made = await change.run({ input }, b('assignSentence', words))
    if (!made) return
    toast(made.until ? b('assignedUntil', { ...words, until: formatDate(locale, made.until) }) : b('assigned', words))
    onChanged()
    onClose()
  }
  const missing = touched && !whom ? b('needed') : undefined
  return (
    <Form title={b('assignTitle', { name: benchmark.name })} send={b('assignSave')} pending={change.pending} refusal={change.refusal} fields={['householdId', 'accountId', 'effectiveFrom', 'reason']} onSend={send} onClose={onClose}>
      <RadioChoice
        label={b('whom')}
        value={kind}
        onChange={setKind}
        choices={[
          { value: 'FIRM', label: b('theFirm') },
          { value: 'HOUSEHOLD', label: b('household') },
          { value: 'ACCOUNT', label: b('account') },
        ]}
      />
      {kind === 'HOUSEHOLD' ? <HouseholdPicker label={b('household')} value={household} onChange={setHousehold} error={missing ?? change.said('householdId')} /> : null}
      {kind === 'ACCOUNT' ? <AccountPicker label={b('account')} value={account} onChange={setAccount} error={missing ?? change.said('accountId')} /> : null}
      <DateField label={b('effectiveFrom')} name={b('effectiveFrom')} value={from} onChange={setFrom} hint={b('effectiveHint')} error={wanted(from) ?? change.said('effectiveFrom')} />
      <TextField label={b('reason')} description={b('reasonHint')} value={reason} onChange={setReason} maxLength={500} error={wanted(reason) ?? change.said('reason')} />
    </Form>
  )
}
