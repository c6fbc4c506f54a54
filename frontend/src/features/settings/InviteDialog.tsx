import { useState } from 'react'
import { useViewer } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { InviteUserDocument } from '@/generated/graphql'
import { FormDialog } from '@/ui/FormDialog'
import { RadioChoice } from '@/ui/RadioChoice'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { RoleChoices } from './RoleChoices'
import { CLIENT_ROLES, ROLES, type RoleName } from './search'
import { t } from './words'

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Staff roles are given by firm admins; others who may invite bring in clients. */
function rolesToGive(viewerRoles: readonly string[]): readonly RoleName[] {
  return viewerRoles.includes('FIRM_ADMIN') ? ROLES : CLIENT_ROLES
}

export function InviteDialog({ onClose, onInvited }: { onClose: () => void; onInvited: () => void }) {
  const viewer = useViewer()
  const command = useCommand(InviteUserDocument, 'inviteUser', 'InviteUserSuccess')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [roles, setRoles] = useState<RoleName[]>([])
  const [scope, setScope] = useState<'FIRM' | 'LIMITED'>('FIRM')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const staff = roles.some((role) => !CLIENT_ROLES.includes(role))
  const problems = {
    name: name.trim() === '' ? t('nameNeeded') : undefined,
    email: EMAIL.test(email.trim()) ? undefined : t('emailNeeded'),
    roles: roles.length === 0 ? t('rolesNeeded') : undefined,
  }

  const send = async () => {
    setTouched(true)
    if (problems.name ?? problems.email ?? problems.roles) return
    const input = { name: name.trim(), email: email.trim(), roles, scope: staff ? scope : null }
    const answer = await command.run({ input }, t('inviteSentence', { name: input.name, email: input.email }))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    toast(t('invited', { email: input.email }))
    onInvited()
    onClose()
  }

  return (
    <FormDialog title={t('inviteTitle')} send={t('inviteSend')} pending={command.pending} onSend={send} onClose={onClose}>
      {refusal ? <RefusalNote refusal={refusal} fields={['name', 'email', 'roles']} /> : null}
      <TextField label={t('inviteName')} value={name} onChange={setName} maxLength={200} autoFocus error={(touched ? problems.name : undefined) ?? problemAt(refusal, 'name')} />
      <TextField
        label={t('inviteEmail')}
        type="email"
        autoComplete="off"
        value={email}
        onChange={setEmail}
        maxLength={254}
        error={(touched ? problems.email : undefined) ?? problemAt(refusal, 'email')}
      />
      <RoleChoices roles={rolesToGive(viewer.roles)} chosen={roles} onChange={setRoles} error={(touched ? problems.roles : undefined) ?? problemAt(refusal, 'roles')} />
      {staff ? (
        <RadioChoice
          label={t('inviteScope')}
          value={scope}
          onChange={setScope}
          choices={[
            { value: 'FIRM', label: t('firmWide') },
            { value: 'LIMITED', label: t('limited') },
          ]}
        />
      ) : null}
    </FormDialog>
  )
}
