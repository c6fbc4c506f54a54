import type { BookRowFragment, BookTotalQuery } from '@/generated/graphql'
import type { GridColumn } from '@/ui/DataGrid'
import { Figure, MoneyFigure } from '@/ui/Figure'
import { StatusShape, type StatusKind } from '@/ui/Status'
import { STANDARD, type ColumnChoice, type ColumnId } from './columnSet'
import { SORTS } from './search'
import { t } from './words'

type Amount = BookRowFragment['marketValue'] | BookRowFragment['cash']

export const QUALITY_SHAPES: Record<string, StatusKind | null> = { COMPLETE: null, PARTIAL: 'attention', STALE: 'attention', UNAVAILABLE: 'waiting' }
const QUALITY_WORDS = { PARTIAL: 'qualityPartial', STALE: 'qualityStale', UNAVAILABLE: 'qualityUnavailable' } as const

/** An amount with the shape and the spoken word of its quality when it is not complete. */
function AmountCell({ figure, strong }: { figure: Amount; strong?: boolean }) {
  const shape = QUALITY_SHAPES[figure.quality]
  const word = figure.quality === 'COMPLETE' ? null : t(QUALITY_WORDS[figure.quality])
  return (
    <span className="inline-flex items-center gap-1.5" title={figure.reasons.map((reason) => reason.message).join(' ') || undefined}>
      {shape ? <StatusShape is={shape} /> : null}
      {word ? <span className="sr-only">{word}: </span> : null}
      <Figure kind="money" value={figure.value} currency={figure.currency} reasons={figure.reasons} className={strong ? 'font-medium' : ''} />
    </span>
  )
}

type Totals = BookTotalQuery['households']

const GUTTER = 16
const CHECKBOX = 20

/** The columns of a set, in its order and widths. Of a set somebody chose, a narrow window shows the first that fit. */
export function bookColumns(totals: Totals | undefined, chosen: readonly ColumnChoice[] = STANDARD): GridColumn<BookRowFragment>[] {
  const all = new Map(allColumns(totals).map((column) => [column.id, column]))
  const columns = chosen.flatMap(({ id, width }) => {
    const column = all.get(id)
    if (!column) return []
    return [width === undefined ? column : { ...column, width }]
  })
  if (chosen === STANDARD) return columns
  let needed = CHECKBOX
  return columns.map(({ from: _standard, ...column }) => {
    needed += GUTTER + (typeof column.width === 'number' ? column.width : (column.minWidth ?? 96))
    return column.id === 'name' ? column : { ...column, from: needed }
  })
}

export function columnWords(): Record<ColumnId, string> {
  return Object.fromEntries(allColumns(undefined).map(({ id, header }) => [id, header])) as Record<ColumnId, string>
}

function allColumns(totals: Totals | undefined): GridColumn<BookRowFragment>[] {
  return [
    { id: 'name', header: t('household'), cell: (row) => <NameCell row={row} />, width: '2fr', minWidth: 96, primary: true, sort: SORTS.name.first, copy: (row) => row.name },
    { id: 'advisor', header: t('advisor'), cell: (row) => row.advisorName ?? '', width: '1fr', minWidth: 112, secondary: true, from: 760 },
    {
      id: 'value',
      header: t('value'),
      cell: (row) => <AmountCell figure={row.marketValue} strong />,
      width: 140,
      align: 'right',
      sort: SORTS.value.first,
      copy: (row) => row.marketValue.value ?? '',
      total: totals ? <MoneyFigure figure={totals.totalValue} name={t('value')} /> : null,
    },
    {
      id: 'cash',
      header: t('cash'),
      cell: (row) => <AmountCell figure={row.cash} />,
      width: 144,
      align: 'right',
      sort: SORTS.cash.first,
      from: 640,
      copy: (row) => row.cash.value ?? '',
      total: totals ? <Figure kind="money" value={totals.totalCash.value} currency={totals.totalCash.currency} reasons={totals.totalCash.reasons} /> : null,
    },
    {
      id: 'cashShare',
      header: t('cashShare'),
      cell: (row) => (row.cashShare === null ? null : <Figure kind="percent" value={row.cashShare} digits={1} />),
      width: 96,
      align: 'right',
      from: 900,
      copy: (row) => row.cashShare ?? '',
    },
    {
      id: 'accounts',
      header: t('accounts'),
      cell: (row) => <Figure kind="count" value={String(row.accountCount)} />,
      width: 92,
      align: 'right',
      sort: SORTS.accounts.first,
      from: 820,
      secondary: true,
    },
    {
      id: 'openItems',
      header: t('openItems'),
      cell: (row) => <Figure kind="count" value={String(row.openItems)} className={row.openItems === 0 ? 'text-text-3' : ''} />,
      width: 92,
      align: 'right',
      from: 560,
    },
    {
      id: 'opened',
      header: t('openedOn'),
      cell: (row) => (row.openedOn ? <Figure kind="date" value={row.openedOn} /> : null),
      width: 104,
      align: 'right',
      sort: SORTS.opened.first,
      secondary: true,
      from: 980,
    },
    {
      id: 'left',
      header: t('leftOn'),
      cell: (row) => (row.leftOn ? <Figure kind="date" value={row.leftOn} /> : null),
      width: 104,
      align: 'right',
      secondary: true,
      from: 640,
    },
    { id: 'tags', header: t('tags'), cell: (row) => row.tags.join(', '), width: '1fr', minWidth: 112, secondary: true, from: 640, copy: (row) => row.tags.join(', ') },
    { id: 'reference', header: t('reference'), cell: (row) => <span className="identifier">{row.externalId}</span>, width: 96, secondary: true, from: 640, copy: (row) => row.externalId },
  ]
}

/** A household that left says so beside its name. */
function NameCell({ row }: { row: BookRowFragment }) {
  if (!row.leftOn) return <>{row.name}</>
  return (
    <span className="inline-flex min-w-0 items-baseline gap-2">
      <span className="truncate">{row.name}</span>
      <span className="shrink-0 text-12 font-normal text-text-2">{t('hasLeft')}</span>
    </span>
  )
}
