import { cx } from '../cx'
import { MoneyFigure, type MoneyFigureValue } from '../Figure'
import { SectionHeading } from '../Heading'
import { perfWords } from './words'

export interface GainView {
  opening: MoneyFigureValue
  closing: MoneyFigureValue
  netFlows: MoneyFigureValue
  gain: MoneyFigureValue
  income: MoneyFigureValue
  realised: MoneyFigureValue
  unrealised: MoneyFigureValue
  currencyEffect: MoneyFigureValue
  fees: MoneyFigureValue
  expenses: MoneyFigureValue
}

const PARTS = ['income', 'realised', 'unrealised', 'currencyEffect', 'fees', 'expenses'] as const
/** Taken off the gain, and told as what they are: amounts paid. */
const COSTS: ReadonlySet<string> = new Set(['fees', 'expenses'])

/** From the value at the start to the value at the end: what was paid in, and what was earned, of what. */
export function GainSplit({ gain, period }: { gain: GainView; period: string }) {
  return (
    <section aria-label={perfWords('gainTitle')}>
      <SectionHeading aside={period}>{perfWords('gainTitle')}</SectionHeading>
      <dl>
        <Line name={perfWords('opening')} figure={gain.opening} />
        <Line name={perfWords('netFlows')} figure={gain.netFlows} sign="always" />
        <Line name={perfWords('gain')} figure={gain.gain} sign="always" strong />
        {PARTS.map((part) => (
          <Line key={part} name={perfWords(part)} figure={gain[part]} {...(COSTS.has(part) ? {} : { sign: 'always' })} inner />
        ))}
        <Line name={perfWords('closing')} figure={gain.closing} total />
      </dl>
      <Reasons gain={gain} />
    </section>
  )
}

/** Why a part has no amount, each reason once. */
function Reasons({ gain }: { gain: GainView }) {
  const reasons = new Map(Object.values(gain).flatMap((figure: unknown) => (isFigure(figure) && figure.value === null ? figure.reasons.map((reason) => [reason.message, reason] as const) : [])))
  if (reasons.size === 0) return null
  return (
    <ul className="pt-1 text-12 text-text-3">
      {[...reasons.keys()].map((message) => (
        <li key={message} className="first-letter:uppercase">
          {message}
        </li>
      ))}
    </ul>
  )
}

/** The answer carries more than figures. */
function isFigure(value: unknown): value is MoneyFigureValue {
  return typeof value === 'object' && value !== null && 'reasons' in value && 'currency' in value
}

interface LineProps {
  name: string
  figure: MoneyFigureValue
  sign?: 'always'
  strong?: boolean
  inner?: boolean
  total?: boolean
}

function Line({ name, figure, sign, strong, inner, total }: LineProps) {
  return (
    <div className={cx('flex min-h-8 items-center justify-between gap-4 border-b border-line', inner && 'pl-4 text-text-2', total && 'border-b-0 border-t border-t-line-strong')}>
      <dt className={cx(strong && 'font-medium', total && 'font-semibold')}>{name}</dt>
      <dd className={cx('text-right', (strong || total) && 'font-semibold')}>
        <MoneyFigure figure={figure} name={name} sign={sign ?? 'auto'} tone={strong ? 'gain' : 'none'} />
      </dd>
    </div>
  )
}
