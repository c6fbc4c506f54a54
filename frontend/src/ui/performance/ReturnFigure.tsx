import { useContext } from 'react'
import type { ExplainFacts } from '../ExplainPanel'
import { ExplainHost, Figure, type FigureProps } from '../Figure'
import { perfWords } from './words'
import { words } from '../words'
import type { ReturnFigureValue } from './types'

type ReturnFigureProps = { figure: ReturnFigureValue | null | undefined } & Pick<FigureProps, 'name' | 'sign' | 'tone' | 'className' | 'absent' | 'digits'> & {
    kind?: 'percent' | 'ratio'
  }

function factsOf(figure: ReturnFigureValue): ExplainFacts | null {
  if (!figure.path) return null
  const { asOf, basis, source, computedAt, measuredFrom = null, reason, path } = figure
  return { formula: '', version: '', inputs: [], sources: [], asOf, basis, source, computedAt, measuredFrom, reasons: reason ? [reason] : [], path }
}

/** A return with its sign, or the reason why there is none; asked, either explains itself. */
export function ReturnFigure({ figure, kind = 'percent', sign = kind === 'percent' ? 'always' : 'auto', absent, ...rest }: ReturnFigureProps) {
  const host = useContext(ExplainHost)
  if (!figure) return null
  // What explains itself step by step needs a page with room for it.
  const facts = host ? factsOf(figure) : null
  const shown = absent ?? perfWords('notYet')
  if (figure.value === null && host && facts) {
    return (
      <button
        type="button"
        aria-haspopup="dialog"
        aria-description={[figure.reason?.message, words('explain')].filter(Boolean).join('. ')}
        title={figure.reason?.message}
        onClick={(event) => host({ name: rest.name, shown, value: '', facts, anchor: event.currentTarget })}
        className="cursor-help explainable font-normal text-text-3"
      >
        {shown}
      </button>
    )
  }
  return <Figure kind={kind} value={figure.value} sign={sign} reasons={figure.reason ? [figure.reason] : []} absent={shown} explain={facts} {...rest} />
}
