import Copy from 'lucide-react/icons/copy'
import Lock from 'lucide-react/icons/lock'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { AuthError, authApi, type EnrolStep, type SignedIn, type SignInStep } from '@/data/auth-api'
import { Button } from '@/ui/Button'
import { Checkbox } from '@/ui/Checkbox'
import { Icon } from '@/ui/Icon'
import { TextField } from '@/ui/TextField'
import { useCountdown } from './useCountdown'
import { failureWords, t, waitWords } from './words'

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** What is wrong, said aloud when it appears. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="text-14 text-negative empty:hidden">
      {children}
    </p>
  )
}

interface CredentialsProps {
  onStep: (step: SignInStep) => void
  /** The person is known: only the password is asked. */
  fixedEmail?: string
  forgotPath: string
}

export function CredentialsStep({ onStep, fixedEmail, forgotPath }: CredentialsProps) {
  const [email, setEmail] = useState(fixedEmail ?? '')
  const [password, setPassword] = useState('')
  const [problems, setProblems] = useState<{ email?: string; password?: string; form?: string }>({})
  const [busy, setBusy] = useState(false)
  const wait = useCountdown()

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy || wait.left > 0) return
    const missing = {
      ...(EMAIL.test(email.trim()) ? {} : { email: t('enterEmail') }),
      ...(password ? {} : { password: t('enterPassword') }),
    }
    setProblems(missing)
    if (Object.keys(missing).length) return
    setBusy(true)
    try {
      onStep(await authApi.signIn(email.trim(), password))
    } catch (error) {
      const refused = error instanceof AuthError ? error : null
      if (refused && (refused.status === 423 || refused.status === 429)) wait.start(refused.retryAfterSeconds ?? 60)
      setProblems({ form: refused?.code === 'INVALID_CREDENTIALS' ? t('wrongCredentials') : failureWords(error) })
      setPassword('')
    } finally {
      setBusy(false)
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-5">
      {fixedEmail ? null : (
        <TextField label={t('email')} type="email" name="email" autoComplete="username" size="xl" autoFocus value={email} onChange={setEmail} error={problems.email} />
      )}
      <TextField
        label={t('password')}
        type="password"
        name="password"
        autoComplete="current-password"
        size="xl"
        autoFocus={Boolean(fixedEmail)}
        value={password}
        onChange={setPassword}
        error={problems.password}
        aside={
          <a href={forgotPath} className="rounded-chip font-medium text-accent hover:underline">
            {t('forgot')}
          </a>
        }
      />
      <Problem>{problems.form && wait.left > 0 ? t('locked', { wait: waitWords(wait.left) }) : problems.form}</Problem>
      <Button type="submit" look="primary" size="xl" isPending={busy} isDisabled={wait.left > 0}>
        {t('signIn')}
      </Button>
      <p className="flex items-center justify-end gap-1.5 text-12 text-text-3">
        <Icon of={Lock} size={14} />
        {t('nextCode')}
      </p>
    </form>
  )
}

interface CodeProps {
  challenge: string
  onStep: (step: SignInStep) => void
  onRestart: () => void
}

/** The second factor: six digits, or one of the recovery codes. */
export function CodeStep({ challenge, onStep, onRestart }: CodeProps) {
  const [recovery, setRecovery] = useState(false)
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)

  const send = async (typed: string) => {
    if (busy) return
    if (recovery ? typed.trim() === '' : !/^\d{6}$/.test(typed.trim())) {
      setProblem(t('enterCode'))
      return
    }
    setBusy(true)
    setProblem(undefined)
    try {
      onStep(await authApi.totp(challenge, typed.trim()))
    } catch (error) {
      const refused = error instanceof AuthError ? error : null
      if (refused?.code === 'INVALID_CODE') setProblem(t(recovery ? 'wrongRecoveryCode' : 'wrongCode'))
      else if (refused?.code === 'CHALLENGE_EXPIRED' || refused?.code === 'EXPIRED') setProblem(t('challengeExpired'))
      else setProblem(failureWords(error))
      setCode('')
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      noValidate
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        void send(code)
      }}
    >
      <TextField
        key={recovery ? 'recovery' : 'code'}
        label={recovery ? t('recoveryCode') : t('code')}
        name={recovery ? 'recovery-code' : 'code'}
        inputMode={recovery ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        size="xl"
        autoFocus
        value={code}
        onChange={(next) => {
          const typed = recovery ? next : next.replace(/\D/g, '').slice(0, 6)
          setCode(typed)
          if (!recovery && typed.length === 6 && code.length < 6) void send(typed)
        }}
        inputClassName="identifier text-20! tracking-[0.2em]"
        description={recovery ? t('recoveryHint') : undefined}
        isInvalid={Boolean(problem)}
      />
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" size="xl" isPending={busy}>
        {t('confirm')}
      </Button>
      <div className="flex justify-between gap-4">
        <Button
          look="link"
          onPress={() => {
            setRecovery(!recovery)
            setCode('')
            setProblem(undefined)
          }}
        >
          {t(recovery ? 'useCode' : 'useRecovery')}
        </Button>
        <Button look="link" onPress={onRestart}>
          {t('startAgain')}
        </Button>
      </div>
    </form>
  )
}

interface EnrolProps {
  step: EnrolStep
  onCodes: (codes: string[]) => void
}

/** Binds an authenticator app: a picture to scan, the same key to copy or to open on this phone, and the first code as proof. */
export function EnrolCodeStep({ step, onCodes }: EnrolProps) {
  const [copied, setCopied] = useState(false)
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!/^\d{6}$/.test(code)) {
      setProblem(t('enterCode'))
      return
    }
    setBusy(true)
    setProblem(undefined)
    try {
      onCodes((await authApi.enrol(step.challenge, code)).recoveryCodes)
    } catch (error) {
      setProblem(error instanceof AuthError && error.code === 'INVALID_CODE' ? t('wrongCode') : failureWords(error))
      setCode('')
    } finally {
      setBusy(false)
    }
  }
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-5">
      {/* A picture, not markup: nothing inside it can run or be styled, which the page's policy asks for. */}
      <img src={`data:image/svg+xml;utf8,${encodeURIComponent(step.qrSvg)}`} alt={t('qrAlt')} width={184} height={184} className="rounded-surface border border-line bg-[#fff] p-2" />
      <div className="text-12 text-text-2">
        {t('enrolManual')}
        <div className="identifier mt-1 text-14 break-all text-text select-all" data-totp-secret="">
          {step.secret}
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button icon={Copy} onPress={() => void navigator.clipboard.writeText(step.secret).then(() => setCopied(true))}>
          {copied ? t('copied') : t('copyKey')}
        </Button>
        <a href={step.otpauthUri} className="inline-flex min-h-11 items-center font-medium text-accent hover:underline sm:hidden">
          {t('openAuthenticator')}
        </a>
      </div>
      <TextField
        label={t('code')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        size="xl"
        value={code}
        onChange={(next) => setCode(next.replace(/\D/g, '').slice(0, 6))}
        inputClassName="identifier text-20! tracking-[0.2em]"
        isInvalid={Boolean(problem)}
      />
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" size="xl" isPending={busy}>
        {t('confirm')}
      </Button>
    </form>
  )
}

/** Shown once; the way on opens only when the person says the codes are kept. */
export function RecoveryCodesStep({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [kept, setKept] = useState(false)
  const [copied, setCopied] = useState(false)
  return (
    <div className="grid gap-5">
      <ul className="identifier grid grid-cols-2 gap-x-6 gap-y-1 rounded-surface border border-line-strong p-4 text-14" data-recovery-codes="">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button icon={Copy} onPress={() => void navigator.clipboard.writeText(codes.join('\n')).then(() => setCopied(true))}>
        {copied ? t('copied') : t('copyCodes')}
      </Button>
      <Checkbox isSelected={kept} onChange={setKept}>
        {t('kept')}
      </Checkbox>
      <Button look="primary" size="xl" isDisabled={!kept} onPress={onDone}>
        {t('continue')}
      </Button>
    </div>
  )
}

/** The person behind a fresh session, which an enrolment answers without naming. */
export async function currentViewer(): Promise<SignedIn> {
  return (await authApi.session()).viewer
}
