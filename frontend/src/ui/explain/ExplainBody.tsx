import { formatDate } from '@/domain/dates'
import { useEnvironment } from '../environment'
import type { ExplainFacts } from '../ExplainPanel'
import { words } from '../words'
import { ExplainMovements, ExplainPositions } from './ExplainEvidence'
import { ExplainParts } from './ExplainParts'
import { ExplainTable } from './ExplainTable'
import { ExplainValue } from './ExplainValue'

/** One step of an explanation: formula in words, inputs on an elbow line, rows, what it is made of, where it came from. */
export function ExplainBody({ facts }: { facts: ExplainFacts }) {
  return (
    <>
      <p className="text-14 text-text-2">{facts.formula}</p>
      {facts.inputs.length > 0 ? (
        <ul className="border-l border-line-strong">
          {facts.inputs.map((input) => (
            <li key={`${input.name} ${input.value}`} className="relative pb-2 pl-[18px] last:pb-0">
              <span aria-hidden="true" className="absolute top-2.5 left-0 w-3 border-t border-line-strong" />
              <span className="flex justify-between gap-4">
                <span>{input.name}</span>
                <span className="min-w-0 text-right font-semibold break-words">
                  <ExplainValue value={input.value} unit={input.unit} />
                </span>
              </span>
              {input.note ? <span className="block text-12 break-words text-text-3">{input.note}</span> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {facts.reasons?.map((reason) => (
        <p key={`${reason.code} ${reason.message}`} className="text-12 text-text-2 first-letter:uppercase">
          {reason.message}
        </p>
      ))}
      {facts.table && facts.table.rows.length > 0 ? <ExplainTable table={facts.table} /> : null}
      {facts.movements && facts.movements.length > 0 ? <ExplainMovements rows={facts.movements} /> : null}
      {facts.positions && facts.positions.length > 0 ? <ExplainPositions rows={facts.positions} /> : null}
      {facts.parts && facts.parts.length > 0 ? (
        <div>
          <div className="pb-1 text-12 font-semibold text-text-2">{words('explainParts')}</div>
          <ExplainParts parts={facts.parts} />
        </div>
      ) : null}
      {facts.sources.length > 0 ? <Sources facts={facts} /> : null}
    </>
  )
}

function Sources({ facts }: { facts: ExplainFacts }) {
  const { locale } = useEnvironment()
  return (
    <div className="border-t border-line pt-2">
      <div className="text-12 font-semibold text-text-2">{words('explainSources')}</div>
      <ul className="text-12 text-text-2">
        {facts.sources.map((source) => (
          <li key={`${source.kind} ${source.label} ${source.date ?? ''}`} className="flex justify-between gap-4 py-0.5">
            <span className="min-w-0 break-words">{source.label}</span>
            {source.date ? <span className="shrink-0">{formatDate(locale, source.date)}</span> : null}
          </li>
        ))}
      </ul>
    </div>
  )
}
