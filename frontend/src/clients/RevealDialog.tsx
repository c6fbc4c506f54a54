import { useState } from 'react'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { RevealSensitiveDocument, type SensitiveField } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { words } from '@/ui/words'
import { c } from './words'

interface RevealDialogProps {
  subject: { id: string; name: string }
  field: SensitiveField
  what: string
  onClose: () => void
  onRevealed: (value: string) => void
}

const REASON_MAX = 500

/** Asks why; the server wants a fresh confirmation of the person and keeps the reason. */
export function RevealDialog({ subject, field, what, onClose, onRevealed }: RevealDialogProps) {
  const reveal = useCommand(RevealSensitiveDocument, 'revealSensitive', 'RevealSensitiveSuccess')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const lower = what.toLowerCase()
  const run = async () => {
    setTouched(true)
    if (reason.trim() === '') return
    const answer = await reveal.run(
      { input: { subjectId: subject.id, field, reason: reason.trim() } },
      c('revealSentence', { what: lower, name: subject.name, reason: reason.trim() }),
    )
    if (!answer.ok) return setRefusal(answer.refusal)
    onRevealed(answer.value.value)
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={c('revealTitle', { what: lower, name: subject.name })}
      actions={
        <>
          <Button look="primary" size="lg" isPending={reveal.pending} onPress={() => void run()}>
            {c('revealDo')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {words('cancel')}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void run()
        }}
      >
        {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
        <TextField
          label={c('revealReason')}
          description={c('revealHint')}
          value={reason}
          onChange={setReason}
          maxLength={REASON_MAX}
          autoFocus
          error={touched && reason.trim() === '' ? c('revealNeedsReason') : problemAt(refusal, 'reason')}
        />
      </form>
    </Dialog>
  )
}
