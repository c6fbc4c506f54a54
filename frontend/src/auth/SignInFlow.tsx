import { useState, type ReactNode } from 'react'
import type { EnrolStep, SignedIn, SignInStep } from '@/data/auth-api'
import { useFirm } from '@/data/context'
import { CodeStep, CredentialsStep, currentViewer, EnrolCodeStep, RecoveryCodesStep } from './steps'
import { t } from './words'

type Stage = { at: 'credentials' } | { at: 'totp'; challenge: string } | { at: 'enrol'; step: EnrolStep } | { at: 'codes'; codes: string[] }

interface SignInFlowProps {
  onDone: (viewer: SignedIn) => void
  forgotPath: string
  fixedEmail?: string
  /** Begin after the password, as an accepted invitation does. */
  from?: SignInStep
  /** Draws the heading of each stage. */
  heading: (title: string, hint: string | null) => ReactNode
  firstTitle: string
  firstHint: string | null
}

function stageOf(step: SignInStep): Stage | null {
  if (step.next === 'totp') return { at: 'totp', challenge: step.challenge }
  if (step.next === 'enrol') return { at: 'enrol', step }
  return null
}

/** Password, then code; the first time, the code is set up and recovery codes are handed over. */
export function SignInFlow({ onDone, forgotPath, fixedEmail, from, heading, firstTitle, firstHint }: SignInFlowProps) {
  const firm = useFirm()
  const [stage, setStage] = useState<Stage>((from && stageOf(from)) ?? { at: 'credentials' })
  const advance = (step: SignInStep) => {
    const next = stageOf(step)
    if (next) setStage(next)
    else if (step.next === 'done') onDone(step.viewer)
  }
  switch (stage.at) {
    case 'credentials':
      return (
        <>
          {heading(firstTitle, firstHint)}
          <CredentialsStep onStep={advance} forgotPath={forgotPath} {...(fixedEmail ? { fixedEmail } : {})} />
        </>
      )
    case 'totp':
      return (
        <>
          {heading(t('codeTitle'), t('codeHint', { firm: firm.name }))}
          <CodeStep challenge={stage.challenge} onStep={advance} onRestart={() => setStage({ at: 'credentials' })} />
        </>
      )
    case 'enrol':
      return (
        <>
          {heading(t('enrolTitle'), t('enrolHint'))}
          <EnrolCodeStep step={stage.step} onCodes={(codes) => setStage({ at: 'codes', codes })} />
        </>
      )
    case 'codes':
      return (
        <>
          {heading(t('recoveryTitle'), t('recoveryExplain'))}
          <RecoveryCodesStep codes={stage.codes} onDone={() => void currentViewer().then(onDone)} />
        </>
      )
  }
}
