import { useState } from 'react'
import { announce } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { ChangeUserRolesDocument } from '@/generated/graphql'
import { FormDialog } from '@/ui/FormDialog'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { ApprovalAsked, type AskedApproval } from './ApprovalAsked'
import { RoleChoices } from './RoleChoices'
import { CLIENT_ROLES, STAFF_ROLES, type RoleName } from './search'
import type { UserDetail } from './UserPanel'
import { roleName, t } from './words'

/** Other roles are asked for, never simply given: the request goes to a second person. */
export function RolesDialog({ user, onClose }: { user: UserDetail; onClose: () => void }) {
  const command = useCommand(ChangeUserRolesDocument, 'changeUserRoles', 'ApprovalRequested')
  const [roles, setRoles] = useState<RoleName[]>([...user.roles])
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [asked, setAsked] = useState<AskedApproval | null>(null)
  const same = roles.length === user.roles.length && roles.every((role) => user.roles.includes(role))
  const rolesProblem = roles.length === 0 ? t('rolesNeeded') : same ? t('changeRolesSame', { name: user.name }) : undefined
  const reasonProblem = reason.trim() === '' ? t('reasonNeeded') : undefined

  const send = async () => {
    setTouched(true)
    if (rolesProblem ?? reasonProblem) return
    const sentence = t('changeRolesSentence', { name: user.name, roles: roles.map(roleName).join(', ') })
    const answer = await command.run({ input: { userId: user.id, roles, expectedVersion: user.version, reason: reason.trim() } }, sentence)
    if (answer.ok) {
      setAsked(answer.value.approval)
      announce('approvals')
      return
    }
    setRefusal(answer.refusal)
    if (answer.refusal?.kind === 'Conflict') announce('people')
  }

  if (asked) return <ApprovalAsked approval={asked} hint={(when) => t('rolesAskedHint', { name: user.name, when })} onClose={onClose} />
  return (
    <FormDialog title={t('changeRolesTitle', { name: user.name })} send={t('changeRolesSend')} pending={command.pending} onSend={send} onClose={onClose}>
      <p className="text-text-2">{t('changeRolesHint')}</p>
      {refusal ? <RefusalNote refusal={refusal} fields={['roles', 'reason']} /> : null}
      <RoleChoices
        roles={user.kind === 'CLIENT' ? CLIENT_ROLES : STAFF_ROLES}
        chosen={roles}
        onChange={setRoles}
        error={(touched ? rolesProblem : undefined) ?? problemAt(refusal, 'roles')}
      />
      <TextField
        label={t('reason')}
        description={t('reasonHint')}
        value={reason}
        onChange={setReason}
        maxLength={500}
        multiline
        error={(touched ? reasonProblem : undefined) ?? problemAt(refusal, 'reason')}
      />
    </FormDialog>
  )
}
