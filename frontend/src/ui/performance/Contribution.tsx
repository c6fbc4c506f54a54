import { BREAKDOWNS, type Breakdown } from '@/domain/performance'
import { Figure } from '../Figure'
import { SectionHeading } from '../Heading'
import { MenuChip } from '../MenuChip'
import { useState, type ReactNode } from 'react'
import { words } from '../words'
import { BarList } from './Bars'
import { ReturnFigure } from './ReturnFigure'
import type { ContributionPart, ReturnFigureValue } from './types'
import { breakdownWord, perfWords } from './words'

interface ContributionProps {
  parts: readonly ContributionPart[]
  total: ReturnFigureValue
  by: Breakdown
  onBy: (by: Breakdown) => void
  period: string
  basis?: ReactNode
}

const CHOICES = BREAKDOWNS.map((value) => ({ value, label: breakdownWord(value) }))

/** What each part added to the return: the parts sum to the whole. */
export function Contribution({ parts, total, by, onBy, period, basis }: ContributionProps) {
  const [asTable, setAsTable] = useState(false)
  return (
    <section aria-label={perfWords('contributionTitle')}>
      <SectionHeading
        aside={
          <span className="flex flex-wrap items-center gap-3">
            {period}
            <MenuChip label={perfWords('by')} value={by} choices={CHOICES} onChange={onBy} />
            <button type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)} className="min-h-6 rounded-chip font-medium text-accent hover:underline">
              {asTable ? words('showAsChart') : words('showAsTable')}
            </button>
          </span>
        }
      >
        {perfWords('contributionTitle')}
      </SectionHeading>
      {parts.length === 0 ? <p className="py-3 text-text-2">{total.reason?.message ?? perfWords('contributionNone')}</p> : null}
      {asTable ? <PartTable parts={parts} /> : <BarList label={perfWords('contributionTitle')} rows={parts.map((part) => ({ key: part.key, label: part.label, value: part.contribution }))} />}
      <div className="flex min-h-8 items-center justify-between gap-4 pt-1 font-semibold">
        <span>{perfWords('contributionTotal')}</span>
        <ReturnFigure figure={total} name={perfWords('contributionTotal')} />
      </div>
      {basis}
    </section>
  )
}

function PartTable({ parts }: { parts: readonly ContributionPart[] }) {
  return (
    <table className="w-full">
      <caption className="sr-only">{perfWords('contributionTitle')}</caption>
      <thead className="text-12 text-text-2">
        <tr className="border-b border-line">
          <th scope="col" className="h-8 text-left font-medium">
            {perfWords('part')}
          </th>
          {(['weight', 'return', 'contribution'] as const).map((head) => (
            <th key={head} scope="col" className="h-8 pl-3 text-right font-medium">
              {perfWords(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.key} className="border-b border-line">
            <th scope="row" className="h-8 text-left font-normal">
              {part.label}
            </th>
            <td className="pl-3 text-right text-text-2">
              <Figure kind="percent" value={part.weight} absent={perfWords('notYet')} />
            </td>
            <td className="pl-3 text-right text-text-2">
              <Figure kind="percent" value={part.return} sign="always" absent={perfWords('notYet')} />
            </td>
            <td className="pl-3 text-right font-medium">
              <Figure kind="percent" value={part.contribution} sign="always" tone="gain" absent={perfWords('notYet')} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
