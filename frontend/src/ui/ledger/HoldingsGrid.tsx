import { useMemo, useState, type ReactNode } from 'react'
import { codeName } from '../codeWords'
import { formatDate } from '@/domain/dates'
import { stalenessOf } from '@/domain/ledger'
import { cx } from '../cx'
import { DataGrid, type GridColumn } from '../DataGrid'
import { useEnvironment } from '../environment'
import { Figure, MoneyFigure, type MoneyFigureValue } from '../Figure'
import { PathLink } from '../PathLink'
import { Status, StatusShape } from '../Status'
import { WeightBar } from '../WeightBar'
import { ledgerWords } from './words'

export interface HoldingView {
  id: string
  accountId: string
  quantity: string
  price: string | null
  priceDate: string | null
  priceSource: string | null
  staleDays: number | null
  weight: string | null
  portfolioName: string
  marketValue: MoneyFigureValue
  /** Beside the market value; null for what bears none. */
  accruedInterest: MoneyFigureValue | null
  /** What was paid for it by its lots, and the market value less that; null with the reason. */
  cost: MoneyFigureValue
  gain: MoneyFigureValue
  security: {
    id: string
    name: string
    symbol: string | null
    securityType: string
    assetClass: string
    currency: string
    identifiers: readonly { scheme: string; value: string; effectiveFrom: string | null; effectiveTo: string | null }[]
  }
}

interface CashRow {
  cash: MoneyFigureValue
  weight: string | null
  currency: string
}

type Row =
  | { id: string; holding: HoldingView; cash?: never; accrued?: never }
  | { id: string; cash: CashRow; holding?: never; accrued?: never }
  | { id: string; accrued: MoneyFigureValue; holding?: never; cash?: never }

interface HoldingsGridProps {
  label: string
  holdings: readonly HoldingView[]
  cash: MoneyFigureValue
  /** The share of cash in the total, a decimal string. */
  cashWeight: string | null
  total: MoneyFigureValue
  /** Of it the interest that has accrued. */
  accrued: MoneyFigureValue
  totalLabel: ReactNode
  /** The value at the latest quote, told where a row opens: the column is of the close, so that it adds up. */
  valueOf?: ((holding: HoldingView) => ReactNode) | undefined
  /** Leads to the lots of a holding. */
  lotsPath?: ((holding: HoldingView) => string) | undefined
  /** The row to open when the grid is first shown. */
  defaultExpanded?: string
}

function NameCell({ row }: { row: Row }) {
  if (row.cash) {
    return (
      <>
        <span className="inline-block w-14 font-medium">{row.cash.currency}</span>
        <span className="text-text-2">{ledgerWords('cash')}</span>
      </>
    )
  }
  if (row.accrued) return <span className="pl-14 text-text-2">{ledgerWords('accrued')}</span>
  const { symbol, name } = row.holding.security
  return (
    <>
      {symbol ? <span className="inline-block min-w-14 pr-2 font-medium">{symbol}</span> : null}
      <span className={symbol ? 'text-text-2' : 'font-medium'}>{name}</span>
    </>
  )
}

/** The staleness word: when the price is from, and the shape when it is old or missing. */
export function PricedWord({ holding }: { holding: Pick<HoldingView, 'price' | 'priceDate' | 'staleDays' | 'marketValue'> }) {
  const { locale } = useEnvironment()
  const state = stalenessOf(holding)
  if (state === 'unpriced') return <Status is="waiting">{ledgerWords('unpriced')}</Status>
  if (state === 'stale') return <Status is="attention">{ledgerWords('stale', { days: holding.staleDays ?? 0 })}</Status>
  return holding.priceDate ? <span className="whitespace-nowrap">{formatDate(locale, holding.priceDate, 'short')}</span> : null
}

function ValueCell({ row }: { row: Row }) {
  if (row.cash) return <MoneyFigure figure={row.cash.cash} name={ledgerWords('cash')} className="font-medium" />
  if (row.accrued) return <MoneyFigure figure={row.accrued} name={ledgerWords('accrued')} absent={ledgerWords('accruedUnknown')} className="font-medium" />
  const state = stalenessOf(row.holding)
  return (
    <span className="inline-flex items-center gap-1.5">
      {state === 'stale' ? <StatusShape is="attention" /> : null}
      <MoneyFigure figure={row.holding.marketValue} name={row.holding.security.name} absent={ledgerWords('unpriced')} className="font-medium" />
    </span>
  )
}

function accruedColumn(accrued: MoneyFigureValue): GridColumn<Row> {
  return {
    id: 'accrued',
    header: ledgerWords('accrued'),
    cell: (row) => (row.holding?.accruedInterest ? <MoneyFigure figure={row.holding.accruedInterest} name={ledgerWords('accruedOf', { name: row.holding.security.name })} absent={ledgerWords('accruedUnknown')} /> : null),
    align: 'right',
    width: 132,
    from: 760,
    copy: (row) => row.holding?.accruedInterest?.value ?? '',
    total: <MoneyFigure figure={accrued} name={ledgerWords('accrued')} absent={ledgerWords('accruedUnknown')} />,
  }
}

/** The interest that accrued has a column where anything bears interest. */
function holdingColumns(total: MoneyFigureValue, totalLabel: string, accrued: MoneyFigureValue | null): GridColumn<Row>[] {
  const weightOf = (row: Row) => (row.cash ?? row.holding)?.weight ?? null
  return [
    { id: 'holding', header: ledgerWords('holding'), cell: (row) => <NameCell row={row} />, width: '2fr', minWidth: 132, copy: (row) => row.holding?.security.symbol ?? row.holding?.security.name ?? row.cash?.currency ?? ledgerWords('accrued') },
    {
      id: 'quantity',
      header: ledgerWords('quantity'),
      cell: (row) => (row.holding ? <Figure kind="quantity" value={row.holding.quantity} /> : null),
      align: 'right',
      width: 104,
      from: 560,
      copy: (row) => row.holding?.quantity ?? '',
    },
    {
      id: 'price',
      header: ledgerWords('price'),
      cell: (row) => (row.holding?.price ? <Figure kind="price" value={row.holding.price} /> : null),
      align: 'right',
      width: 92,
      from: 680,
      copy: (row) => row.holding?.price ?? '',
    },
    {
      id: 'priced',
      header: ledgerWords('priced'),
      cell: (row) => (row.holding ? <PricedWord holding={row.holding} /> : null),
      width: 88,
      secondary: true,
      from: 800,
    },
    ...(accrued ? [accruedColumn(accrued)] : []),
    {
      id: 'value',
      header: ledgerWords('value'),
      cell: (row) => <ValueCell row={row} />,
      align: 'right',
      width: 136,
      copy: (row) => (row.accrued ?? row.cash?.cash ?? row.holding?.marketValue)?.value ?? '',
      total: <MoneyFigure figure={total} name={totalLabel} />,
    },
    {
      id: 'bar',
      header: ledgerWords('weight'),
      hideHeader: true,
      cell: (row) => <WeightBar share={weightOf(row)} className="w-16" />,
      width: 80,
      from: 1240,
    },
    {
      id: 'weight',
      header: ledgerWords('weight'),
      cell: (row) => {
        const weight = weightOf(row)
        return weight === null ? null : <Figure kind="percent" value={weight} />
      },
      align: 'right',
      width: 76,
      from: 460,
      copy: (row) => weightOf(row) ?? '',
    },
    {
      id: 'cost',
      header: ledgerWords('cost'),
      cell: (row) => (row.holding ? <MoneyFigure figure={row.holding.cost} name={ledgerWords('cost')} absent={ledgerWords('costUnknown')} /> : null),
      align: 'right',
      width: 120,
      secondary: true,
      from: accrued ? 1240 : 1100,
      copy: (row) => row.holding?.cost.value ?? '',
    },
    {
      id: 'gain',
      header: ledgerWords('gain'),
      cell: (row) => (row.holding ? <MoneyFigure figure={row.holding.gain} name={ledgerWords('gain')} sign="always" tone="gain" absent={ledgerWords('costUnknown')} /> : null),
      align: 'right',
      width: 120,
      from: accrued ? 1080 : 940,
      copy: (row) => row.holding?.gain.value ?? '',
    },
  ]
}

/** Holdings of one account, its cash and its total. A row opens to identifiers, the price and where it came from. */
export function HoldingsGrid({ label, holdings, cash, cashWeight, total, accrued, totalLabel, valueOf, lotsPath, defaultExpanded }: HoldingsGridProps) {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set(defaultExpanded ? [defaultExpanded] : []))
  const bears = holdings.some((holding) => holding.accruedInterest !== null)
  const rows = useMemo<Row[]>(
    () => [
      ...holdings.map((holding) => ({ id: holding.id, holding })),
      { id: 'cash', cash: { cash, weight: cashWeight, currency: cash.currency } },
      ...(bears ? [{ id: 'accrued', accrued }] : []),
    ],
    [holdings, cash, cashWeight, bears, accrued],
  )
  const columns = useMemo(() => holdingColumns(total, label, bears ? accrued : null), [total, label, bears, accrued])
  return (
    <DataGrid
      label={label}
      rows={rows}
      rowId={(row) => row.id}
      rowName={(row) => row.holding?.security.name ?? ledgerWords(row.cash ? 'cash' : 'accrued')}
      columns={columns}
      scroll="page"
      expanded={expanded}
      onExpand={setExpanded}
      canExpand={(row) => row.holding !== undefined}
      renderExpanded={(row) => (row.holding ? <HoldingDetail holding={row.holding} lotsPath={lotsPath?.(row.holding)} live={valueOf?.(row.holding)} /> : null)}
      totalLabel={totalLabel}
    />
  )
}

function Term({ name, children, className }: { name: string; children: ReactNode; className?: string }) {
  return (
    <div className={className}>
      <dt className="text-12 text-text-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** What is behind one holding: its identifiers, its price and that price's age and source. */
export function HoldingDetail({ holding, lotsPath, live }: { holding: HoldingView; lotsPath?: string | undefined; live?: ReactNode }) {
  const { locale } = useEnvironment()
  const { security } = holding
  const state = stalenessOf(holding)
  return (
    <div className="grid gap-3 py-1 pl-9 max-sm:pl-0">
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        <Term name={ledgerWords('securityType')}>{codeName(security.securityType)}</Term>
        <Term name={ledgerWords('assetClass')}>{codeName(security.assetClass)}</Term>
        <Term name={ledgerWords('tradedIn')}>{security.currency}</Term>
        <Term name={ledgerWords('portfolio')}>{holding.portfolioName}</Term>
        <Term name={ledgerWords('quantity')}>
          <Figure kind="quantity" value={holding.quantity} />
        </Term>
        <Term name={ledgerWords('priceLine')}>
          {holding.price && holding.priceDate ? (
            <>
              <Figure kind="price" value={holding.price} />{' '}
              <span className="text-text-2">{ledgerWords('priceFrom', { date: formatDate(locale, holding.priceDate), source: holding.priceSource ?? '' })}</span>
            </>
          ) : (
            ledgerWords('noPrice')
          )}
        </Term>
        {holding.accruedInterest ? (
          <Term name={ledgerWords('accrued')}>
            <MoneyFigure figure={holding.accruedInterest} name={ledgerWords('accruedOf', { name: security.name })} absent={ledgerWords('accruedUnknown')} />
            {holding.accruedInterest.reasons[0] ? <span className="block max-w-prose text-12 text-text-3 first-letter:uppercase">{holding.accruedInterest.reasons[0].message}</span> : null}
          </Term>
        ) : null}
        {live ? <Term name={ledgerWords('atQuote')}>{live}</Term> : null}
        <Term name={ledgerWords('cost')}>
          <MoneyFigure figure={holding.cost} name={ledgerWords('cost')} absent={ledgerWords('costUnknown')} />
        </Term>
        <Term name={ledgerWords('gain')}>
          <MoneyFigure figure={holding.gain} name={ledgerWords('gain')} sign="always" tone="gain" absent={ledgerWords('costUnknown')} />
          {holding.gain.value === null && holding.gain.reasons[0] ? <span className="block max-w-prose text-12 text-text-3 first-letter:uppercase">{holding.gain.reasons[0].message}</span> : null}
        </Term>
      </dl>
      {state === 'fresh' ? null : (
        <p className={cx('flex items-center gap-1.5 text-12 text-text-2')}>
          <StatusShape is={state === 'stale' ? 'attention' : 'waiting'} />
          {state === 'stale' ? ledgerWords('staleLong', { days: holding.staleDays ?? 0 }) : ledgerWords('unpricedLong')}
        </p>
      )}
      {lotsPath ? (
        <PathLink to={lotsPath} label={ledgerWords('openLotsOf', { name: security.name })} className="justify-self-start font-medium text-accent hover:underline">
          {ledgerWords('openLots')}
        </PathLink>
      ) : null}
      <PathLink to={`/securities/${encodeURIComponent(security.id)}`} label={ledgerWords('openSecurityOf', { name: security.name })} className="justify-self-start font-medium text-accent hover:underline">
        {ledgerWords('openSecurity')}
      </PathLink>
      <div>
        <div className="text-12 text-text-3">{ledgerWords('identifiers')}</div>
        {security.identifiers.length === 0 ? (
          <p className="text-text-2">{ledgerWords('noIdentifiers')}</p>
        ) : (
          <ul className="flex flex-wrap gap-x-10 gap-y-1">
            {security.identifiers.map((identifier) => (
              <li key={`${identifier.scheme} ${identifier.value} ${identifier.effectiveFrom ?? ''}`}>
                <span className="text-text-2">{codeName(identifier.scheme)}</span> <span className="identifier">{identifier.value}</span>{' '}
                <IdentifierSpan from={identifier.effectiveFrom} to={identifier.effectiveTo} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

function IdentifierSpan({ from, to }: { from: string | null; to: string | null }) {
  const { locale } = useEnvironment()
  const words = [
    from ? ledgerWords('identifierSince', { date: formatDate(locale, from) }) : null,
    to ? ledgerWords('identifierUntil', { date: formatDate(locale, to) }) : null,
  ].filter((word) => word !== null)
  return words.length > 0 ? <span className="text-12 text-text-3">{words.join(' ')}</span> : null
}
