import { formatDate } from '@/domain/dates'
import { useEnvironment } from '../environment'
import { SectionHeading } from '../Heading'
import { ReturnFigure } from './ReturnFigure'
import type { ReturnFigureValue } from './types'
import { perfWords } from './words'

/** How a statistic is written: a percentage, signed where it can be below zero, or a plain ratio. */
const FIGURES = [
  ['volatility', 'percent', 'auto'],
  ['maxDrawdown', 'percent', 'auto'],
  ['sharpe', 'ratio', 'auto'],
  ['sortino', 'ratio', 'auto'],
  ['beta', 'ratio', 'auto'],
  ['alpha', 'percent', 'always'],
  ['trackingError', 'percent', 'auto'],
  ['informationRatio', 'ratio', 'auto'],
  ['upCapture', 'percent', 'auto'],
  ['downCapture', 'percent', 'auto'],
] as const

export interface DrawdownDays {
  peak: string | null
  trough: string | null
  recovery: string | null
}

export type RiskView = Record<(typeof FIGURES)[number][0], ReturnFigureValue> & { drawdown: DrawdownDays | null }

/** Statistics of the chosen period, each with its reason where there is none. */
export function Risk({ risk, period }: { risk: RiskView; period: string }) {
  return (
    <section aria-label={perfWords('riskTitle')}>
      <SectionHeading aside={period}>{perfWords('riskTitle')}</SectionHeading>
      <dl className="grid gap-x-10 sm:grid-cols-2">
        {FIGURES.map(([name, kind, sign]) => (
          <div key={name} className="flex min-h-8 items-start justify-between gap-4 border-b border-line py-1.5">
            <dt className="min-w-0">
              {perfWords(name)}
              {name === 'maxDrawdown' ? <DrawdownNote days={risk.drawdown} /> : null}
            </dt>
            <dd className="max-w-[60%] shrink-0 text-right font-medium">
              <ReturnFigure figure={risk[name]} name={perfWords(name)} kind={kind} sign={sign} />
              {risk[name].value === null && risk[name].reason ? <span className="block text-12 font-normal text-text-3 first-letter:uppercase">{risk[name].reason.message}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function DrawdownNote({ days }: { days: DrawdownDays | null }) {
  const { locale } = useEnvironment()
  if (!days?.peak || !days.trough) return null
  const told = [
    perfWords('drawdownPeak', { date: formatDate(locale, days.peak) }),
    perfWords('drawdownTrough', { date: formatDate(locale, days.trough) }),
    days.recovery ? perfWords('drawdownRecovered', { date: formatDate(locale, days.recovery) }) : perfWords('drawdownOpen'),
  ]
  return <span className="block text-12 text-text-3">{told.join(', ')}</span>
}
