import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { announce } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { ResetAuthenticatorDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { StatusShape } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import type { UserDetail } from './UserPanel'
import { t } from './words'

/** A lost authenticator is taken away by two people; the person begins anew by e-mail. */
export function ResetAuthenticatorDialog({ user, onClose }: { user: UserDetail; onClose: () => void }) {
  const { locale, timeZone } = useEnvironment()
  const command = useCommand(ResetAuthenticatorDocument, 'resetAuthenticator', 'ApprovalRequested')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [asked, setAsked] = useState<{ id: string; expiresAt: string } | null>(null)
  const formId = useId()
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

  if (asked) {
    return (
      <Dialog isOpen onClose={onClose} title={t('rolesAsked')}>
        <p role="status" className="flex items-baseline gap-2 pb-3">
          <StatusShape is="progress" />
          {t('resetAskedHint', { name: user.name, when: formatInstant(locale, asked.expiresAt, timeZone) })}
        </p>
        <Link to="/approvals/$id" params={{ id: asked.id }} className="font-medium text-accent hover:underline">
          {t('openApproval')}
        </Link>
      </Dialog>
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('resetAuthenticatorTitle', { name: user.name })}
      actions={
        <>
          <Button look="primary" size="lg" type="submit" form={formId} isPending={command.pending}>
            {t('changeRolesSend')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="grid gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
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
      </form>
    </Dialog>
  )
}
