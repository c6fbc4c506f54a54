import { useState } from 'react'
import { announce } from '@/data/changes'
import { useIdempotencyKey } from '@/data/ledger'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatDate } from '@/domain/dates'
import { PostActionDocument, ReverseActionDocument, type DeskActionPartsFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import type { Preview } from './ActionPeek'
import type { Terms } from './TermsForm'
import { useWhat } from './What'
import { t } from './words'

interface PostActionDialogProps {
  is: 'post' | 'takeBack'
  desk: DeskActionPartsFragment
  preview: Preview
  terms: Terms
  onClose: () => void
}

/** The reason, and the act. */
export function PostActionDialog({ is, desk, preview, terms, onClose }: PostActionDialogProps) {
  const { locale } = useEnvironment()
  const kind = useWhat(desk)
  const posting = useCommand(PostActionDocument, 'postCorporateAction', 'PostCorporateActionSuccess')
  const reversing = useCommand(ReverseActionDocument, 'reverseCorporateAction', 'ReverseCorporateActionSuccess')
  const keyOf = useIdempotencyKey()
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const missing = reason.trim() === ''
  const name = desk.security.name

  const act = async () => {
    setTouched(true)
    if (missing) return
    const content = { corporateActionId: desk.id, reason: reason.trim(), ...(is === 'post' ? terms : {}) }
    const input = { ...content, idempotencyKey: keyOf(content) }
    const answer =
      is === 'post' ? await posting.run({ input }, t('postSentence', { kind, name })) : await reversing.run({ input }, t('takeBackSentence', { kind, name }))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    const { value } = answer
    toast(
      value.__typename === 'PostCorporateActionSuccess'
        ? t('posted', { entries: value.entryCount, accounts: value.accountCount })
        : t('takenBack', { entries: value.entryCount }),
    )
    announce('ledger')
    onClose()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t(is === 'post' ? 'postTitle' : 'takeBackTitle')}
      actions={
        <>
          <Button look="primary" size="lg" isPending={posting.pending || reversing.pending} onPress={() => void act()}>
            {t(is === 'post' ? 'post' : 'takeBack')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
        <p className="font-semibold">
          {name}, {kind}
        </p>
        <p className="text-text-2">
          {is === 'post' ? t('postSays', { entries: preview.entryCount, accounts: preview.accountCount, date: formatDate(locale, desk.action.exDate) }) : t('takeBackSays')}
        </p>
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
