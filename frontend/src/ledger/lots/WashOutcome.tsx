import { formatDate } from '@/domain/dates'
import { signOf } from '@/domain/decimal'
import { formatMoney, formatPrice, formatQuantity } from '@/domain/format'
import type { WashCheckQuery, WashLineFragment } from '@/generated/graphql'
import { BasisLine, Figure, FigureBlock, FigureRow, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { useEnvironment } from '@/ui/environment'
import { Status, StatusShape, type StatusKind } from '@/ui/Status'
import { termWord } from './words'
import { w } from './washWords'

type Check = WashCheckQuery['washSaleCheck']

/** By account, the names of who owns it; nothing of an account whose owners may not be known. */
export type OwnersOf = ReadonlyMap<string, string>

interface WashOutcomeProps {
  check: Check
  accountName: string
  securityName: string
  /** That of the security's price. */
  priceCurrency: string | null
  ownersOf: OwnersOf
}

const isSome = (value: string | null) => value !== null && signOf(value) !== 0

/** What the trade would wash: the sentence first, then which losses, what replaces them, and the lots it would sell. */
export function WashOutcome({ check, ownersOf, ...trade }: WashOutcomeProps) {
  return (
    <div className="grid min-w-0 gap-6">
      <Verdict check={check} {...trade} />
      <div>
        <FigureRow>
          <FigureBlock label={w('disallowed')}>
            <MoneyFigure figure={check.disallowed} name={w('disallowed')} />
          </FigureBlock>
          <FigureBlock label={w('lost')} secondary>
            <MoneyFigure figure={check.lost} name={w('lost')} />
          </FigureBlock>
          <FigureBlock label={w('freeFrom')} secondary>
            <Figure kind="date" value={check.freeFrom} absent={w('freeNow')} />
          </FigureBlock>
        </FigureRow>
        <BasisLine figure={check.disallowed} className="pt-1" />
      </div>
      {check.isPartial ? (
        <p className="rounded-surface border border-warning-line bg-warning-soft px-3 py-2">
          <Status is="attention" className="font-medium whitespace-normal!">
            {w('partialTitle')}
          </Status>
          <span className="mt-1 block text-text-2">{w('partialHint')}</span>
        </p>
      ) : null}
      <Matches type={check.type} title={w('matches')} lines={check.matches} ownersOf={ownersOf} />
      <Matches type={check.type} title={w('warnings')} hint={w('warningsHint')} lines={check.warnings} ownersOf={ownersOf} />
      {check.gains.length > 0 ? <Gains gains={check.gains} /> : null}
      <p className="text-12 text-text-3">{w('notAdvice')}</p>
    </div>
  )
}

/** Plain words: what is disallowed, what of it is gone, and from which day on it is free. */
function Verdict({ check, accountName, securityName, priceCurrency }: Omit<WashOutcomeProps, 'ownersOf'>) {
  const { locale } = useEnvironment()
  const money = (value: string | null) => formatMoney(locale, value ?? '0', { currency: check.currency })
  const isWashed = isSome(check.disallowed.value)
  const isLost = isSome(check.lost.value)
  const is: StatusKind = isLost ? 'breach' : isWashed ? 'attention' : 'fine'
  const said = isWashed ? w(`${check.type}_washed`, { amount: money(check.disallowed.value) }) : check.type === 'SELL' && check.freeFrom !== null ? w('SELL_counts') : w(`${check.type}_clear`)
  const price = check.price === null || priceCurrency === null ? null : `${formatPrice(locale, check.price)} ${priceCurrency}`
  return (
    <div className="grid gap-1">
      <p className="text-12 text-text-2">
        {w(`${check.type}_of`, { units: formatQuantity(locale, check.quantity), security: securityName, account: accountName, date: formatDate(locale, check.tradeDate) })}{' '}
        {price === null ? w('noPrice') : w('reckoned', { price, amount: formatMoney(locale, check.amount, { currency: check.currency }) })}
      </p>
      <h2 className="flex items-baseline gap-2 text-20 font-semibold display">
        <StatusShape is={is} className="shrink-0 self-center" />
        {said}
      </h2>
      {isLost ? <p>{w('lostPart', { amount: money(check.lost.value) })}</p> : null}
      {isWashed && check.lost.value !== check.disallowed.value ? <p className="text-text-2">{w('deferredPart')}</p> : null}
      {check.freeFrom === null ? null : <p className="text-text-2">{w(`${check.type}_free`, { date: formatDate(locale, check.freeFrom) })}</p>}
    </div>
  )
}

const EFFECTS: Record<WashLineFragment['effect'], StatusKind> = { DEFERRED: 'attention', LOST: 'breach', WARNING: 'fact' }

interface MatchesProps {
  /** The side that is thought of: of a sale the loss, of a purchase what replaces it. */
  type: Check['type']
  title: string
  hint?: string
  lines: readonly WashLineFragment[]
  ownersOf: OwnersOf
}

/** Each loss with what replaces it: whose account, which day, how many units, and what becomes of it. */
function Matches({ type, title, hint, lines, ownersOf }: MatchesProps) {
  const { locale } = useEnvironment()
  if (lines.length === 0) return null
  const where = (account: WashLineFragment['account']) => {
    const name = account.last4 ? `${account.name} ${account.last4}` : account.name
    const owners = ownersOf.get(account.id)
    return owners ? w('whose', { account: name, owners }) : name
  }
  const nameOf = (security: WashLineFragment['security']) => security.symbol ?? security.name
  const lossOf = (line: WashLineFragment) => {
    const of = { units: formatQuantity(locale, line.quantity), security: nameOf(line.lossSecurity), account: where(line.lossAccount) }
    return type === 'SELL' ? w('lossThought', of) : w('lossLine', { ...of, date: formatDate(locale, line.soldOn) })
  }
  const replacementOf = (line: WashLineFragment) => {
    const account = where(line.account)
    if (type === 'BUY') return w('replacementThought', { account })
    return line.security.id === line.lossSecurity.id
      ? w('replacementLine', { date: formatDate(locale, line.boughtOn), account })
      : w('replacementOther', { security: nameOf(line.security), date: formatDate(locale, line.boughtOn), account })
  }
  return (
    <section aria-label={title} className="min-w-0">
      <SectionHeading aside={w('matchesCount', { count: lines.length })}>{title}</SectionHeading>
      {hint ? <p className="pt-2 text-12 text-text-2">{hint}</p> : null}
      <ul>
        {lines.map((line) => (
          <li key={`${line.lot} ${line.lossAccount.id} ${line.soldOn} ${line.quantity} ${line.disallowed.value ?? ''}`} className="flex flex-wrap justify-between gap-x-6 gap-y-1 border-b border-line py-2">
            <div className="min-w-0 flex-1 basis-72">
              <p className="font-medium">{lossOf(line)}</p>
              <p className="text-text-2">{replacementOf(line)}</p>
              {line.judgedBy ? <p className="text-12 text-text-3">{w('judged', { by: line.judgedBy })}</p> : null}
            </div>
            <div className="flex flex-col items-end gap-0.5 max-sm:w-full max-sm:flex-row max-sm:items-baseline max-sm:justify-between">
              {line.effect === 'WARNING' ? null : (
                <span className="font-semibold max-sm:order-2">
                  <MoneyFigure figure={line.disallowed} name={w('disallowed')} />
                </span>
              )}
              <Status is={EFFECTS[line.effect]} className="text-12 text-text-2">
                {w(line.effect)}
              </Status>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

const HEAD = 'h-9 pl-4 text-right font-medium'
const CELL = 'py-1.5 pl-4 text-right align-top'

/** The lots the sale would take, by the account's method. */
function Gains({ gains }: { gains: Check['gains'] }) {
  return (
    <section aria-label={w('gains')} className="min-w-0">
      <SectionHeading>{w('gains')}</SectionHeading>
      <table className="w-full text-14">
        <caption className="sr-only">{w('gains')}</caption>
        <thead className="text-12 text-text-2">
          <tr className="border-b border-line">
            <th scope="col" className="h-9 text-left font-medium">
              {w('acquired')}
            </th>
            <th scope="col" className={HEAD}>
              {w('quantity')}
            </th>
            <th scope="col" className={`${HEAD} max-sm:hidden`}>
              {w('proceeds')}
            </th>
            <th scope="col" className={`${HEAD} max-sm:hidden`}>
              {w('cost')}
            </th>
            <th scope="col" className={HEAD}>
              {w('gain')}
            </th>
            <th scope="col" className={HEAD}>
              {w('counts')}
            </th>
            <th scope="col" className={`${HEAD} pl-6 text-left! max-sm:hidden`}>
              {w('term')}
            </th>
          </tr>
        </thead>
        <tbody>
          {gains.map((gain) => (
            <tr key={gain.id} className="border-t border-line first:border-t-0">
              <th scope="row" className="py-1.5 text-left align-top font-medium whitespace-nowrap">
                <Figure kind="date" value={gain.acquiredOn} absent={w('unknownDay')} />
                <span className="block text-12 font-normal text-text-3 sm:hidden">{termWord(gain.term)}</span>
              </th>
              <td className={CELL}>
                <Figure kind="quantity" value={gain.quantity} />
              </td>
              <td className={`${CELL} max-sm:hidden`}>
                <MoneyFigure figure={gain.proceeds} name={w('proceeds')} absent={w('unknown')} />
              </td>
              <td className={`${CELL} max-sm:hidden`}>
                <MoneyFigure figure={gain.cost} name={w('cost')} absent={w('unknown')} />
              </td>
              <td className={CELL}>
                <MoneyFigure figure={gain.gain} name={w('gain')} sign="always" tone="gain" absent={w('unknown')} />
              </td>
              <td className={CELL}>
                <MoneyFigure figure={gain.economic.recognised} name={w('counts')} sign="always" tone="gain" absent={w('unknown')} className="font-medium" />
              </td>
              <td className={`${CELL} pl-6 text-left! text-text-2 max-sm:hidden`}>{termWord(gain.term)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
