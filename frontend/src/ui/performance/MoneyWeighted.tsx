import { Figure } from '../Figure'
import { ReturnFigure } from './ReturnFigure'
import type { ReturnFigureValue } from './types'
import { perfWords } from './words'

/** The rate that makes the flows equal. Where there are several, or none that is one, every root is told. */
export function MoneyWeighted({ figure, roots: told, name }: { figure: ReturnFigureValue; roots: readonly string[]; name: string }) {
  const roots = [...new Set(told)]
  return (
    <>
      <ReturnFigure figure={figure} name={name} />
      {roots.length > 1 || (figure.value === null && roots.length > 0) ? (
        <div className="text-12 font-normal text-text-3">
          {perfWords('rootsNote', { count: roots.length })}{' '}
          {roots.map((root, at) => (
            <span key={root}>
              {at > 0 ? ', ' : null}
              <Figure kind="percent" value={root} sign="always" />
            </span>
          ))}
        </div>
      ) : null}
      {figure.value === null && figure.reason ? <div className="text-12 font-normal text-text-3 first-letter:uppercase">{figure.reason.message}</div> : null}
    </>
  )
}
