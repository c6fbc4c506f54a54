import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '@/data'
import { announce } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { can } from '@/domain/permissions'
import { AssignBreakDocument, BreakOwnersDocument, ReopenBreakDocument, SignOffBreakDocument, type BreakRowFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { Select } from '@/ui/Select'
import { StatusShape } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { t } from './words'

const CODES = ['TIMING', 'PRICING_SOURCE', 'ROUNDING', 'CUSTODIAN_ERROR', 'ACCEPTED_DIFFERENCE'] as const
type Act = 'assign' | 'signOff' | 'reopen'

/** What the server says this person may do about the difference. */
export function BreakActs({ row }: { row: BreakRowFragment }) {
  const [act, setAct] = useState<Act | null>(null)
  const close = () => setAct(null)
  const maySign = can(row, 'SIGN_OFF_BREAK')
  return (
    <>
      {maySign ? (
        <Button look="primary" size="lg" className="flex-1" isDisabled={row.waitingFor !== null} onPress={() => setAct('signOff')}>
          {t('signOff')}
        </Button>
      ) : null}
      {can(row, 'ASSIGN_BREAK') ? (
        <Button size="lg" onPress={() => setAct('assign')}>
          {t('assign')}
        </Button>
      ) : null}
      {can(row, 'REOPEN_BREAK') ? (
        <Button size="lg" onPress={() => setAct('reopen')}>
          {t('reopen')}
        </Button>
      ) : null}
      {act === 'assign' ? <AssignDialog row={row} onClose={close} /> : null}
      {act === 'signOff' ? <SignOffDialog row={row} onClose={close} /> : null}
      {act === 'reopen' ? <ReopenDialog row={row} onClose={close} /> : null}
    </>
  )
}

interface DialogProps {
  row: BreakRowFragment
  onClose: () => void
}

const NOTHING = {}
const NOBODY = '-'

function AssignDialog({ row, onClose }: DialogProps) {
  const people = useRead(BreakOwnersDocument, NOTHING)
  const command = useCommand(AssignBreakDocument, 'assignBreak', 'AssignBreakSuccess')
  const [chosen, setChosen] = useState(row.owner?.id ?? NOBODY)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const give = async () => {
    const assigneeId = chosen === NOBODY ? null : chosen
    const answer = await command.run({ input: { breakId: row.id, assigneeId, expectedVersion: row.version } }, t('assignSentence', { name: row.account.name }))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    const name = answer.value.reconciliationBreak.owner?.name
    toast(name ? t('assigned', { name }) : t('unassigned'))
    onClose()
    announce('reconciliation')
  }
  return (
    <Dialog isOpen onClose={onClose} title={t('assign')} actions={<Actions send={t('save')} pending={command.pending} onSend={give} onClose={onClose} />}>
      <div className="grid gap-3">
        {refusal ? <RefusalNote refusal={refusal} /> : null}
        <p className="text-text-2">{row.message}</p>
        <AnswerView value={people.data?.users} loading={people.loading} failure={people.failure} onRetry={people.reload}>
          {({ edges }) => (
            <Select
              label={t('assignTo')}
              value={chosen}
              onChange={setChosen}
              choices={[{ value: NOBODY, label: t('unassign') }, ...edges.map(({ node }) => ({ value: node.id, label: node.name }))]}
            />
          )}
        </AnswerView>
      </div>
    </Dialog>
  )
}

function Actions({ send, pending, onSend, onClose }: { send: string; pending: boolean; onSend: () => Promise<void>; onClose: () => void }) {
  return (
    <>
      <Button look="primary" size="lg" isPending={pending} onPress={() => void onSend()}>
        {send}
      </Button>
      <Button size="lg" onPress={onClose}>
        {t('cancel')}
      </Button>
    </>
  )
}

function SignOffDialog({ row, onClose }: DialogProps) {
  const command = useCommand(SignOffBreakDocument, 'signOffBreak', 'SignOffBreakSuccess')
  const [code, setCode] = useState<(typeof CODES)[number]>('TIMING')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [asked, setAsked] = useState<string | null>(null)
  const missing = reason.trim() === ''
  const sign = async () => {
    setTouched(true)
    if (missing) return
    const answer = await command.run(
      { input: { breakId: row.id, reasonCode: code, reason: reason.trim(), expectedVersion: row.version } },
      t('signOffSentence', { name: row.account.name }),
    )
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    announce('reconciliation')
    announce('approvals')
    if (answer.value.approval) {
      setAsked(answer.value.approval.id)
      return
    }
    toast(t('signedOff'))
    onClose()
  }
  if (asked) {
    return (
      <Dialog isOpen onClose={onClose} title={t('askedSecond')}>
        <p role="status" className="flex items-baseline gap-2 pb-3">
          <StatusShape is="progress" />
          {t('signOffSecond')}
        </p>
        <Link to="/approvals/$id" params={{ id: asked }} className="font-medium text-accent hover:underline">
          {t('openApproval')}
        </Link>
      </Dialog>
    )
  }
  return (
    <Dialog isOpen onClose={onClose} title={t('signOffTitle')} actions={<Actions send={t('signOff')} pending={command.pending} onSend={sign} onClose={onClose} />}>
      <div className="grid gap-3">
        {refusal ? <RefusalNote refusal={refusal} fields={['reason', 'reasonCode']} /> : null}
        <p className="text-text-2">{row.message}</p>
        <p className="text-text-2">{row.needsSecondPerson ? t('signOffSecond') : t('signOffHint')}</p>
        <Select label={t('code')} value={code} onChange={setCode} choices={CODES.map((each) => ({ value: each, label: t(`code${each}`) }))} error={problemAt(refusal, 'reasonCode')} />
        <ReasonField value={reason} onChange={setReason} missing={touched && missing} refusal={refusal} />
      </div>
    </Dialog>
  )
}

function ReasonField({ value, onChange, missing, refusal }: { value: string; onChange: (next: string) => void; missing: boolean; refusal: Refusal | null }) {
  return (
    <TextField
      label={t('reason')}
      description={t('reasonHint')}
      value={value}
      onChange={onChange}
      maxLength={500}
      multiline
      error={missing ? t('reasonRequired') : problemAt(refusal, 'reason')}
    />
  )
}

function ReopenDialog({ row, onClose }: DialogProps) {
  const command = useCommand(ReopenBreakDocument, 'reopenBreak', 'ReopenBreakSuccess')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const missing = reason.trim() === ''
  const reopen = async () => {
    setTouched(true)
    if (missing) return
    const answer = await command.run({ input: { breakId: row.id, reason: reason.trim(), expectedVersion: row.version } }, t('reopenSentence', { name: row.account.name }))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    toast(t('reopened'))
    onClose()
    announce('reconciliation')
  }
  return (
    <Dialog isOpen onClose={onClose} title={t('reopenTitle')} actions={<Actions send={t('reopen')} pending={command.pending} onSend={reopen} onClose={onClose} />}>
      <div className="grid gap-3">
        {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
        <p className="text-text-2">{t('reopenHint')}</p>
        <ReasonField value={reason} onChange={setReason} missing={touched && missing} refusal={refusal} />
      </div>
    </Dialog>
  )
}
