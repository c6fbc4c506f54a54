import { useCallback, useState } from 'react'
import { useClient } from 'urql'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { dayAt } from '@/domain/dates'
import { CreateAccessGrantDocument, GrantSubjectsDocument, RevokeAccessGrantDocument, UserChoicesDocument, type GrantRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Dialog } from '@/ui/Overlay'
import { RadioChoice } from '@/ui/RadioChoice'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { SearchPicker, type Found } from '@/ui/SearchPicker'
import { DateField } from '@/ui/DateField'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { FormDialog } from './FormDialog'
import { t } from './words'

/** People by name, for pickers. */
export function usePeopleSearch(): (query: string, signal: AbortSignal) => Promise<Found[]> {
  const client = useClient()
  return useCallback(
    async (query, signal) => {
      const { data } = await client.query(UserChoicesDocument, { nameContains: query }, { requestPolicy: 'network-only', fetchOptions: { signal, credentials: 'same-origin' } }).toPromise()
      return (data?.users.edges ?? []).map(({ node }) => ({ id: node.id, label: node.name, detail: node.email }))
    },
    [client],
  )
}

function useSubjectSearch(): (query: string, signal: AbortSignal) => Promise<Found[]> {
  const client = useClient()
  return useCallback(
    async (query, signal) => {
      const { data } = await client.query(GrantSubjectsDocument, { query }, { requestPolicy: 'network-only', fetchOptions: { signal, credentials: 'same-origin' } }).toPromise()
      return (data?.search.groups ?? []).flatMap((group) => group.hits.map((hit) => ({ id: hit.id, label: hit.title, detail: hit.subtitle })))
    },
    [client],
  )
}

type Right = 'read' | 'write'

/** Lets a person who sees only what is granted see a household or an account. */
export function GrantDialog({ onClose, onChanged }: { onClose: () => void; onChanged: () => void }) {
  const { now, timeZone } = useEnvironment()
  const command = useCommand(CreateAccessGrantDocument, 'createAccessGrant', 'CreateAccessGrantSuccess')
  const searchPeople = usePeopleSearch()
  const searchSubjects = useSubjectSearch()
  const [who, setWho] = useState<Found | null>(null)
  const [what, setWhat] = useState<Found | null>(null)
  const [right, setRight] = useState<Right>('read')
  const [from, setFrom] = useState(() => dayAt(now(), timeZone))
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const problems = {
    who: who ? undefined : t('grantNeeded'),
    what: what ? undefined : t('grantNeeded'),
    to: to !== '' && to <= from ? t('grantSpan') : undefined,
    reason: reason.trim() === '' ? t('reasonNeeded') : undefined,
  }
  const shown = (own: string | undefined, field: string) => (touched ? own : undefined) ?? problemAt(refusal, field)

  const grant = async () => {
    setTouched(true)
    if (!who || !what || problems.to || problems.reason) return
    const answer = await command.run(
      {
        input: {
          principalId: who.id,
          subjectId: what.id,
          permissions: right === 'write' ? ['read', 'write'] : ['read'],
          effectiveFrom: from || null,
          effectiveTo: to || null,
          reason: reason.trim(),
        },
      },
      t('grantSentence', { who: who.label, what: what.label }),
    )
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    toast(t('granted', { who: who.label, what: what.label }))
    onChanged()
    onClose()
  }

  return (
    <FormDialog title={t('grantTitle')} send={t('grantSave')} pending={command.pending} onSend={grant} onClose={onClose}>
      {refusal ? <RefusalNote refusal={refusal} fields={['principalId', 'subjectId', 'effectiveFrom', 'effectiveTo', 'reason']} /> : null}
      <SearchPicker label={t('grantWho')} value={who} onChange={setWho} search={searchPeople} placeholder={t('grantWhoHint')} none={t('grantNobody')} error={shown(problems.who, 'principalId')} />
      <SearchPicker label={t('grantWhat')} value={what} onChange={setWhat} search={searchSubjects} placeholder={t('grantWhatHint')} none={t('grantNothing')} error={shown(problems.what, 'subjectId')} />
      <RadioChoice
        label={t('grantPermissions')}
        value={right}
        onChange={setRight}
        choices={[
          { value: 'read', label: t('mayRead') },
          { value: 'write', label: t('mayWrite') },
        ]}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <DateField label={t('grantFrom')} name={t('grantFrom')} value={from} onChange={setFrom} error={problemAt(refusal, 'effectiveFrom')} />
        <DateField label={t('grantTo')} name={t('grantTo')} value={to} onChange={setTo} error={shown(problems.to, 'effectiveTo')} />
      </div>
      <TextField label={t('reason')} description={t('reasonHint')} value={reason} onChange={setReason} maxLength={500} error={shown(problems.reason, 'reason')} />
    </FormDialog>
  )
}

export function RevokeGrantDialog({ grant, onClose, onChanged }: { grant: GrantRowFragment; onClose: () => void; onChanged: () => void }) {
  const command = useCommand(RevokeAccessGrantDocument, 'revokeAccessGrant', 'RevokeAccessGrantSuccess')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const missing = reason.trim() === ''
  const words = { who: grant.principal.name, what: grant.subject.label ?? grant.subject.kind }

  const revoke = async () => {
    setTouched(true)
    if (missing) return
    const answer = await command.run({ input: { accessGrantId: grant.id, reason: reason.trim() } }, t('revokeSentence', words))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    toast(t('revoked'))
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
