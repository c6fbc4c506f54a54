import type { ReactNode } from 'react'
import { formatDate } from '@/domain/dates'
import { texts } from '@/domain/text'
import { useEnvironment } from '../environment'
import { Figure } from '../Figure'
import messages from './lots.messages'

export const lotWords = texts(messages)

interface Named {
  name: string
  symbol: string | null
}

export interface LotView {
  id: string
  account: { id: string; name: string }
  security: Named | null
  units: string
  acquiredOn: string | null
  cost: string | null
  /** With wash sales, as the custodian reports and as the taxpayer owes. */
  custodianCost: string | null
  economicCost: string | null
  heldFrom: string | null
  currency: string
}

export interface GainView {
  id: string
  security: Named | null
  acquiredOn: string | null
  disposedOn: string
  units: string
  gain: string | null
  disallowed: string
  currency: string
}

export interface Change<T> {
  before: T | null
  after: T | null
}

const CELL = 'py-1.5 text-right align-top'

interface TableProps<T> {
  caption: string
  what: string
  rows: readonly Change<T>[]
  idOf: (one: T) => string
  nameOf: (one: T) => ReactNode
  cell: (one: T, row: Change<T>) => ReactNode
}

/** What is there before and after, one line each; a side where there is nothing says so. */
export function ChangeTable<T>({ caption, what, rows, idOf, nameOf, cell }: TableProps<T>) {
  return (
    <table className="w-full">
      <caption className="pb-1 text-left font-semibold">{caption}</caption>
      <thead className="border-b border-line-strong text-12 text-text-2">
        <tr>
          <th scope="col" className="h-8 text-left font-medium">
            {what}
          </th>
          <th scope="col" className="text-right font-medium">
            {lotWords('before')}
          </th>
          <th scope="col" className="text-right font-medium">
            {lotWords('after')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const { before, after } = row
          const one = after ?? before
          if (one === null) return null
          return (
            <tr key={idOf(one)} className="border-b border-line">
              <th scope="row" className="py-1.5 pr-2 text-left align-top font-medium">
                {nameOf(one)}
              </th>
              <td className={`${CELL} text-text-2`}>{before === null ? lotWords('none') : cell(before, row)}</td>
              <td className={CELL}>{after === null ? lotWords('none') : cell(after, row)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Named({ security, children }: { security: Named | null; children: ReactNode }) {
  return (
    <>
      {security ? (security.symbol ?? security.name) : lotWords('notHeldYet')}
      <span className="block text-12 font-normal text-text-2">{children}</span>
    </>
  )
}

function BasisLine({ name, value, currency }: { name: string; value: string | null; currency: string }) {
  return (
    <span className="block text-12 text-text-2">
      {name} <Figure kind="money" value={value} currency={currency} absent={lotWords('unknown')} />
    </span>
  )
}

/** Lots of one or several accounts, before and after; the basis with wash sales and the holding period where they are other than what was paid and when. */
export function LotChangeTable({ caption, rows }: { caption: string; rows: readonly Change<LotView>[] }) {
  const { locale } = useEnvironment()
  return (
    <ChangeTable
      caption={caption}
      what={lotWords('lot')}
      rows={rows}
      idOf={(lot) => lot.id}
      nameOf={(lot) => (
        <Named security={lot.security}>{lot.acquiredOn === null ? lotWords('unknownDate') : lotWords('acquiredOn', { date: formatDate(locale, lot.acquiredOn) })}</Named>
      )}
      cell={(lot, { before, after }) => {
        const either = (is: (side: LotView) => boolean) => [before, after].some((side) => side !== null && is(side))
        return (
          <>
            <Figure kind="quantity" value={lot.units} />
            <span className="block text-12 text-text-2">
              <Figure kind="money" value={lot.cost} currency={lot.currency} absent={lotWords('unknown')} />
            </span>
            {either((side) => side.economicCost !== side.cost) ? <BasisLine name={lotWords('washedBasis')} value={lot.economicCost} currency={lot.currency} /> : null}
            {either((side) => side.custodianCost !== side.economicCost) ? <BasisLine name={lotWords('custodianBasis')} value={lot.custodianCost} currency={lot.currency} /> : null}
            {either((side) => side.heldFrom !== side.acquiredOn) ? (
              <span className="block text-12 text-text-2">
                {lotWords('heldFrom')} <Figure kind="date" value={lot.heldFrom} absent={lotWords('unknownDate')} />
              </span>
            ) : null}
          </>
        )
      }}
    />
  )
}

/** Realised gains, before and after. */
export function GainChangeTable({ caption, rows }: { caption: string; rows: readonly Change<GainView>[] }) {
  const { locale } = useEnvironment()
  return (
    <ChangeTable
      caption={caption}
      what={lotWords('gain')}
      rows={rows}
      idOf={(line) => line.id}
      nameOf={(line) => <Named security={line.security}>{lotWords('disposedOn', { date: formatDate(locale, line.disposedOn) })}</Named>}
      cell={(line) => (
        <>
          <Figure kind="money" value={line.gain} currency={line.currency} sign="always" absent={lotWords('unknown')} />
          <span className="block text-12 text-text-2">
            <Figure kind="quantity" value={line.units} />
          </span>
        </>
      )}
    />
  )
}
