import { useState } from 'react'
import { announce } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { RevokeAccessGrantDocument, type GrantRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { t } from './words'

/** Takes one grant back at once, for a reason. */
export function RevokeGrantDialog({ grant, onClose, onChanged }: { grant: GrantRowFragment; onClose: () => void; onChanged: () => void }) {
  const command = useCommand(RevokeAccessGrantDocument, 'revokeAccessGrant', 'RevokeAccessGrantSuccess')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const missing = reason.trim() === ''
  const words = { who: grant.principal.name, what: grant.subject.label || grant.subject.kind }

  const revoke = async () => {
    setTouched(true)
    if (missing) return
    const answer = await command.run({ input: { accessGrantId: grant.id, reason: reason.trim() } }, t('revokeSentence', words))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    toast(t('revoked'))
    announce('people')
    onChanged()
    onClose()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('revokeTitle')}
      actions={
        <>
          <Button look="danger" size="lg" isPending={command.pending} onPress={() => void revoke()}>
            {t('revoke')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 pb-2">
        <p className="text-text-2">{t('revokeHint', words)}</p>
        {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
        <TextField
          label={t('reason')}
          description={t('reasonHint')}
          value={reason}
          onChange={setReason}
          maxLength={500}
          error={(touched && missing ? t('reasonNeeded') : undefined) ?? problemAt(refusal, 'reason')}
        />
      </div>
    </Dialog>
  )
}
