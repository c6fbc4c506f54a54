import { createContext, useContext, type ReactNode } from 'react'
import { formatDate } from '@/domain/dates'
import { compare, signOf } from '@/domain/decimal'
import { texts } from '@/domain/text'
import { useEnvironment } from '../environment'
import { Figure } from '../Figure'
import messages from './evidence.messages'
import type { ExplainEntryFacts, ExplainMovementFacts, ExplainPositionFacts } from './types'

const evidenceText = texts(messages)

/** How a page links to an account, at a day or as a whole. */
export type ExplainAccountLink = (account: { id: string; day: string }, name: string) => ReactNode
export const ExplainLinkContext = createContext<ExplainAccountLink>((_, name) => name)

function AccountName({ id, name, day }: { id: string | null; name: string; day: string }) {
  const link = useContext(ExplainLinkContext)
  return id ? link({ id, day }, name) : name
}

/** What accounts brought into the figure: the account, what was entered, and where that came from. */
export function ExplainMovements({ rows }: { rows: readonly ExplainMovementFacts[] }) {
  return (
    <ul>
      {rows.map((row, at) => (
        <Movement key={`${at} ${row.entry?.id ?? ''}`} row={row} />
      ))}
    </ul>
  )
}

function Movement({ row }: { row: ExplainMovementFacts }) {
  const { locale } = useEnvironment()
  const { entry } = row
  const account = entry ? { id: entry.accountId, name: entry.accountName } : { id: row.accountId, name: row.accountName ?? evidenceText('elsewhere') }
  return (
    <li className="border-t border-line py-1.5">
      <span className="flex justify-between gap-4">
        <span className="min-w-0 break-words">
          <AccountName {...account} day={entry?.day ?? row.day} />
        </span>
        <span className="shrink-0 text-right font-semibold">
          <Figure kind="money" value={row.amount} currency={row.currency} sign="always" />
        </span>
      </span>
      <span className="block text-12 break-words text-text-2">{[formatDate(locale, row.day), entry?.what, row.effect].filter(Boolean).join(', ')}</span>
      {entry ? <EntryDetail entry={entry} shownAmount={row.amount} shownCurrency={row.currency} /> : null}
    </li>
  )
}

function EntryDetail({ entry, shownAmount, shownCurrency }: { entry: ExplainEntryFacts; shownAmount: string; shownCurrency: string }) {
  const { locale } = useEnvironment()
  const isOther = signOf(entry.amount) !== 0 && (entry.currency !== shownCurrency || compare(entry.amount, shownAmount) !== 0)
  return (
    <>
      {entry.securityName && signOf(entry.units) !== 0 ? (
        <span className="block text-12 break-words text-text-2">
          <Figure kind="quantity" value={entry.units} /> {entry.securityName}
        </span>
      ) : null}
      {isOther ? (
        <span className="block text-12 text-text-2">
          {evidenceText('entered', { day: formatDate(locale, entry.day) })} <Figure kind="money" value={entry.amount} currency={entry.currency} sign="always" />
        </span>
      ) : null}
      {entry.description ? <span className="block text-12 break-words text-text-3">{entry.description}</span> : null}
      {entry.origin ? <span className="block text-12 break-words text-text-3">{entry.origin}</span> : null}
    </>
  )
}

/** What an account held on the day: units, the close with its day and where it came from, interest, value. */
export function ExplainPositions({ rows }: { rows: readonly ExplainPositionFacts[] }) {
  return (
    <ul>
      {rows.map((row, at) => (
        <Position key={`${at} ${row.name}`} row={row} />
      ))}
    </ul>
  )
}

function Position({ row }: { row: ExplainPositionFacts }) {
  const { locale } = useEnvironment()
  return (
    <li className="border-t border-line py-1.5">
      <span className="flex justify-between gap-4">
        <span className="min-w-0 break-words">{row.name}</span>
        <span className="shrink-0 text-right font-semibold">
          {row.value === null ? <span className="font-normal text-text-3">{evidenceText('notAvailable')}</span> : <Figure kind="money" value={row.value} currency={row.valueCurrency} />}
        </span>
      </span>
      <span className="block text-12 text-text-2">
        <Figure kind="quantity" value={row.units} />
        {row.close === null ? (
          `, ${evidenceText('noClose')}`
        ) : (
          <>
            {' × '}
            <Figure kind="price" value={row.close} /> {row.currency}
            {compare(row.multiplier, '1') === 0 ? null : (
              <>
                {' × '}
                <Figure kind="quantity" value={row.multiplier} />
              </>
            )}
            {row.rate === null || compare(row.rate, '1') === 0 ? null : (
              <>
                {', '}
                {evidenceText('rate')} <Figure kind="quantity" value={row.rate} />
              </>
            )}
          </>
        )}
      </span>
      {row.accrued !== null && signOf(row.accrued) !== 0 ? (
        <span className="block text-12 text-text-2">
          {evidenceText('accrued')} <Figure kind="money" value={row.accrued} currency={row.valueCurrency} />
        </span>
      ) : null}
      {row.priceDay ? <span className="block text-12 break-words text-text-3">{[evidenceText('closeOf', { day: formatDate(locale, row.priceDay) }), row.origin].filter(Boolean).join(', ')}</span> : null}
    </li>
  )
}
