import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useMay, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { ResendInvitationDocument, UserDetailDocument, type UserDetailQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { Drawer } from '@/ui/Drawer'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { RefusalNote } from '@/ui/RefusalNote'
import { Status } from '@/ui/Status'
import { toast } from '@/ui/Toast'
import { SessionList } from './SessionList'
import { UserStatus } from './UsersPage'
import { roleName, t } from './words'

const RolesDialog = lazy(() => import('./RolesDialog').then((m) => ({ default: m.RolesDialog })))
const ResetAuthenticatorDialog = lazy(() => import('./ResetAuthenticatorDialog').then((m) => ({ default: m.ResetAuthenticatorDialog })))
const DeactivateDialog = lazy(() => import('./DeactivateDialog').then((m) => ({ default: m.DeactivateDialog })))

export type UserDetail = NonNullable<UserDetailQuery['user']>

/** One person beside the list: status, access, sessions, and what may be done about them. */
export function UserPanel({ id, onClose, onChanged }: { id: string; onClose: () => void; onChanged: () => void }) {
  // Who may not end them is not told of them either.
  const withSessions = useMay('sessions.revoke')
  const { data, loading, failure, reload } = useRead(UserDetailDocument, { id, withSessions })
  useChanged('people', reload)
  const changed = () => {
    reload()
    onChanged()
  }
  return (
    <div className="fixed top-0 right-0 bottom-0 z-20 flex max-lg:left-0 lg:top-13 lg:w-[396px]">
      <Drawer label={data?.user ? t('userPanel', { name: data.user.name }) : t('person')} onClose={onClose}>
        <AnswerView value={data?.user} loading={loading} failure={failure} onRetry={reload} missing={{ title: t('userMissing'), hint: t('userMissingHint') }}>
          {(user) => <UserFacts user={user} onChanged={changed} />}
        </AnswerView>
      </Drawer>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 items-center justify-between gap-6 border-b border-line py-1">
      <dt className="text-text-2">{name}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  )
}

function UserFacts({ user, onChanged }: { user: UserDetail; onChanged: () => void }) {
  const { locale, timeZone } = useEnvironment()
  const readsGrants = useMay('grants.read')
  const when = (at: string) => formatInstant(locale, at, timeZone)
  return (
    <div className="grid gap-4">
      <div>
        <h2 className="text-20 font-semibold display">{user.name}</h2>
        <p className="text-text-2 break-all">{user.email}</p>
      </div>
      <dl className="border-t border-line-strong">
        <Fact name={t('status')}>
          <UserStatus user={user} />
        </Fact>
        <Fact name={t('roles')}>{user.roles.map(roleName).join(', ')}</Fact>
        <Fact name={t('access')}>{t(user.scope === 'LIMITED' ? 'limited' : 'firmWide')}</Fact>
        <Fact name={t('secondFactor')}>{user.mfaEnrolled ? <Status is="fine">{t('mfa')}</Status> : <Status is="attention">{t('noMfa')}</Status>}</Fact>
        <Fact name={t('lastSignIn')}>{user.lastSignInAt ? when(user.lastSignInAt) : t('never')}</Fact>
        {user.status === 'INVITED' && user.invitedAt ? <Fact name={t('INVITED')}>{when(user.invitedAt)}</Fact> : null}
      </dl>
      {readsGrants && user.status !== 'DEACTIVATED' ? (
        <Link to="/settings/access/$id" params={{ id: user.id }} className="font-medium text-accent hover:underline">
          {t('whatTheySee', { name: user.name })}
        </Link>
      ) : null}
      <UserActions user={user} onChanged={onChanged} />
      {user.sessions ? (
        <section aria-label={t('sessions')}>
          <SectionHeading level={3} aside={user.sessions.length}>
            {t('sessions')}
          </SectionHeading>
          {user.sessions.length === 0 ? <p className="py-2 text-text-2">{t('noSessions')}</p> : <SessionList label={t('sessions')} sessions={user.sessions} onChanged={onChanged} />}
        </section>
      ) : null}
    </div>
  )
}

function UserActions({ user, onChanged }: { user: UserDetail; onChanged: () => void }) {
  const [open, setOpen] = useState<'roles' | 'authenticator' | 'deactivate' | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const resend = useCommand(ResendInvitationDocument, 'resendInvitation', 'ResendInvitationSuccess')

  const sendAgain = async () => {
    const answer = await resend.run({ input: { userId: user.id } }, t('resendSentence', { email: user.email }))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(t('resent', { email: user.email }))
    onChanged()
  }
  const close = () => setOpen(null)

  return (
    <>
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      <div className="flex flex-wrap gap-2">
        {can(user, 'CHANGE_ROLES') ? <Button onPress={() => setOpen('roles')}>{t('changeRoles')}</Button> : null}
        {can(user, 'RESET_AUTHENTICATOR') ? <Button onPress={() => setOpen('authenticator')}>{t('resetAuthenticator')}</Button> : null}
        {user.status === 'INVITED' && can(user, 'INVITE_USER') ? (
          <Button isPending={resend.pending} onPress={() => void sendAgain()}>
            {t('resend')}
          </Button>
        ) : null}
        {user.status !== 'DEACTIVATED' && can(user, 'DEACTIVATE_USER') ? (
          <Button look="danger" onPress={() => setOpen('deactivate')}>
            {t('deactivate')}
          </Button>
        ) : null}
      </div>
      <Suspense fallback={null}>
        {open === 'roles' ? <RolesDialog user={user} onClose={close} /> : null}
        {open === 'authenticator' ? <ResetAuthenticatorDialog user={user} onClose={close} /> : null}
        {open === 'deactivate' ? <DeactivateDialog user={user} onClose={close} onChanged={onChanged} /> : null}
      </Suspense>
    </>
  )
}
