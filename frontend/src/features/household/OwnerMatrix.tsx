import { Link } from '@tanstack/react-router'
import { compare, negated, ratio } from '@/domain/decimal'
import { formatMoney } from '@/domain/format'
import { useEnvironment } from '@/ui/environment'
import { Figure, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { partyWord } from '@/ui/party/words'
import { usePreferences } from '@/ui/preferences'
import { EmptyState } from '@/ui/States'
import { StatusShape } from '@/ui/Status'
import { words } from '@/ui/words'
import { owed } from './BalanceLines'
import type { Line, Sheet } from './BalanceTab'
import { b } from './balanceWords'

const NAME = 'sticky left-0 z-1 h-10 w-32 max-w-32 min-w-28 truncate bg-canvas pr-3 text-left font-normal text-text-2'
const CELL = 'pl-3 text-right whitespace-nowrap'

const isSome = (value: string | null) => value !== null && compare(value, '0') !== 0
const isWhole = (share: string) => compare(share, '1') === 0

/** Owner by owner and line by line; a cell gives the amount and, when it is not all, the share. */
export function OwnerMatrix({ sheet, search }: { sheet: Sheet; search: { asOf?: string } }) {
  const loose = isSome(sheet.notAttributed.value) || [...sheet.assets, ...sheet.liabilities].some((line) => isSome(line.notAttributedShare))
  return (
    <section aria-label={b('whoOwns')} className="min-w-0">
      <SectionHeading aside={b('wholeUnits', { currency: sheet.currency })}>{b('whoOwns')}</SectionHeading>
      {sheet.owners.length === 0 ? (
        <EmptyState kind="first" title={b('noOwners')} className="py-4">
          {b('noOwnersHint')}
        </EmptyState>
      ) : (
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={b('matrixScroll')}>
          <table className="w-full border-collapse text-12">
            <thead>
              <tr className="border-b border-line-strong">
                <th scope="col" className={NAME}>
                  {b('line')}
                </th>
                {sheet.owners.map((owner) => (
                  <th key={owner.id} scope="col" className={`${CELL} h-10 align-bottom font-medium`}>
                    <span className="ml-auto block w-18 pt-1 whitespace-normal">
                      {owner.kind ? (
                        <Link to="/parties/$id" params={{ id: owner.id }} search={search} className="hover:underline">
                          {owner.name}
                        </Link>
                      ) : (
                        owner.name
                      )}
                    </span>
                    <span className="block pb-1 font-normal text-text-3">{owner.role ? partyWord('member', owner.role) : b('outside')}</span>
                  </th>
                ))}
                {loose ? (
                  <th scope="col" className={`${CELL} align-bottom font-medium`}>
                    {b('notAttributed')}
                  </th>
                ) : null}
                <th scope="col" className={`${CELL} align-bottom font-medium`}>
                  {b('total')}
                </th>
              </tr>
            </thead>
            <tbody>
              {sheet.assets.map((line) => (
                <LineRow key={line.subject.id} line={line} sheet={sheet} loose={loose} />
              ))}
              <SumRow label={b('assets')} sheet={sheet} loose={loose} of="assets" />
              {sheet.liabilities.map((line) => (
                <LineRow key={line.subject.id} line={line} sheet={sheet} loose={loose} debt />
              ))}
              {sheet.liabilities.length > 0 ? <SumRow label={b('liabilities')} sheet={sheet} loose={loose} of="liabilities" /> : null}
              <SumRow label={b('netWorth')} sheet={sheet} loose={loose} of="netWorth" />
              <ShareRow sheet={sheet} loose={loose} />
            </tbody>
          </table>
        </div>
      )}
      {isSome(sheet.notAttributed.value) ? <NotAttributed sheet={sheet} /> : null}
    </section>
  )
}

function LineRow({ line, sheet, loose, debt }: { line: Line; sheet: Sheet; loose: boolean; debt?: boolean }) {
  const signed = (value: string | null) => (value !== null && debt ? negated(value) : value)
  return (
    <tr className="border-b border-line">
      <th scope="row" className={NAME} title={line.label}>
        {line.label}
      </th>
      {sheet.owners.map((owner) => {
        const part = line.shares.find((each) => each.ownerId === owner.id)
        return (
          <td key={owner.id} className={CELL}>
            {part ? (
              <>
                <Figure kind="money" value={signed(part.value)} currency={sheet.currency} scale="whole" reasons={line.value.reasons} />
                {isWhole(part.share) ? null : (
                  <span className="block text-text-3">
                    <Figure kind="percent" value={part.share} digits={1} />
                  </span>
                )}
              </>
            ) : null}
          </td>
        )
      })}
      {loose ? <td className={`${CELL} text-text-3`}>{isSome(line.notAttributedShare) ? <Figure kind="percent" value={line.notAttributedShare} digits={1} /> : null}</td> : null}
      <td className={CELL}>
        <Figure kind="money" value={signed(line.value.value)} currency={sheet.currency} scale="whole" reasons={line.value.reasons} />
      </td>
    </tr>
  )
}

function SumRow({ label, sheet, loose, of }: { label: string; sheet: Sheet; loose: boolean; of: 'assets' | 'liabilities' | 'netWorth' }) {
  const total = { assets: sheet.totalAssets, liabilities: owed(sheet.totalLiabilities), netWorth: sheet.netWorth }[of]
  return (
    <tr className="border-b border-line-strong font-semibold">
      <th scope="row" className={`${NAME} !font-semibold !text-text`}>
        {label}
      </th>
      {sheet.owners.map((owner) => (
        <td key={owner.id} className={CELL}>
          <MoneyFigure figure={of === 'liabilities' ? owed(owner.liabilities) : owner[of]} name={`${label}, ${owner.name}`} scale="whole" />
        </td>
      ))}
      {loose ? <td className={CELL}>{of === 'netWorth' ? <MoneyFigure figure={sheet.notAttributed} name={b('notAttributed')} scale="whole" /> : null}</td> : null}
      <td className={CELL}>
        <MoneyFigure figure={total} name={label} scale="whole" />
      </td>
    </tr>
  )
}

function ShareRow({ sheet, loose }: { sheet: Sheet; loose: boolean }) {
  const whole = sheet.netWorth.value
  const part = (value: string | null) => (value !== null && whole !== null ? ratio(value, whole) : null)
  const shown = (value: string | null) => {
    const share = part(value)
    return share === null ? null : <Figure kind="percent" value={share} digits={1} />
  }
  return (
    <tr className="text-text-3">
      <th scope="row" className={NAME}>
        {b('share')}
      </th>
      {sheet.owners.map((owner) => (
        <td key={owner.id} className={CELL}>
          {shown(owner.netWorth.value)}
        </td>
      ))}
      {loose ? <td className={CELL}>{shown(sheet.notAttributed.value)}</td> : null}
      <td className={CELL}>{shown(whole)}</td>
    </tr>
  )
}

function NotAttributed({ sheet }: { sheet: Sheet }) {
  const { locale } = useEnvironment()
  const { privacy } = usePreferences()
  const { value, currency } = sheet.notAttributed
  if (value === null) return null
  return (
    <p className="mt-2 flex items-baseline gap-1.5 text-12 text-text-2">
      <StatusShape is="attention" />
      {b('notAttributedWhy', { amount: privacy ? words('hidden') : formatMoney(locale, value, { currency }) })}
    </p>
  )
}
