import ChevronRight from 'lucide-react/icons/chevron-right'
import { useMemo, useState } from 'react'
import { useRead } from '@/data/hooks'
import { texts } from '@/domain/text'
import { PortalHoldingsDocument, type HoldingGrouping, type PortalHoldingsQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { codeName } from '@/ui/codeWords'
import { cx } from '@/ui/cx'
import { BasisLine, Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { Icon } from '@/ui/Icon'
import { QualityNote } from '@/ui/QualityNote'
import { SkeletonRows } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { WeightBar } from '@/ui/WeightBar'
import { CapacityChoice } from './Capacity'
import type { Viewer } from './Home'
import { NothingShared } from './Nothing'
import { AccruedLine } from './AccruedLine'
import { QualityWord } from './parts'
import { PortalLink } from './path'
import messages from './performance.messages'

const perfText = texts(messages)
const CHOICES = ['ASSET_CLASS', 'ACCOUNT', 'SECTOR', 'CURRENCY'] as const

type Worth = NonNullable<PortalHoldingsQuery['viewer']['worth']>
type Group = Worth['holdingGroups'][number]
type Account = Worth['accounts'][number]
type Position = Account['positions']['edges'][number]['node']

/** Everything that is held at the close, so that it adds up, told apart by kind, account, sector or currency, with the server's sums. */
export function HoldingsPage({ viewer, capacity }: { viewer: Viewer; capacity: string | null }) {
  usePageTitle(perfText('holdings'))
  const [by, setBy] = useState<HoldingGrouping>('ASSET_CLASS')
  const { data, loading, failure, reload } = useRead(PortalHoldingsDocument, { grantId: capacity, by })
  const isNothing = !viewer.worth || viewer.worth.accounts.length === 0
  return (
    <div className="max-w-[720px]">
      <h1 className="pb-3 text-24 font-semibold display">{perfText('holdings')}</h1>
      <CapacityChoice accesses={viewer.accesses} chosen={capacity} path="/holdings" />
      {isNothing ? (
        <NothingShared viewer={viewer} />
      ) : (
        <>
          <div role="group" aria-label={perfText('holdingsBy')} className="flex flex-wrap gap-2 pb-2">
            {CHOICES.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === by}
                onClick={() => setBy(each)}
                className={cx('h-11 rounded-chip border px-3 text-14', each === by ? 'border-accent-line bg-accent-soft font-semibold text-accent' : 'border-line-strong text-text-2 hover:bg-hover')}
              >
                {perfText(`by_${each}`)}
              </button>
            ))}
          </div>
          <AnswerView value={data?.viewer.worth} loading={loading} failure={failure} onRetry={reload} isPage="framed" skeleton={<SkeletonRows rows={8} />}>
            {(worth) => <Groups worth={worth} by={by} />}
          </AnswerView>
        </>
      )}
    </div>
  )
}

/** To which group a position belongs; the same keys as the server's sums have. */
function keyOf(by: HoldingGrouping, position: Position): string {
  switch (by) {
    case 'ASSET_CLASS':
      return position.security.assetClass
    case 'SECTOR':
      return position.security.subAssetClass || 'OTHER'
    case 'CURRENCY':
      return position.security.currency
    case 'ACCOUNT':
      return position.accountId
  }
}

function groupName(by: HoldingGrouping, group: Group): string {
  if (by === 'ACCOUNT') return group.accountName ?? ''
  if (by === 'CURRENCY') return group.key
  if (group.key === 'CASH') return perfText('cash')
  if (group.key === 'OTHER') return perfText('other')
  // A sector is the firm's own words.
  return by === 'SECTOR' ? group.key : codeName(group.key)
}

function Groups({ worth, by }: { worth: Worth; by: HoldingGrouping }) {
  const members = useMemo(() => {
    const found = new Map<string, { position: Position; account: Account }[]>()
    for (const account of worth.accounts) {
      for (const { node } of account.positions.edges) {
        const key = keyOf(by, node)
        found.set(key, [...(found.get(key) ?? []), { position: node, account }])
      }
    }
    return found
  }, [worth, by])
  const cut = worth.accounts.filter((account) => (account.positions.totalCount ?? 0) > account.positions.edges.length)
  return (
    <>
      <FigureBlock size="hero" label={<span className="text-14">{perfText('together')}</span>} className="pt-2">
        <MoneyFigure figure={worth.assets} name={perfText('together')} className="inline-flex min-h-11 items-center" />
      </FigureBlock>
      <QualityNote figure={worth.assets} className="mt-3 text-14" />
      {worth.holdingGroups.length === 0 ? <p className="py-4 text-text-2">{perfText('nothing')}</p> : null}
      <ul className="pt-2">
        {worth.holdingGroups.map((group) => (
          <GroupLine key={`${by} ${group.key}`} name={groupName(by, group)} group={group} members={members.get(group.key) ?? []} withAccount={by !== 'ACCOUNT' && worth.accounts.length > 1} />
        ))}
      </ul>
      {cut.map((account) => (
        <p key={account.id} className="pt-2 text-14 text-text-3">
          {perfText('more', { shown: account.positions.edges.length, count: account.positions.totalCount ?? 0, name: account.name })}
        </p>
      ))}
      <BasisLine figure={worth.assets} className="pt-2" />
    </>
  )
}

interface GroupLineProps {
  name: string
  group: Group
  members: readonly { position: Position; account: Account }[]
  withAccount: boolean
}

function GroupLine({ name, group, members, withAccount }: GroupLineProps) {
  const [open, setOpen] = useState(false)
  const opens = members.length > 0
  return (
    <li className="border-b border-line">
      <div className="relative flex min-h-16 items-center justify-between gap-3 py-2">
        <span className="min-w-0 flex-1">
          {opens ? (
            <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="flex min-h-6 w-full items-center gap-1.5 text-left font-medium after:absolute after:inset-0">
              <Icon of={ChevronRight} className={cx('shrink-0 text-text-3', open && 'rotate-90')} />
              <span className="min-w-0 break-words">{name}</span>
            </button>
          ) : (
            <span className="block pl-[22px] font-medium">{name}</span>
          )}
          <span className="block pl-[22px] text-14 text-text-3">
            {group.weight === null ? null : (
              <>
                <Figure kind="percent" value={group.weight} digits={1} /> {perfText('ofAll')}
              </>
            )}
            {group.holdingCount > 0 ? <span className="block">{perfText('count', { count: group.holdingCount })}</span> : null}
          </span>
          <WeightBar share={group.weight} className="mt-1.5 ml-[22px] max-w-40" />
        </span>
        <span className="shrink-0 text-right font-medium">
          <MoneyFigure figure={{ ...group.marketValue, explain: null }} name={name} />
          <QualityWord quality={group.marketValue.quality} />
        </span>
      </div>
      {open ? (
        <ul className="pb-2 pl-[22px]">
          {members.map(({ position, account }) => (
            <li key={position.id} className="flex min-h-11 items-center justify-between gap-4 border-t border-line py-1.5">
              <span className="min-w-0">
                <span className="block">{position.security.name}</span>
                <span className="block text-14 text-text-3">
                  <Figure kind="quantity" value={position.quantity} /> {position.security.symbol}
                  {withAccount ? (
                    <>
                      {' '}
                      <PortalLink to={`/accounts/${encodeURIComponent(account.id)}`} className="inline-flex min-h-11 items-center text-accent">
                        {perfText('inAccount', { name: account.name })}
                      </PortalLink>
                    </>
                  ) : null}
                </span>
              </span>
              <span className="shrink-0 text-right">
                <MoneyFigure figure={position.marketValue} name={position.security.name} className="inline-flex min-h-11 min-w-11 items-center justify-end" />
                <AccruedLine accrued={position.accruedInterest} className="-mt-2" />
                {position.gain.value === null ? null : (
                  <span className="-mt-2 block text-14">
                    <span className="text-text-3">{perfText('gainHolding')} </span>
                    <Figure kind="money" value={position.gain.value} currency={position.gain.currency} sign="always" tone="gain" />
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  )
}
