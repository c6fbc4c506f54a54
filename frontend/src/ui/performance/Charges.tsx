import { useState } from 'react'
import type { TransactionTypeName } from '@/domain/ledger'
import { Button } from '../Button'
import { typeName } from '../ledger/words'
import { Figure } from '../Figure'
import { SectionHeading } from '../Heading'
import { Status } from '../Status'
import { perfWords } from './words'

export interface ChargeView {
  day: string
  accountId: string
  accountName: string
  type: TransactionTypeName
  amount: string
  currency: string
  isPaidElsewhere: boolean
  /** The scope's of the account, a fraction. */
  share: string
  /** What the scope bears, in its own currency. */
  borne: string | null
  borneReason?: { code: string; message: string } | null
  countsAs: 'FEE' | 'EXPENSE' | 'FLOW'
}

const SHOWN = 6
/** The server tells no more of a period than so many. */
const TOLD_MAX = 500

/** Two entries may be alike in everything that is told of them: they are two. */
function numbered(charges: readonly ChargeView[]) {
  const seen = new Map<string, number>()
  return charges.map((charge) => {
    const like = `${charge.day} ${charge.accountId} ${charge.type} ${charge.amount}`
    const count = (seen.get(like) ?? 0) + 1
    seen.set(like, count)
    return { key: `${like} ${count}`, charge }
  })
}

/** What accounts of the scope were billed, and who paid: each lowers the net return of the account it was billed to. */
export function Charges({ charges, period, currency }: { charges: readonly ChargeView[]; period: string; currency: string }) {
  const [all, setAll] = useState(false)
  const shown = numbered(all ? charges : charges.slice(0, SHOWN))
  const aside = charges.length === 0 ? period : `${period}, ${perfWords('chargesCount', { count: charges.length })}`
  return (
    <section aria-label={perfWords('chargesTitle')} className="min-w-0">
      <SectionHeading aside={aside}>{perfWords('chargesTitle')}</SectionHeading>
      {charges.length === 0 ? (
        <p className="pt-2 text-text-2">{perfWords('chargesNone')}</p>
      ) : (
        <>
          <p className="pt-2 text-12 text-text-2">{perfWords(charges.some(({ isPaidElsewhere }) => isPaidElsewhere) ? 'chargesElsewhere' : 'chargesHint')}</p>
          <ul>
            {shown.map(({ key, charge }) => (
              <li key={key} className="flex flex-wrap items-baseline justify-between gap-x-6 border-b border-line py-1.5">
                <span className="min-w-0">
                  <span className="mr-3 inline-block min-w-24 text-text-2">
                    <Figure kind="date" value={charge.day} />
                  </span>
                  <span className="font-medium">{charge.accountName}</span> <span className="text-text-2">{typeName(charge.type)}</span>
                </span>
                <span className="ml-auto flex flex-wrap items-baseline justify-end gap-x-4">
                  {charge.isPaidElsewhere ? (
                    <Status is="fact" className="text-12 text-text-2">
                      {perfWords('chargesOutside')}
                    </Status>
                  ) : (
                    <span className="text-12 text-text-3">{perfWords('chargesInside')}</span>
                  )}
                  <Borne charge={charge} currency={currency} />
                </span>
              </li>
            ))}
          </ul>
          {charges.length > SHOWN ? (
            <Button look="link" size="sm" className="mt-1" onPress={() => setAll(!all)}>
              {all ? perfWords('showFewer') : perfWords('showParts', { count: charges.length })}
            </Button>
          ) : null}
          {charges.length >= TOLD_MAX ? <p className="pt-1 text-12 text-text-3">{perfWords('chargesMost', { count: TOLD_MAX })}</p> : null}
        </>
      )}
    </section>
  )
}

/** What the scope bears of it; where that is not what was billed, the bill and the share stand before it. */
function Borne({ charge, currency }: { charge: ChargeView; currency: string }) {
  const isWhole = charge.currency === currency && charge.share === '1' && charge.borne !== null
  const isFlow = charge.countsAs === 'FLOW'
  return (
    <>
      {isWhole && !isFlow ? null : (
        <span className="text-12 text-text-2">
          {charge.share === '1' ? null : (
            <>
              <Figure kind="percent" value={charge.share} name={perfWords('chargesShare')} /> {perfWords('chargesOf')}{' '}
            </>
          )}
          <Figure kind="money" value={charge.amount} currency={charge.currency} name={perfWords('chargesBilled')} />
          {isFlow ? ` ${perfWords('chargesFlow')}` : null}
        </span>
      )}
      <Figure kind="money" value={charge.borne} currency={currency} name={perfWords('chargesBorne')} reasons={charge.borneReason ? [charge.borneReason] : []} className="min-w-24 text-right" />
    </>
  )
}
