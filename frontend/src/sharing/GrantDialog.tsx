import { useState } from 'react'
import { announce } from '@/data/changes'
import { useIdempotencyKey } from '@/data/ledger'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { dayAt, formatDate } from '@/domain/dates'
import { CreateAccessGrantDocument } from '@/generated/graphql'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { FormDialog } from '@/ui/FormDialog'
import { RadioChoice } from '@/ui/RadioChoice'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { SearchPicker } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { usePeopleSearch, useSubjectSearch, type Somebody, type Something } from './search'
import { ShownWords } from './ShownWords'
import { CLIENT_RELATIONSHIPS, STAFF_RELATIONSHIPS, t, type Relationship } from './words'

type Right = 'read' | 'write'

interface GrantDialogProps {
  who?: Somebody
  what?: Something
  /** What the person is to it, where the page knows. */
  as?: Relationship
  onClose: () => void
  onChanged: () => void
}

/** Lets a person who sees only what is granted see something, and says in words what that will show. */
export function GrantDialog({ who: givenWho, what: givenWhat, as, onClose, onChanged }: GrantDialogProps) {
  const { now, timeZone, locale } = useEnvironment()
  const command = useCommand(CreateAccessGrantDocument, 'createAccessGrant', 'CreateAccessGrantSuccess')
  const keyOf = useIdempotencyKey()
  const searchPeople = usePeopleSearch()
  const searchSubjects = useSubjectSearch()
  const [today] = useState(() => dayAt(now(), timeZone))
  const [who, setWho] = useState<Somebody | null>(givenWho ?? null)
  const [what, setWhat] = useState<Something | null>(givenWhat ?? null)
  const [chosen, setChosen] = useState<Relationship | null>(as ?? null)
  const [right, setRight] = useState<Right>('read')
  const [from, setFrom] = useState(today)
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const isStaff = who?.kind === 'STAFF'
  const choices = isStaff ? STAFF_RELATIONSHIPS : CLIENT_RELATIONSHIPS
  const relationship = chosen && choices.includes(chosen) ? chosen : isStaff ? 'STAFF' : null
  const seesFirm = isStaff && who.scope === 'FIRM'
  const problems = {
    who: !who ? t('grantNeeded') : seesFirm ? t('firmWide', { who: who.label }) : undefined,
    what: what ? undefined : t('grantNeeded'),
    relationship: relationship ? undefined : t('grantNeeded'),
    to: to !== '' && to <= from ? t('grantSpan') : undefined,
    reason: reason.trim() === '' ? t('reasonNeeded') : undefined,
  }
  const shown = (own: string | undefined, field: string) => (touched ? own : undefined) ?? problemAt(refusal, field)

  const grant = async () => {
    setTouched(true)
    if (!who || !what || !relationship || seesFirm || problems.to || problems.reason) return
    const content = {
      principalId: who.id,
      subjectId: what.id,
      relationship,
      permissions: isStaff && right === 'write' ? ['read', 'write'] : ['read'],
      effectiveFrom: from || null,
      effectiveTo: to || null,
      reason: reason.trim(),
    }
    const words = { who: who.label, what: what.label }
    const answer = await command.run({ input: { ...content, idempotencyKey: keyOf(content) } }, t('grantSentence', words))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    toast(from > today ? t('grantedLater', { ...words, date: formatDate(locale, from) }) : t('granted', words))
    announce('people')
    onChanged()
    onClose()
  }

  return (
    <FormDialog title={givenWhat && !givenWho ? t('shareName', { name: givenWhat.label }) : t('grantTitle')} send={t('grantSave')} pending={command.pending} onSend={grant} onClose={onClose}>
      {refusal ? <RefusalNote refusal={refusal} fields={['principalId', 'subjectId', 'relationship', 'effectiveFrom', 'effectiveTo', 'reason']} /> : null}
      <SearchPicker
        label={t('grantWho')}
        value={who}
        onChange={(next) => setWho(next as Somebody | null)}
        search={searchPeople}
        placeholder={t('grantWhoHint')}
        none={t('grantNobody')}
        error={seesFirm ? problems.who : shown(problems.who, 'principalId')}
      />
      <SearchPicker
        label={t('grantWhat')}
        value={what}
        onChange={(next) => setWhat(next as Something | null)}
        search={searchSubjects}
        placeholder={t('grantWhatHint')}
        none={t('grantNothing')}
        error={shown(problems.what, 'subjectId')}
      />
      <div className="grid gap-1.5">
        <Select
          label={t('grantRelationship')}
          choices={choices.map((each) => ({ value: each, label: t(each) }))}
          value={relationship}
          onChange={setChosen}
          placeholder={t('grantNeeded')}
          error={shown(problems.relationship, 'relationship')}
        />
        {isStaff ? null : <p className="text-12 text-text-3">{t('grantRelationshipHint')}</p>}
      </div>
      {isStaff ? (
        <RadioChoice
          label={t('grantPermissions')}
          value={right}
          onChange={setRight}
          choices={[
            { value: 'read', label: t('mayRead') },
            { value: 'write', label: t('mayWrite') },
          ]}
        />
      ) : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <DateField label={t('grantFrom')} name={t('grantFrom')} value={from} onChange={setFrom} error={problemAt(refusal, 'effectiveFrom')} />
        <DateField label={t('grantTo')} name={t('grantTo')} hint={t('grantToHint')} value={to} onChange={setTo} error={shown(problems.to, 'effectiveTo')} />
      </div>
      <TextField label={t('reason')} description={t('reasonHint')} value={reason} onChange={setReason} maxLength={500} error={shown(problems.reason, 'reason')} />
      {what && relationship && !seesFirm ? <ShownWords subjectId={what.id} who={who} relationship={relationship} from={from} to={problems.to ? '' : to} /> : null}
    </FormDialog>
  )
}
