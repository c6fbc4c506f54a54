import { useState } from 'react'
import { announce } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { ResetAuthenticatorDocument } from '@/generated/graphql'
import { FormDialog } from '@/ui/FormDialog'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { ApprovalAsked, type AskedApproval } from './ApprovalAsked'
import type { UserDetail } from './UserPanel'
import { t } from './words'

/** A lost authenticator is taken away by two people; the person begins anew by e-mail. */
export function ResetAuthenticatorDialog({ user, onClose }: { user: UserDetail; onClose: () => void }) {
  const command = useCommand(ResetAuthenticatorDocument, 'resetAuthenticator', 'ApprovalRequested')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [asked, setAsked] = useState<AskedApproval | null>(null)
  const reasonProblem = reason.trim() === '' ? t('reasonNeeded') : undefined

  const send = async () => {
    setTouched(true)
    if (reasonProblem) return
    const answer = await command.run({ input: { userId: user.id, expectedVersion: user.version, reason: reason.trim() } }, t('resetAuthenticatorSentence', { name: user.name }))
    if (answer.ok) {
      setAsked(answer.value.approval)
      announce('approvals')
      return
    }
    setRefusal(answer.refusal)
    if (answer.refusal?.kind === 'Conflict') announce('people')
  }

  if (asked) return <ApprovalAsked approval={asked} hint={(when) => t('resetAskedHint', { name: user.name, when })} onClose={onClose} />
  return (
    <FormDialog title={t('resetAuthenticatorTitle', { name: user.name })} send={t('changeRolesSend')} pending={command.pending} onSend={send} onClose={onClose}>
      <p className="text-text-2">{t('resetAuthenticatorHint', { name: user.name, email: user.email })}</p>
      {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
      <TextField
        label={t('reason')}
        description={t('reasonHint')}
        value={reason}
        onChange={setReason}
        maxLength={500}
        multiline
        error={(touched ? reasonProblem : undefined) ?? problemAt(refusal, 'reason')}
      />
    </FormDialog>
  )
}
