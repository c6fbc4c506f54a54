import { useState } from 'react'
import { Form, orNull, useChange, useKeyed } from '@/clients/form'
import { announce } from '@/data/changes'
import { useSecuritySearch } from '@/data/ledger'
import { plainDecimal } from '@/domain/ledger'
import { formatDate } from '@/domain/dates'
import { JournalSleevesDocument, type JournalSleevesMutation, type SleevePartsFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { RadioChoice } from '@/ui/RadioChoice'
import { SearchPicker, type Found } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { Status } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { s } from './sleeveWords'

type Preview = Extract<NonNullable<JournalSleevesMutation['journalSleeves']>, { __typename: 'JournalSleevesSuccess' }>
type How = 'cash' | 'kind'

interface JournalProps {
  account: { id: string; name: string; currency: string }
  sleeves: readonly SleevePartsFragment[]
  /** The sleeve that gives, when the dialog opens. */
  from?: string
  /** What that sleeve holds: offered before anything is typed. */
  held?: readonly Found[]
  onClose: () => void
}

/** Cash or units from one sleeve to another: checked by the server with the lots that would go, then moved. */
export function SleeveJournalDialog({ account, sleeves, from: first, held, onClose }: JournalProps) {
  const { businessDate } = useEnvironment()
  const change = useChange(JournalSleevesDocument, 'journalSleeves', 'JournalSleevesSuccess')
  const keyed = useKeyed()
  const open = sleeves.filter(({ closedOn }) => closedOn === null)
  const [from, setFrom] = useState(first ?? open[0]?.id ?? null)
  const [to, setTo] = useState(open.find(({ id }) => id !== from)?.id ?? null)
  const [how, setHow] = useState<How>('cash')
  const [day, setDay] = useState(businessDate ?? '')
  const [amount, setAmount] = useState('')
  const [units, setUnits] = useState('')
  const [security, setSecurity] = useState<Found | null>(null)
  const [lots, setLots] = useState('')
  const [touched, setTouched] = useState(false)
  const [preview, setPreview] = useState<Preview | null>(null)
  const search = useSecuritySearch()
  const number = plainDecimal(how === 'cash' ? amount : units)
  const missing = {
    number: number === null || Number(number) <= 0,
    security: how === 'kind' && security === null,
    day: day === '',
  }
  const send = async () => {
    setTouched(true)
    if (missing.number || missing.security || missing.day || from === null || to === null) return
    const what = how === 'cash' ? { amount: number } : { securityId: security?.id ?? null, quantity: number, lotSelection: orNull(lots) }
    const dryRun = preview === null
    const content = { fromSleeveId: from, toSleeveId: to, day, ...what, dryRun }
    const done = await change.run({ input: keyed(content) }, s('journalSentence', { name: account.name }))
    if (!done) {
      setPreview(null)
      return
    }
    if (dryRun) {
      setPreview(done)
      return
    }
    announce('ledger')
    toast(s('journaled', { from: done.left.name, to: done.arrived.name }))
    onClose()
  }
  const choices = open.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Form
      title={s('journalTitle', { name: account.name })}
      send={s(preview ? 'journalNow' : 'check')}
      pending={change.pending}
      refusal={change.refusal}
      fields={['fromSleeveId', 'toSleeveId', 'day', 'amount', 'quantity', 'securityId', 'lotSelection']}
      onSend={send}
      onClose={onClose}
    >
      {preview ? (
        <>
          <Ends preview={preview} />
          <p>
            <Button look="link" size="sm" onPress={() => setPreview(null)}>
              {s('changeIt')}
            </Button>
          </p>
        </>
      ) : (
        <>
          <p className="text-text-2">{s('journalHint')}</p>
          <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
            <Select label={s('from')} choices={choices} value={from} onChange={setFrom} error={change.said('fromSleeveId')} />
            <Select label={s('to')} choices={choices} value={to} onChange={setTo} error={change.said('toSleeveId')} />
          </div>
          <RadioChoice
            label={s('what')}
            value={how}
            onChange={setHow}
            choices={[
              { value: 'cash', label: s('inCash') },
              { value: 'kind', label: s('inKind') },
            ]}
          />
          {how === 'cash' ? (
            <TextField label={s('amount')} value={amount} onChange={setAmount} inputMode="decimal" error={(touched && missing.number ? s('amountNeeded') : undefined) ?? change.said('amount')} />
          ) : (
            <>
              <SearchPicker label={s('security')} value={security} onChange={setSecurity} search={search} suggested={held ?? []} none={s('noSecurity')} error={(touched && missing.security ? s('securityNeeded') : undefined) ?? change.said('securityId')} />
              <TextField label={s('units')} value={units} onChange={setUnits} inputMode="decimal" error={(touched && missing.number ? s('unitsNeeded') : undefined) ?? change.said('quantity')} />
              <TextField label={s('lots')} description={s('lotsHint')} value={lots} onChange={setLots} maxLength={200} error={change.said('lotSelection')} />
            </>
          )}
          <DateField label={s('day')} name={s('day')} value={day} onChange={setDay} error={(touched && missing.day ? s('dayNeeded') : undefined) ?? change.said('day')} />
        </>
      )}
    </Form>
  )
}

function Ends({ preview }: { preview: Preview }) {
  const { locale } = useEnvironment()
  const { left, arrived, currency, security, lots, warnings } = preview
  return (
    <>
      <table className="w-full text-14">
        <thead>
          <tr className="border-b border-line-strong text-12 text-text-3">
            <th scope="col" className="h-8 text-left font-medium">
              <span className="sr-only">{s('what')}</span>
            </th>
            <th scope="col" className="h-8 text-right font-medium">
              {s('before')}
            </th>
            <th scope="col" className="h-8 text-right font-medium">
              {s('after')}
            </th>
          </tr>
        </thead>
        <tbody>
          {[left, arrived].map((end) => (
            <tr key={end.sleeveId} className="border-b border-line">
              <th scope="row" className="h-9 text-left font-normal">
                {security ? s('unitsOf', { security: security.name, name: end.name }) : s('cashOf', { name: end.name })}
              </th>
              <td className="text-right">{security ? <Figure kind="quantity" value={end.quantityBefore} /> : <Figure kind="money" value={end.cashBefore} currency={currency} />}</td>
              <td className="text-right font-medium">{security ? <Figure kind="quantity" value={end.quantityAfter} /> : <Figure kind="money" value={end.cashAfter} currency={currency} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lots.length > 0 ? (
        <section aria-label={s('lotsMoved')}>
          <h3 className="text-14 font-medium">{s('lotsMoved')}</h3>
          <ul className="text-12 text-text-2">
            {lots.map((lot) => (
              <li key={`${lot.acquiredOn ?? ''} ${lot.units} ${lot.cost ?? ''}`} className="flex justify-between gap-4 py-1">
                <span>
                  <Figure kind="quantity" value={lot.units} /> {lot.acquiredOn ? s('lotSince', { date: formatDate(locale, lot.acquiredOn) }) : s('lotUndated')}
                </span>
                <span>{lot.cost === null ? s('costUnknown') : <>{s('lotCost')} <Figure kind="money" value={lot.cost} currency={currency} /></>}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {warnings.map(({ code, message }) => (
        <p key={code}>
          <Status is="attention">{message}</Status>
        </p>
      ))}
    </>
  )
}
