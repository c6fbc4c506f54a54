import { useState, type SubmitEvent } from 'react'
import { AuthError, authApi } from '@/data/auth-api'
import { Button } from '@/ui/Button'
import { Sheet } from '@/ui/Overlay'
import { TextField } from '@/ui/TextField'
import { Problem } from './steps'
import { failureWords, t } from './words'

interface StepUpProps {
  sentence: string
  onAnswer: (confirmed: boolean) => void
}

export function StepUpSheet(props: StepUpProps) {
  return (
    <Sheet isOpen onClose={() => props.onAnswer(false)} title={t('stepUpTitle')}>
      <StepUpForm {...props} />
    </Sheet>
  )
}

function StepUpForm({ sentence, onAnswer }: StepUpProps) {
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
      await authApi.stepUp({ code })
      onAnswer(true)
    } catch (error) {
      setProblem(error instanceof AuthError && error.code === 'INVALID_CODE' ? t('wrongCode') : failureWords(error))
      setCode('')
    } finally {
      setBusy(false)
    }
  }
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
      <p className="text-16">{sentence}</p>
      <TextField
        label={t('code')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        size="xl"
        autoFocus
        value={code}
        onChange={(next) => setCode(next.replace(/\D/g, '').slice(0, 6))}
        inputClassName="identifier text-20! tracking-[0.2em]"
        isInvalid={Boolean(problem)}
      />
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" size="xl" isPending={busy}>
        {t('confirm')}
      </Button>
      <Button size="xl" onPress={() => onAnswer(false)}>
        {t('stepUpDecline')}
      </Button>
    </form>
  )
}
