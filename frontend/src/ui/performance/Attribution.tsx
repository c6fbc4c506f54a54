import type { ReactNode } from 'react'
import { Figure } from '../Figure'
import { SectionHeading } from '../Heading'
import type { AttributionPart } from './types'
import { perfWords } from './words'

const EFFECTS = ['allocation', 'selection', 'interaction'] as const
export type EffectTotals = Record<(typeof EFFECTS)[number], ReactNode>

interface AttributionProps {
  parts: readonly AttributionPart[]
  totals: EffectTotals
  /** Said when there is nothing to attribute. */
  reason: string | null
  period: string
}

/** Why the return differs from its benchmark, part by part; the effects sum to the difference. */
export function Attribution({ parts, totals, reason, period }: AttributionProps) {
  return (
    <section aria-label={perfWords('attributionTitle')} className="min-w-0">
      <SectionHeading aside={period}>{perfWords('attributionTitle')}</SectionHeading>
      {parts.length === 0 ? (
        <p className="py-3 text-text-2 first-letter:uppercase">{reason ?? perfWords('attributionNone')}</p>
      ) : (
        <div role="region" aria-label={perfWords('attributionRows')} tabIndex={0} className="overflow-x-auto">
          <table className="w-full">
            <caption className="sr-only">{perfWords('attributionTitle')}</caption>
            <thead className="text-12 text-text-2">
              <tr className="border-b border-line">
                <th scope="col" className="h-8 text-left font-medium">
                  {perfWords('part')}
                </th>
                {(['portfolioWeight', 'benchmarkWeight', 'portfolioReturn', 'benchmarkReturn', ...EFFECTS] as const).map((head) => (
                  <th key={head} scope="col" className="h-8 pl-4 text-right font-medium whitespace-nowrap">
                    {perfWords(head)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {parts.map((part) => (
                <tr key={part.key} className="border-b border-line">
                  <th scope="row" className="h-8 text-left font-normal whitespace-nowrap">
                    {part.label}
                  </th>
                  {(['portfolioWeight', 'benchmarkWeight'] as const).map((field) => (
                    <td key={field} className="pl-4 text-right text-text-2">
                      <Figure kind="percent" value={part[field]} absent="" />
                    </td>
                  ))}
                  {(['portfolioReturn', 'benchmarkReturn'] as const).map((field) => (
                    <td key={field} className="pl-4 text-right text-text-2">
                      <Figure kind="percent" value={part[field]} sign="always" absent="" />
                    </td>
                  ))}
                  {EFFECTS.map((effect) => (
                    <td key={effect} className="pl-4 text-right">
                      <Figure kind="percent" value={part[effect]} sign="always" tone="gain" absent="" />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr className="font-semibold">
                <th scope="row" colSpan={5} className="h-9 text-left">
                  {perfWords('total')}
                </th>
                {EFFECTS.map((effect) => (
                  <td key={effect} className="pl-4 text-right">
                    {totals[effect]}
                  </td>
                ))}
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </section>
  )
}
