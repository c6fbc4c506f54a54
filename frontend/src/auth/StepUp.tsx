import { lazy, Suspense, useCallback, useState, type ReactNode } from 'react'
import { StepUpContext } from '@/data/useCommand'

const StepUpSheet = lazy(() => import('./StepUpSheet').then((m) => ({ default: m.StepUpSheet })))

interface Question {
  sentence: string
  answer: (confirmed: boolean) => void
}

/** Asks for a fresh code before what needs one. The sentence repeats what is about to happen; declining is always in reach. */
export function StepUpProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null)
  const ask = useCallback((sentence: string) => new Promise<boolean>((answer) => setQuestion({ sentence, answer })), [])
  const close = (confirmed: boolean) => {
    question?.answer(confirmed)
    setQuestion(null)
  }
  return (
    <StepUpContext value={ask}>
      {children}
      {question ? (
        <Suspense fallback={null}>
          <StepUpSheet sentence={question.sentence} onAnswer={close} />
        </Suspense>
      ) : null}
    </StepUpContext>
  )
}
