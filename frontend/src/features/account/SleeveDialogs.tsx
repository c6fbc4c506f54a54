import { useState } from 'react'
import { Form, orNull, useChange, useKeyed } from '@/clients/form'
import { formatDate } from '@/domain/dates'
import { CloseSleeveDocument, OpenSleeveDocument, UpdateSleeveDocument, type SleevePartsFragment } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { s } from './sleeveWords'

interface SleeveFormProps {
  account: { id: string; name: string }
  /** The sleeve that is changed; without one a new one is made. */
  sleeve?: SleevePartsFragment
  onClose: () => void
}

/** Makes a sleeve of an account, or changes its name, strategy and first day. */
export function SleeveDialog({ account, sleeve, onClose }: SleeveFormProps) {
  const opening = useChange(OpenSleeveDocument, 'openSleeve', 'OpenSleeveSuccess')
  const changing = useChange(UpdateSleeveDocument, 'updateSleeve', 'UpdateSleeveSuccess')
  const keyed = useKeyed()
  const { said, refusal, pending } = sleeve ? changing : opening
  const [name, setName] = useState(sleeve?.name ?? '')
  const [strategy, setStrategy] = useState(sleeve?.strategy ?? '')
  const [openedOn, setOpenedOn] = useState(sleeve?.openedOn ?? '')
  const [touched, setTouched] = useState(false)
  const send = async () => {
    setTouched(true)
    if (name.trim() === '') return
    const content = { name: name.trim(), strategy: orNull(strategy), openedOn: orNull(openedOn) }
    const done = sleeve
      ? await changing.run({ input: { ...content, sleeveId: sleeve.id, expectedVersion: sleeve.version } }, s('saveSentence', { name: content.name }))
      : await opening.run({ input: keyed({ ...content, accountId: account.id }) }, s('addSentence', { name: content.name }))
    if (!done) return
    toast(s(sleeve ? 'saved' : 'made', { name: content.name }))
    onClose()
  }
  return (
    <Form
      title={sleeve ? s('editTitle', { name: sleeve.name }) : s('addTitle', { name: account.name })}
      send={s(sleeve ? 'save' : 'make')}
      pending={pending}
      refusal={refusal}
      fields={['name', 'strategy', 'openedOn']}
      onSend={send}
      onClose={onClose}
    >
      <TextField label={s('name')} value={name} onChange={setName} maxLength={100} isRequired error={(touched && name.trim() === '' ? s('nameNeeded') : undefined) ?? said('name')} />
      <TextField label={s('strategy')} value={strategy} onChange={setStrategy} maxLength={100} error={said('strategy')} />
      <DateField label={s('openedOn')} name={s('openedOn')} hint={s('openedOnHint')} value={openedOn} onChange={setOpenedOn} error={said('openedOn')} />
    </Form>
  )
}

/** Closes an empty sleeve on a day, or opens a closed one again. */
export function CloseSleeveDialog({ sleeve, onClose }: { sleeve: SleevePartsFragment; onClose: () => void }) {
  const { locale, businessDate } = useEnvironment()
  const change = useChange(CloseSleeveDocument, 'closeSleeve', 'CloseSleeveSuccess')
  const [day, setDay] = useState(businessDate ?? '')
  const [touched, setTouched] = useState(false)
  const { closedOn, name } = sleeve
  const isOpen = closedOn === null
  const send = async () => {
    setTouched(true)
    if (isOpen && day === '') return
    const input = { sleeveId: sleeve.id, expectedVersion: sleeve.version, closedOn: isOpen ? day : null }
    if (!(await change.run({ input }, s(isOpen ? 'closeSentence' : 'reopenSentence', { name })))) return
    toast(s(isOpen ? 'closedDone' : 'reopenedDone', { name }))
    onClose()
  }
  return (
    <Form
      danger={isOpen}
      title={s(isOpen ? 'closeTitle' : 'reopenTitle', { name })}
      send={s(isOpen ? 'closeSave' : 'reopenSave')}
      pending={change.pending}
      refusal={change.refusal}
      fields={['closedOn']}
      onSend={send}
      onClose={onClose}
    >
      <p className="text-text-2">{isOpen ? s('closeHint') : s('reopenHint', { date: formatDate(locale, closedOn) })}</p>
      {isOpen ? <DateField label={s('closeDay')} name={s('closeDay')} value={day} onChange={setDay} error={(touched && day === '' ? s('dayNeeded') : undefined) ?? change.said('closedOn')} /> : null}
    </Form>
  )
}
