import { useId } from 'react'
import { isDecimal } from '@/domain/decimal'
import { cx } from '../cx'
import { words } from '../words'
import { ExplainValue } from './ExplainValue'
import type { ExplainTableFacts } from './types'

const OPEN_UP_TO = 6
/** Columns of returns and weights, by the names the engine gives them. Growth is a factor: 0.95 is a fall by a twentieth. */
const FRACTIONS = /return|weight|rate$|share/i

/** Rows behind a figure: folded when they are many, and in their own frame, so that the page never scrolls sideways. */
export function ExplainTable({ table }: { table: ExplainTableFacts }) {
  const name = useId()
  const numeric = table.columns.map((_, at) => table.rows.every((row) => row[at] === null || isDecimal(row[at] ?? '')))
  return (
    <details open={table.rows.length <= OPEN_UP_TO}>
      <summary id={name} className="min-h-6 cursor-pointer text-12 font-semibold text-text-2 in-data-[touch]:min-h-11 in-data-[touch]:content-center">
        {words('explainRows', { count: table.rows.length })}
      </summary>
      <div role="region" aria-labelledby={name} tabIndex={0} className="max-h-64 overflow-auto">
        <table className="w-full text-12">
          <thead className="sticky top-0 bg-canvas text-text-2">
            <tr>
              {table.columns.map((column, at) => (
                <th key={column} scope="col" className={cx('py-1 pr-3 font-medium whitespace-nowrap last:pr-0', numeric[at] ? 'text-right' : 'text-left')}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row.join(' ')} className="border-t border-line">
                {row.map((cell, at) => (
                  <td key={table.columns[at] ?? at} className={cx('py-1 pr-3 whitespace-nowrap last:pr-0', numeric[at] && 'text-right')}>
                    {cell === null ? null : <ExplainValue value={cell} unit={FRACTIONS.test(table.columns[at] ?? '') ? 'fraction' : null} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
