import { formatDate } from '@/domain/dates'
import { texts } from '@/domain/text'
import type { PortalCourseQuery, PortalMovementFragment } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import messages from './moves.messages'
import { Section } from './parts'
import { PortalLink } from './path'

export const moveText = texts(messages)

const TRADES: ReadonlySet<string> = new Set(['BUY', 'SELL', 'SHORT', 'COVER'])
/** Whose first line says all there is: what the custodian wrote beside it would say it again. */
const SAYS_ITSELF: ReadonlySet<string> = new Set([...TRADES, 'DIVIDEND', 'REINVEST', 'INTEREST'])

/** What happened, in plain words. */
function moveWords(move: PortalMovementFragment): string {
  const name = move.security?.symbol ?? move.security?.name ?? ''
  const key = `move_${move.type}` as const
  return moveText(key, { what: name })
}

export function MovementLine({ move, withAccount }: { move: PortalMovementFragment; withAccount?: boolean }) {
  const { locale } = useEnvironment()
  const detail = [formatDate(locale, move.tradeDate), withAccount ? move.account.name : null, SAYS_ITSELF.has(move.type) ? null : move.description]
  return (
    <li className="flex min-h-14 items-center justify-between gap-4 border-b border-line py-2">
      <span className="min-w-0">
        <span className="block font-medium">{moveWords(move)}</span>
        <span className="block text-14 text-text-2">{detail.filter(Boolean).join(', ')}
          {TRADES.has(move.type) && move.quantity ? (
            <>
              {', '}
              <span className="whitespace-nowrap">
                {moveText('quantity')} <Figure kind="quantity" value={move.quantity.replace('-', '')} />
              </span>
            </>
          ) : null}</span>
      </span>
      <span className="shrink-0 text-right">
        <Figure kind="money" value={move.amount} currency={move.currency} sign="always" />
      </span>
    </li>
  )
}

interface LatestProps {
  /** Undefined until it has come, and where the movements cannot be told apart from others. */
  of: PortalCourseQuery | undefined
  className: string
}

/** What happened last, below the accounts. */
export function Latest({ of, className }: LatestProps) {
  if (!of || of.transactions.edges.length === 0) return null
  return (
    <Section
      title={moveText('latest')}
      className={className}
      aside={
        <PortalLink to="/movements" className="-my-3 inline-flex min-h-11 items-center font-medium text-accent hover:underline">
          {moveText('allMovements')}
        </PortalLink>
      }
    >
      <ul>
        {of.transactions.edges.map(({ node }) => (
          <MovementLine key={node.id} move={node} withAccount />
        ))}
      </ul>
    </Section>
  )
}
