import { useState } from 'react'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { can } from '@/domain/permissions'
import { CancelApprovalDocument, DecideApprovalDocument, type ApprovalRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { StatusShape } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import type { Standing } from './search'
import { t } from './words'

interface DecideProps {
  approval: ApprovalRowFragment
  standing: Standing
  onChanged: () => void
}

const WHY_NOT: Record<Exclude<Standing, 'decide'>, { title: 'makerBlocked' | 'alreadyDecided' | 'closed' | 'notAllowed'; hint?: 'makerBlockedHint' | 'notAllowedHint' }> = {
  maker: { title: 'makerBlocked', hint: 'makerBlockedHint' },
  decided: { title: 'alreadyDecided' },
  closed: { title: 'closed' },
  notAllowed: { title: 'notAllowed', hint: 'notAllowedHint' },
}

/** The decision, or in words why this person cannot take it. */
export function Decide({ approval, standing, onChanged }: DecideProps) {
  const decide = useCommand(DecideApprovalDocument, 'decideApproval', 'DecideApprovalSuccess')
  const cancel = useCommand(CancelApprovalDocument, 'cancelApproval', 'CancelApprovalSuccess')
  const [reason, setReason] = useState('')
  const [wantsReason, setWantsReason] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const summary = approval.commandSummary

  const settle = (answer: { ok: boolean; refusal?: Refusal | null }, said: string) => {
    if (answer.ok) {
      toast(said)
      onChanged()
      return
    }
    setRefusal(answer.refusal ?? null)
    if (answer.refusal?.kind === 'Conflict') onChanged()
  }
  const sign = async (decision: 'APPROVE' | 'REJECT') => {
    if (decision === 'REJECT' && reason.trim() === '') {
      setWantsReason(true)
      return
    }
    const answer = await decide.run(
      { input: { approvalId: approval.id, decision, reason: reason.trim() || null, commandHash: approval.commandHash, expectedVersion: approval.version } },
      t(decision === 'APPROVE' ? 'approveSentence' : 'rejectSentence', { summary }),
    )
    settle(answer, t(decision === 'APPROVE' ? 'approved' : 'rejected'))
  }
  const withdraw = async () => {
    const answer = await cancel.run({ input: { approvalId: approval.id, expectedVersion: approval.version } }, t('withdrawSentence', { summary }))
    settle(answer, t('withdrawn'))
  }

  const why = standing === 'decide' ? null : WHY_NOT[standing]
  const busy = decide.pending || cancel.pending
  return (
    <div className="mt-6 grid gap-4">
      {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
      {why ? (
        <div className="rounded-surface border border-line p-3">
          <p className="flex items-center gap-2 font-semibold">
            <StatusShape is="fact" />
            {t(why.title)}
          </p>
          {why.hint ? <p className="mt-1 text-text-2">{t(why.hint)}</p> : null}
        </div>
      ) : (
        <>
          <TextField
            label={t('decisionReason')}
            description={t('decisionReasonHint')}
            value={reason}
            onChange={setReason}
            maxLength={500}
            multiline
            error={wantsReason && reason.trim() === '' ? t('reasonRequired') : problemAt(refusal, 'reason')}
          />
          <div className="flex flex-wrap gap-2">
            <Button look="primary" size="lg" isPending={decide.pending} isDisabled={busy} onPress={() => void sign('APPROVE')}>
              {t('approve')}
            </Button>
            <Button look="danger" size="lg" isDisabled={busy} onPress={() => void sign('REJECT')}>
              {t('reject')}
            </Button>
          </div>
        </>
      )}
      {approval.state === 'PENDING' && can(approval, 'CANCEL_APPROVAL') ? (
        <div>
          <Button isPending={cancel.pending} isDisabled={busy} onPress={() => void withdraw()}>
            {t('withdraw')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
