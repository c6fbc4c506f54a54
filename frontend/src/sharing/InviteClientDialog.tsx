import { useState } from 'react'
import { announce } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { InviteClientDocument } from '@/generated/graphql'
import { FormDialog } from '@/ui/FormDialog'
import { RadioChoice } from '@/ui/RadioChoice'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import type { PartyAccess } from './PortalAccess'
import { somebody, type Somebody } from './search'
import { t } from './words'

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

function emailOf(party: PartyAccess): string {
  const emails = party.contacts.filter((contact) => contact.kind === 'EMAIL')
  return (emails.find((contact) => contact.isPrimary) ?? emails[0])?.value ?? ''
}

/** Invites a person of the book to the portal: the sign-in belongs to that person and opens nothing by itself. */
export function InviteClientDialog({ party, onClose, onInvited }: { party: PartyAccess; onClose: () => void; onInvited: (user: Somebody) => void }) {
  const command = useCommand(InviteClientDocument, 'inviteUser', 'InviteUserSuccess')
  const [name, setName] = useState(party.name)
  const [email, setEmail] = useState(() => emailOf(party))
  const [role, setRole] = useState<'CLIENT' | 'GUARDIAN'>('CLIENT')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const problems = {
    name: name.trim() === '' ? t('nameNeeded') : undefined,
    email: EMAIL.test(email.trim()) ? undefined : t('emailNeeded'),
  }

  const send = async () => {
    setTouched(true)
    if (problems.name ?? problems.email) return
    const input = { name: name.trim(), email: email.trim(), roles: [role], partyId: party.id }
    const answer = await command.run({ input }, t('inviteSentence', { name: input.name, email: input.email }))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    toast(t('invited', { email: input.email }))
    announce('people')
    onClose()
    onInvited(somebody(answer.value.user))
  }

  return (
    <FormDialog title={t('inviteTitle', { name: party.name })} send={t('inviteSend')} pending={command.pending} onSend={send} onClose={onClose}>
      {refusal ? <RefusalNote refusal={refusal} fields={['name', 'email']} /> : null}
      <TextField label={t('inviteName')} value={name} onChange={setName} maxLength={120} error={(touched ? problems.name : undefined) ?? problemAt(refusal, 'name')} />
      <TextField
        label={t('inviteEmail')}
        type="email"
        autoComplete="off"
        value={email}
        onChange={setEmail}
        maxLength={254}
        error={(touched ? problems.email : undefined) ?? problemAt(refusal, 'email')}
      />
      <RadioChoice
        label={t('inviteRole')}
        value={role}
        onChange={setRole}
        choices={[
          { value: 'CLIENT', label: t('CLIENT'), detail: t('whatCLIENT') },
          { value: 'GUARDIAN', label: t('GUARDIAN_ROLE'), detail: t('whatGUARDIAN') },
        ]}
      />
    </FormDialog>
  )
}
