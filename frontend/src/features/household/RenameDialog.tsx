import { useState } from 'react'
import { useClient } from 'urql'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { HouseholdNameDocument, RenameHouseholdDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { StatusShape } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { t } from './words'

interface RenameDialogProps {
  household: { id: string; name: string; version: number }
  onClose: () => void
  onChanged: () => void
}

const NAME_MAX = 200

/** Another name. When somebody else was first, theirs is shown beside what was typed, which stays. */
export function RenameDialog({ household, onClose, onChanged }: RenameDialogProps) {
  const client = useClient()
  const rename = useCommand(RenameHouseholdDocument, 'renameHousehold', 'RenameHouseholdSuccess')
  const [typed, setTyped] = useState(household.name)
  const [known, setKnown] = useState({ name: household.name, version: household.version })
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [touched, setTouched] = useState(false)
  const name = typed.trim()
  const conflicted = refusal?.kind === 'Conflict'

  const save = async () => {
    setTouched(true)
    if (name === '') return
    const answer = await rename.run({ input: { householdId: household.id, name, expectedVersion: known.version } }, t('renameSentence', { from: known.name, to: name }))
    if (answer.ok) {
      toast(t('renamed', { name }))
      onChanged()
      onClose()
      return
    }
    if (answer.refusal?.kind === 'Conflict') {
      const newest = await client.query(HouseholdNameDocument, { id: household.id }, { requestPolicy: 'network-only' }).toPromise()
      if (newest.data?.household) setKnown(newest.data.household)
    }
    setRefusal(answer.refusal)
  }
  const takeTheirs = () => {
    onChanged()
    onClose()
  }

  return (
    <Dialog
      isOpen
      onClose={conflicted ? takeTheirs : onClose}
      title={t('renameTitle')}
      actions={
        <>
          <Button look="primary" size="lg" isPending={rename.pending} onPress={() => void save()}>
            {t(conflicted ? 'renameSaveOver' : 'renameSave')}
          </Button>
          {conflicted ? (
            <Button size="lg" onPress={takeTheirs}>
              {t('renameTakeTheirs', { name: known.name })}
            </Button>
          ) : (
            <Button size="lg" onPress={onClose}>
              {t('cancel')}
            </Button>
          )}
        </>
      }
    >
      <form
        className="grid gap-3"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {conflicted ? (
          <p role="alert" className="flex items-baseline gap-2 rounded-surface border border-warning-line bg-warning-soft p-3">
            <StatusShape is="attention" />
            {t('renameConflict', { name: known.name })}
          </p>
        ) : refusal ? (
          <RefusalNote refusal={refusal} fields={['name']} />
        ) : null}
        <TextField
          label={t('renameName')}
          description={t('renameHint')}
          value={typed}
          onChange={setTyped}
          maxLength={NAME_MAX}
          autoFocus
          error={touched && name === '' ? t('renameEmpty') : problemAt(refusal, 'name')}
        />
      </form>
    </Dialog>
  )
}
