import { useState } from 'react'
import { SetPartyContactsDocument, type ContactKind } from '@/generated/graphql'
import { Checkbox } from '@/ui/Checkbox'
import { partyWord } from '@/ui/party/words'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { Form, useChange } from './form'
import { rowKey, Rows } from './rows'
import { c } from './words'

interface Contact {
  kind: ContactKind
  label: string
  value: string
  isPrimary: boolean
}
interface Row extends Contact {
  key: number
}

const KINDS: readonly ContactKind[] = ['EMAIL', 'PHONE', 'ADDRESS']
const LABEL_MAX = 40

/** How a person or entity is reached: these and no others. */
export function ContactsDialog({ party, onClose }: { party: { id: string; name: string; version: number; contacts: readonly Contact[] }; onClose: () => void }) {
  const change = useChange(SetPartyContactsDocument, 'setPartyContacts', 'SetPartyContactsSuccess')
  const [rows, setRows] = useState<Row[]>(() => party.contacts.map(({ kind, label, value, isPrimary }) => ({ key: rowKey(), kind, label, value, isPrimary })))
  const [touched, setTouched] = useState(false)
  const send = async () => {
    setTouched(true)
    if (rows.some((row) => row.value.trim() === '')) return
    const contacts = rows.map(({ kind, label, value, isPrimary }) => ({ kind, label: label.trim(), value: value.trim(), isPrimary }))
    if (!(await change.run({ input: { partyId: party.id, expectedVersion: party.version, contacts } }, c('contactsSentence', { name: party.name })))) return
    toast(c('contactsSaved', { name: party.name }))
    onClose()
  }
  return (
    <Form wide title={c('contactsOf', { name: party.name })} send={c('save')} pending={change.pending} refusal={change.refusal} fields={['value', 'kind', 'label', 'isPrimary', 'contacts']} onSend={send} onClose={onClose}>
      <Rows
        rows={rows}
        onChange={setRows}
        fresh={(): Row => ({ key: rowKey(), kind: 'EMAIL', label: '', value: '', isPrimary: rows.every((row) => row.kind !== 'EMAIL') })}
        add={c('addContact')}
        remove={(place) => c('removeContact', { place })}
        error={change.said('contacts')}
      >
        {(row, place, set) => (
          <>
            <Select label={c('contactKind')} value={row.kind} onChange={(kind) => set({ kind })} choices={KINDS.map((kind) => ({ value: kind, label: partyWord('contact', kind) }))} error={change.said('contacts', place, 'kind')} className="sm:col-span-2" />
            <TextField
              label={c('contactValue')}
              value={row.value}
              onChange={(value) => set({ value })}
              multiline={row.kind === 'ADDRESS'}
              maxLength={400}
              error={(touched && row.value.trim() === '' ? c('contactNeeded') : undefined) ?? change.said('contacts', place, 'value')}
              className="sm:col-span-4"
            />
            <TextField label={c('contactLabel')} value={row.label} onChange={(label) => set({ label })} placeholder={c('contactLabelHint')} maxLength={LABEL_MAX} className="sm:col-span-2" />
            <div className="self-end pb-1.5 sm:col-span-4">
              <Checkbox isSelected={row.isPrimary} onChange={(isPrimary) => set({ isPrimary })}>
                {c('contactPrimary')}
              </Checkbox>
              {change.said('contacts', place, 'isPrimary') ? <p className="text-12 text-negative">{change.said('contacts', place, 'isPrimary')}</p> : null}
            </div>
          </>
        )}
      </Rows>
    </Form>
  )
}
