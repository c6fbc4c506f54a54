import { useState } from 'react'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { DeactivateUserDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import type { UserDetail } from './UserPanel'
import { t } from './words'

/** It cannot be undone from here, so the name is typed. */
export function DeactivateDialog({ user, onClose, onChanged }: { user: UserDetail; onClose: () => void; onChanged: () => void }) {
  const command = useCommand(DeactivateUserDocument, 'deactivateUser', 'DeactivateUserSuccess')
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const nameProblem = typed.trim() === user.name ? undefined : t('typeNameWrong', { name: user.name })
  const reasonProblem = reason.trim() === '' ? t('reasonNeeded') : undefined

  const deactivate = async () => {
    setTouched(true)
    if (nameProblem ?? reasonProblem) return
    const answer = await command.run({ input: { userId: user.id, expectedVersion: user.version, reason: reason.trim() } }, t('deactivateSentence', { name: user.name }))
    if (answer.ok) {
      toast(t('deactivated', { name: user.name }))
      onClose()
      onChanged()
      return
    }
    setRefusal(answer.refusal)
    if (answer.refusal?.kind === 'Conflict') onChanged()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      role="alertdialog"
      title={t('deactivateTitle', { name: user.name })}
      actions={
        <>
          <Button look="danger" size="lg" isPending={command.pending} onPress={() => void deactivate()}>
            {t('deactivate')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 pb-2">
        <p className="text-text-2">{t('deactivateHint', { name: user.name })}</p>
        {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
        <TextField
          label={t('reason')}
          description={t('reasonHint')}
          value={reason}
          onChange={setReason}
          maxLength={500}
          error={(touched ? reasonProblem : undefined) ?? problemAt(refusal, 'reason')}
        />
        <TextField label={t('typeName')} value={typed} onChange={setTyped} autoComplete="off" error={touched ? nameProblem : undefined} />
      </div>
    </Dialog>
  )
}
