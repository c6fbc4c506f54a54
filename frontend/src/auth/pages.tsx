import { useEffect, useState, type SubmitEvent } from 'react'
import { AuthError, authApi, type SignedIn, type SignInStep } from '@/data/auth-api'
import { useFirm } from '@/data/context'
import { session } from '@/data/session'
import { Button } from '@/ui/Button'
import { TextField } from '@/ui/TextField'
import { usePageTitle } from '@/ui/title'
import { AuthLayout, authHeading } from './AuthLayout'
import { linkToken, nextPath, PORTAL_PATHS, STAFF_PATHS, type AuthPaths } from './paths'
import { SignInFlow } from './SignInFlow'
import { Problem } from './steps'
import { failureWords, t } from './words'

const SHORTEST_PASSWORD = 12

/** A new page, so that nothing read by another person is left in memory. Clients and staff have their own entries. */
function enter(viewer: SignedIn, paths: AuthPaths): void {
  session.signedIn(viewer.id)
  const own = viewer.kind === 'CLIENT' ? PORTAL_PATHS : STAFF_PATHS
  location.assign(own === paths ? nextPath(location.search, paths.home) : own.home)
}

function BackLink({ paths }: { paths: AuthPaths }) {
  return (
    <a href={paths.signIn} className="mt-6 inline-block rounded-chip font-medium text-accent hover:underline">
      {t('backToSignIn')}
    </a>
  )
}

export function SignInPage({ paths }: { paths: AuthPaths }) {
  const firm = useFirm()
  usePageTitle(t('signIn'))
  return (
    <AuthLayout>
      <SignInFlow
        forgotPath={paths.forgot}
        firstTitle={t('signIn')}
        firstHint={t('toYourAccount', { firm: firm.name })}
        heading={authHeading}
        onDone={(viewer) => enter(viewer, paths)}
      />
    </AuthLayout>
  )
}

export function ForgotPasswordPage({ paths }: { paths: AuthPaths }) {
  const [email, setEmail] = useState('')
  const [problem, setProblem] = useState<string>()
  const [sent, setSent] = useState(false)
  const [busy, setBusy] = useState(false)
  usePageTitle(t('forgotTitle'))
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())) {
      setProblem(t('enterEmail'))
      return
    }
    setBusy(true)
    setProblem(undefined)
    try {
      await authApi.requestReset(email.trim())
      setSent(true)
    } catch (error) {
      setProblem(failureWords(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <AuthLayout>
      {sent ? (
        <div role="status">{authHeading(t('sentTitle'), t('sentHint', { email: email.trim() }))}</div>
      ) : (
        <>
          {authHeading(t('forgotTitle'), t('forgotHint'))}
          <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-5">
            <TextField label={t('email')} type="email" name="email" autoComplete="username" size="xl" autoFocus value={email} onChange={setEmail} />
            <Problem>{problem}</Problem>
            <Button type="submit" look="primary" size="xl" isPending={busy}>
              {t('sendLink')}
            </Button>
          </form>
        </>
      )}
      <BackLink paths={paths} />
    </AuthLayout>
  )
}

interface NewPasswordProps {
  action: string
  send: (password: string) => Promise<void>
}

/** The same password twice; the server has the last word on what is good enough. */
function NewPasswordForm({ action, send }: NewPasswordProps) {
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [problems, setProblems] = useState<{ first?: string; second?: string; form?: string }>({})
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const missing = {
      ...([...first].length < SHORTEST_PASSWORD ? { first: t('tooShort') } : {}),
      ...(first === second ? {} : { second: t('notSame') }),
    }
    setProblems(missing)
    if (Object.keys(missing).length) return
    setBusy(true)
    try {
      await send(first)
    } catch (error) {
      const gone = error instanceof AuthError && (error.status === 404 || error.code === 'EXPIRED' || error.code === 'INVALID_TOKEN')
      const said = error instanceof AuthError && error.path.includes('password') ? { first: error.message } : null
      setProblems(said ?? { form: gone ? t('linkExpired') : failureWords(error) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-5">
      <TextField label={t('newPassword')} type="password" name="new-password" autoComplete="new-password" size="xl" autoFocus value={first} onChange={setFirst} error={problems.first} />
      <TextField label={t('newPasswordAgain')} type="password" name="new-password-again" autoComplete="new-password" size="xl" value={second} onChange={setSecond} error={problems.second} />
      <Problem>{problems.form}</Problem>
      <Button type="submit" look="primary" size="xl" isPending={busy}>
        {action}
      </Button>
    </form>
  )
}

export function ResetPasswordPage({ paths }: { paths: AuthPaths }) {
  const [token] = useState(linkToken)
  const [done, setDone] = useState(false)
  usePageTitle(t('resetTitle'))
  return (
    <AuthLayout>
      {done ? (
        <div role="status">{authHeading(t('resetDoneTitle'), t('resetDoneHint'))}</div>
      ) : (
        <>
          {authHeading(t('resetTitle'), token ? t('resetHint') : null)}
          {token ? (
            <NewPasswordForm
              action={t('setPassword')}
              send={async (password) => {
                await authApi.confirmReset(token, password)
                setDone(true)
              }}
            />
          ) : (
            <Problem>{t('noToken')}</Problem>
          )}
        </>
      )}
      <BackLink paths={paths} />
    </AuthLayout>
  )
}

type Invitation = { at: 'checking' } | { at: 'gone'; why: string } | { at: 'open'; name: string; email: string } | { at: 'accepted'; step: SignInStep }

export function InvitationPage({ paths }: { paths: AuthPaths }) {
  const firm = useFirm()
  const [token] = useState(linkToken)
  const [invitation, setInvitation] = useState<Invitation>(token ? { at: 'checking' } : { at: 'gone', why: t('noToken') })
  usePageTitle(t('accept'))
  useEffect(() => {
    if (!token) return
    let current = true
    authApi.inspectInvitation(token).then(
      ({ name, email }) => {
        if (current) setInvitation({ at: 'open', name, email })
      },
      (error: unknown) => {
        const gone = error instanceof AuthError && error.status === 404
        if (current) setInvitation({ at: 'gone', why: gone ? t('invitationGone') : failureWords(error) })
      },
    )
    return () => {
      current = false
    }
  }, [token])
  return (
    <AuthLayout>
      {invitation.at === 'checking' ? <p role="status">{t('checkingInvitation')}</p> : null}
      {invitation.at === 'gone' ? (
        <>
          <Problem>{invitation.why}</Problem>
          <BackLink paths={paths} />
        </>
      ) : null}
      {invitation.at === 'open' ? (
        <>
          {authHeading(t('invitationTitle', { firm: firm.name, name: invitation.name }), t('invitationHint', { email: invitation.email }))}
          <NewPasswordForm
            action={t('accept')}
            send={async (password) => {
              if (token) setInvitation({ at: 'accepted', step: await authApi.acceptInvitation(token, password) })
            }}
          />
        </>
      ) : null}
      {invitation.at === 'accepted' ? (
        <SignInFlow
          from={invitation.step}
          forgotPath={paths.forgot}
          firstTitle={t('signIn')}
          firstHint={t('toYourAccount', { firm: firm.name })}
          heading={authHeading}
          onDone={(viewer) => enter(viewer, paths)}
        />
      ) : null}
    </AuthLayout>
  )
}
