import { useEffect, useMemo, useState } from 'react'
import { useChanged } from '@/data/changes'
import { usePages, useRead, type Read } from '@/data/hooks'
import { ratio } from '@/domain/decimal'
import {
  AccountGroupsDocument,
  HouseholdGroupsDocument,
  PositionsKnownDocument,
  type GroupedHoldingFragment,
  type HoldingGroupPartsFragment,
  type HoldingGrouping,
} from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { codeName } from '@/ui/codeWords'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { BasisLine, Figure, MoneyFigure, type MoneyFigureValue } from '@/ui/Figure'
import { ledgerWords } from '@/ui/ledger/words'
import { PathLink } from '@/ui/PathLink'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { WeightBar } from '@/ui/WeightBar'

const PAGE = 200
/** A household with more is read in its accounts. */
const LISTED_MAX = 1000

export interface HoldingsOf {
  of: { householdId: string } | { accountId: string }
  asOf: string | null
  knownAt: string | null
  by: HoldingGrouping
}

interface Whole {
  name: string
  marketValue: MoneyFigureValue
  holdingGroups: readonly HoldingGroupPartsFragment[]
  /** Of a household: its accounts by id. */
  accountNames: ReadonlyMap<string, string>
}

const NO_NAMES: ReadonlyMap<string, string> = new Map()

/** The whole and its groups, of a household or of an account. */
function useGroups({ of, asOf, knownAt, by }: HoldingsOf): Read<unknown> & { whole: Whole | null | undefined } {
  const isHousehold = 'householdId' in of
  const id = isHousehold ? of.householdId : of.accountId
  const household = useRead(HouseholdGroupsDocument, { id, asOf, knownAt, by }, { pause: !isHousehold })
  const account = useRead(AccountGroupsDocument, { id, asOf, knownAt, by }, { pause: isHousehold })
  const names = useMemo(() => new Map(household.data?.household?.accounts.edges.map(({ node }) => [node.id, node.name])), [household.data])
  const whole = isHousehold ? household.data?.household : account.data?.account
  return { ...(isHousehold ? household : account), whole: whole ? { ...whole, accountNames: isHousehold ? names : NO_NAMES } : whole }
}

/** To which group a holding belongs: the same keys as the server's sums have. */
function keyOf(by: HoldingGrouping, { accountId, security }: GroupedHoldingFragment): string {
  switch (by) {
    case 'ASSET_CLASS':
      return security.assetClass
    case 'SECTOR':
      return security.subAssetClass || 'OTHER'
    case 'CURRENCY':
      return security.currency
    case 'ACCOUNT':
      return accountId
  }
}

function groupName(by: HoldingGrouping, { key, accountName }: HoldingGroupPartsFragment): string {
  if (by === 'ACCOUNT') return accountName ?? ''
  if (by === 'CURRENCY') return key
  if (key === 'CASH') return ledgerWords('cash')
  if (key === 'OTHER') return ledgerWords('other')
  // A sector is the firm's own words.
  return by === 'SECTOR' ? key : codeName(key)
}

/** Holdings in groups with the server's sums; a group opens to what is in it. */
export function GroupedHoldings(asked: HoldingsOf) {
  const { of, asOf, knownAt, by } = asked
  const { whole, loading, failure, reload } = useGroups(asked)
  const pages = usePages({
    document: PositionsKnownDocument,
    variables: { accountId: 'accountId' in of ? of.accountId : null, householdId: 'householdId' in of ? of.householdId : null, asOf, knownAt, first: PAGE },
    connection: (answer) => answer.positions,
  })
  const { more, rows } = pages
  useEffect(() => {
    if (more && rows.length < LISTED_MAX) more()
  }, [more, rows.length])
  const again = () => {
    reload()
    pages.reload()
  }
  useChanged('ledger', again)
  return (
    <AnswerView value={whole} loading={loading} failure={failure} onRetry={again} skeleton={<SkeletonRows rows={8} />}>
      {(shown) => <Groups whole={shown} by={by} holdings={rows} count={pages.totalCount} />}
    </AnswerView>
  )
}

interface GroupsProps {
  whole: Whole
  by: HoldingGrouping
  holdings: readonly GroupedHoldingFragment[]
  count: number | null
}

function Groups({ whole, by, holdings, count }: GroupsProps) {
  const only = whole.holdingGroups.length === 1 ? whole.holdingGroups[0]?.key : undefined
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set(only === undefined ? [] : [only]))
  const members = useMemo(() => {
    const found = new Map<string, GroupedHoldingFragment[]>()
    for (const holding of holdings) {
      const key = keyOf(by, holding)
      found.set(key, [...(found.get(key) ?? []), holding])
    }
    return found
  }, [holdings, by])
  const label = ledgerWords('groupsOf', { name: whole.name, by: ledgerWords(`by_${by}`).toLowerCase() })
  const columns = useMemo(() => groupColumns(by, whole.marketValue, label), [by, whole.marketValue, label])
  return (
    <>
      <DataGrid
        key={by}
        label={label}
        rows={whole.holdingGroups}
        rowId={(group) => group.key}
        rowName={(group) => groupName(by, group)}
        columns={columns}
        scroll="page"
        expanded={expanded}
        onExpand={setExpanded}
        canExpand={(group) => members.has(group.key)}
        renderExpanded={(group) => (
          <Members name={groupName(by, group)} holdings={members.get(group.key) ?? []} accounts={by === 'ACCOUNT' ? NO_NAMES : whole.accountNames} />
        )}
        totalLabel={ledgerWords('total')}
        empty={
          <EmptyState kind="none" title={ledgerWords('noHoldings')}>
            {ledgerWords('noHoldingsHint')}
          </EmptyState>
        }
      />
      {count !== null && count > holdings.length ? <p className="pt-2 text-12 text-text-3">{ledgerWords('groupCut', { shown: holdings.length, count })}</p> : null}
      <BasisLine figure={whole.marketValue} className="pt-2" />
    </>
  )
}

function groupColumns(by: HoldingGrouping, total: MoneyFigureValue, label: string): GridColumn<HoldingGroupPartsFragment>[] {
  return [
    { id: 'group', header: ledgerWords(`by_${by}`), cell: (group) => groupName(by, group), width: '2fr', minWidth: 120, primary: true, copy: (group) => groupName(by, group) },
    {
      id: 'count',
      header: ledgerWords('holdingCount'),
      cell: (group) => (group.holdingCount > 0 ? <Figure kind="count" value={String(group.holdingCount)} /> : null),
      align: 'right',
      width: 104,
      secondary: true,
      from: 560,
      copy: (group) => String(group.holdingCount),
    },
    {
      id: 'value',
      header: ledgerWords('value'),
      cell: (group) => <MoneyFigure figure={group.marketValue} name={groupName(by, group)} className="font-medium" />,
      align: 'right',
      width: 156,
      copy: (group) => group.marketValue.value ?? '',
      total: <MoneyFigure figure={total} name={label} />,
    },
    { id: 'bar', header: ledgerWords('weight'), hideHeader: true, cell: (group) => <WeightBar share={group.weight} className="w-24" />, width: 112, from: 760 },
    {
      id: 'weight',
      header: ledgerWords('weight'),
      cell: (group) => <Figure kind="percent" value={group.weight} absent="" />,
      align: 'right',
      width: 80,
      from: 400,
      copy: (group) => group.weight ?? '',
    },
  ]
}

interface MembersProps {
  name: string
  holdings: readonly GroupedHoldingFragment[]
  /** The names of the accounts, where they are to be told; empty elsewhere. */
  accounts: ReadonlyMap<string, string>
}

/** What a group is made of: each holding with its price, value, cost and gain, and the way to its account. */
function Members({ name, holdings, accounts }: MembersProps) {
  const head = 'h-8 pl-4 text-right font-medium whitespace-nowrap'
  const bears = holdings.some((holding) => holding.accruedInterest !== null)
  return (
    <div role="region" aria-label={ledgerWords('groupMembers', { name })} tabIndex={0} className="overflow-x-auto py-1 pl-9 max-sm:pl-0">
      <table className="w-full">
        <caption className="sr-only">{ledgerWords('groupMembers', { name })}</caption>
        <thead className="text-12 text-text-2">
          <tr>
            <th scope="col" className="h-8 text-left font-medium">
              {ledgerWords('holding')}
            </th>
            <th scope="col" className={`${head} max-sm:hidden`}>
              {ledgerWords('quantity')}
            </th>
            <th scope="col" className={`${head} max-lg:hidden`}>
              {ledgerWords('price')}
            </th>
            <th scope="col" className={head}>
              {ledgerWords('value')}
            </th>
            {bears ? (
              <th scope="col" className={head}>
                {ledgerWords('accrued')}
              </th>
            ) : null}
            <th scope="col" className={`${head} max-lg:hidden`}>
              {ledgerWords('cost')}
            </th>
            <th scope="col" className={head}>
              {ledgerWords('gain')}
            </th>
          </tr>
        </thead>
        <tbody>
          {holdings.map((holding) => (
            <Member key={holding.id} holding={holding} bears={bears} accountName={accounts.get(holding.accountId)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Member({ holding, bears, accountName }: { holding: GroupedHoldingFragment; bears: boolean; accountName: string | undefined }) {
  const { security, marketValue, accruedInterest, cost, gain } = holding
  const part = gain.value !== null && cost.value !== null && gain.currency === cost.currency ? ratio(gain.value, cost.value) : null
  const cell = 'h-9 pl-4 text-right whitespace-nowrap'
  return (
    <tr className="border-t border-line">
      <th scope="row" className="h-9 text-left font-normal">
        <PathLink to={`/securities/${encodeURIComponent(security.id)}`} className="hover:underline">
          {security.symbol ? <span className="mr-2 font-medium">{security.symbol}</span> : null}
          <span className={security.symbol ? 'text-text-2 max-sm:hidden' : 'whitespace-normal'}>{security.name}</span>
        </PathLink>
        {accountName ? (
          <PathLink to={`/accounts/${encodeURIComponent(holding.accountId)}`} label={`${accountName}, ${security.name}`} className="ml-2 text-12 text-accent hover:underline">
            {accountName}
          </PathLink>
        ) : null}
      </th>
      <td className={`${cell} max-sm:hidden`}>
        <Figure kind="quantity" value={holding.quantity} />
      </td>
      <td className={`${cell} text-text-2 max-lg:hidden`}>{holding.price ? <Figure kind="price" value={holding.price} /> : ledgerWords('unpriced')}</td>
      <td className={cell}>
        <MoneyFigure figure={marketValue} name={security.name} absent={ledgerWords('unpriced')} className="font-medium" />
      </td>
      {bears ? <td className={cell}>{accruedInterest ? <MoneyFigure figure={accruedInterest} name={ledgerWords('accruedOf', { name: security.name })} absent={ledgerWords('accruedUnknown')} /> : null}</td> : null}
      <td className={`${cell} text-text-2 max-lg:hidden`}>
        <MoneyFigure figure={cost} name={ledgerWords('cost')} absent={ledgerWords('costUnknown')} />
      </td>
      <td className={cell}>
        <MoneyFigure figure={gain} name={ledgerWords('gain')} sign="always" tone="gain" absent={ledgerWords('costUnknown')} />
        {part === null ? null : (
          <span className="ml-2 max-sm:hidden">
            <Figure kind="percent" value={part} sign="always" tone="gain" />
          </span>
        )}
      </td>
    </tr>
  )
}
