import { useState } from 'react'
import { announce } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { SettlePriceFindingDocument, type PriceFindingFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { t } from './words'

interface AcceptDialogProps {
  findings: readonly PriceFindingFragment[]
  onClose: () => void
  onDone: () => void
}

/** Prices that are right although they look doubtful: let stand with one reason for all of them. */
export function AcceptDialog({ findings, onClose, onDone }: AcceptDialogProps) {
  const command = useCommand(SettlePriceFindingDocument, 'resolveFinding', 'ResolveFindingSuccess')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const missing = reason.trim() === ''

  const accept = async () => {
    setTouched(true)
    if (missing) return
    setRunning(true)
    let done = 0
    let first: Refusal | null = null
    // One after another: each is a decision of its own, with its own version and its own answer.
    for (const each of findings) {
      const answer = await command.run({ input: { findingId: each.id, resolution: 'DISMISSED', reason: reason.trim(), expectedVersion: each.version } }, t('acceptSentence'))
      if (answer.ok) done += 1
      else first ??= answer.refusal
    }
    setRunning(false)
    if (done > 0) announce('prices')
    if (first) {
      setRefusal(first)
      if (done > 0) toast(t('acceptedSome', { done, count: findings.length }))
      return
    }
    toast(t('accepted', { count: done }))
    onClose()
    onDone()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('acceptTitle', { count: findings.length })}
      actions={
        <>
          <Button look="primary" size="lg" isPending={running} onPress={() => void accept()}>
            {t('accept')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
        <ul className="grid max-h-48 gap-1 overflow-y-auto text-text-2">
          {findings.map((each) => (
            <li key={each.id}>{each.message}</li>
          ))}
        </ul>
        <p className="text-text-2">{t('acceptHint')}</p>
        <TextField
          label={t('reason')}
          description={t('reasonHint')}
          value={reason}
          onChange={setReason}
          maxLength={500}
          multiline
          error={touched && missing ? t('reasonRequired') : problemAt(refusal, 'reason')}
        />
      </div>
    </Dialog>
  )
}
