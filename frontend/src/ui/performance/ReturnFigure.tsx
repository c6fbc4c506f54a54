import { Figure, type FigureProps } from '../Figure'
import { perfWords } from './words'
import type { ReturnFigureValue } from './types'

type ReturnFigureProps = { figure: ReturnFigureValue | null | undefined } & Pick<FigureProps, 'name' | 'sign' | 'tone' | 'className' | 'absent' | 'digits'> & {
    kind?: 'percent' | 'ratio'
  }

/** A return with its sign, or the reason why there is none; asked, it explains itself. */
export function ReturnFigure({ figure, kind = 'percent', sign = kind === 'percent' ? 'always' : 'auto', absent, ...rest }: ReturnFigureProps) {
  if (!figure) return null
  const explain = figure.explain ? { ...figure, ...figure.explain, reasons: figure.reason ? [figure.reason] : [] } : null
  return (
    <Figure
      kind={kind}
      value={figure.value}
      sign={sign}
      reasons={figure.reason ? [figure.reason] : []}
      absent={absent ?? perfWords('notYet')}
      explain={explain}
      {...rest}
    />
  )
}
