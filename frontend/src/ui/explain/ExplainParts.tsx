import ChevronRight from 'lucide-react/icons/chevron-right'
import { createContext, useContext, useState } from 'react'
import { cx } from '../cx'
import type { ExplainFacts } from '../ExplainPanel'
import { Icon } from '../Icon'
import { Skeleton } from '../States'
import { words } from '../words'
import { ExplainBody } from './ExplainBody'
import type { ExplainLoad, ExplainPart } from './types'
import { ExplainValue } from './ExplainValue'

const NOTHING: ExplainLoad = async () => {
  throw new Error('This page reads no explanations')
}

/** How a page reads the explanation of a part. */
export const ExplainLoadContext = createContext<ExplainLoad>(NOTHING)

/** The figures a figure stands on, each a step of the walk down to transactions and prices. */
export function ExplainParts({ parts }: { parts: readonly ExplainPart[] }) {
  return (
    <ul className="border-l border-line-strong">
      {parts.map((part) => (
        <Branch key={part.id} part={part} />
      ))}
    </ul>
  )
}

type Step = { state: 'closed' } | { state: 'reading' } | { state: 'open'; facts: ExplainFacts } | { state: 'failed' }

function Branch({ part }: { part: ExplainPart }) {
  const load = useContext(ExplainLoadContext)
  const [step, setStep] = useState<Step>({ state: 'closed' })
  const open = step.state !== 'closed'
  const walk = () => {
    if (open) return setStep({ state: 'closed' })
    setStep({ state: 'reading' })
    load(part.id).then(
      (facts) => setStep((now) => (now.state === 'reading' ? { state: 'open', facts } : now)),
      () => setStep((now) => (now.state === 'reading' ? { state: 'failed' } : now)),
    )
  }
  return (
    <li className="relative pl-[18px]">
      <span aria-hidden="true" className="absolute top-3.5 left-0 w-3 border-t border-line-strong" />
      <button
        type="button"
        aria-expanded={open}
        aria-description={words(open ? 'explainClose' : 'explainOpen', { name: part.name })}
        onClick={walk}
        className="flex min-h-7 w-full items-center gap-1.5 rounded-chip py-1 text-left hover:bg-hover in-data-[touch]:min-h-11"
      >
        <Icon of={ChevronRight} size={12} className={cx('shrink-0 text-text-3', open && 'rotate-90')} />
        <span className="min-w-0 flex-1">{part.name}</span>
        <span className="text-right font-semibold">{part.value === null ? <span className="font-normal text-text-3">{part.isStep ? null : words('notAvailable')}</span> : <ExplainValue value={part.value} unit={part.unit} />}</span>
      </button>
      {part.note ? <span className="block pl-[18px] text-12 text-text-3">{part.note}</span> : null}
      {step.state === 'reading' ? <Skeleton className="my-2 ml-[18px] w-48" /> : null}
      {step.state === 'failed' ? (
        <p role="alert" className="pl-[18px] text-12 text-negative">
          {words('explainFailed')}
        </p>
      ) : null}
      {step.state === 'open' ? (
        <div role="group" aria-label={part.name} className="grid grid-cols-[minmax(0,1fr)] gap-2 pt-1 pb-3 pl-1.5">
          <ExplainBody facts={step.facts} />
        </div>
      ) : null}
    </li>
  )
}
