import { useMemo, useState, type ReactNode } from 'react'
import { codeName } from '../codeWords'
import { formatDate, formatInstant } from '@/domain/dates'
import { correctionChain, type HistoryPart, type TransactionTypeName } from '@/domain/ledger'
import { Button } from '../Button'
import { DataGrid, type GridColumn, type GridSort } from '../DataGrid'
import { useEnvironment } from '../environment'
import { Figure } from '../Figure'
import { AccountName } from '../AccountName'
import { Status, StatusShape, type StatusKind } from '../Status'
import { ledgerWords, typeName } from './words'

export type TransactionState = 'EFFECTIVE' | 'REVERSED' | 'REVERSAL'

export interface TransactionView {
  id: string
  externalId: string
  type: TransactionTypeName
  tradeDate: string
  settlementDate: string | null
  quantity: string | null
  price: string | null
  amount: string
  fees: string
  currency: string
  description: string | null
  bookVersion: string
  recordedAt: string
  status: TransactionState
  reversesId: string | null
  replacesId: string | null
  viewerCan: readonly string[]
  account: { id: string; name: string; last4: string | null }
  security: { id: string; name: string; symbol: string | null } | null
  source: { file: string | null; line: number | null; source: string; sourceId: string }
}

interface TransactionsGridProps {
  label: string
  rows: readonly TransactionView[]
  totalRows?: number | undefined
  /** The account column is left out when every row is of one account. */
  withAccount: boolean
  sort: GridSort | null
  onSort: (sort: GridSort) => void
  onEnd?: (() => void) | undefined
  loadingMore?: boolean
  empty: ReactNode
  /** Absent where nothing may be corrected: what is shown is what was known, not what is. */
  onCorrect?: ((row: TransactionView) => void) | undefined
  /** Shows reversed entries and reversals too; offered when the history of a row is not all loaded. */
  onShowCorrections?: (() => void) | undefined
}

const STATES: Record<TransactionState, { shape: StatusKind; word: 'inEffect' | 'reversed' | 'reversal' }> = {
  EFFECTIVE: { shape: 'fine', word: 'inEffect' },
  REVERSED: { shape: 'cancelled', word: 'reversed' },
  REVERSAL: { shape: 'fact', word: 'reversal' },
}

export function TransactionStatus({ state }: { state: TransactionState }) {
  const { shape, word } = STATES[state]
  return <Status is={shape}>{ledgerWords(word)}</Status>
}

/** Where the status has no column of its own its shape stands before the kind of entry. */
function TypeCell({ row }: { row: TransactionView }) {
  if (row.status === 'EFFECTIVE') return typeName(row.type)
  const { shape, word } = STATES[row.status]
  return (
    <>
      <span className="mr-1.5 inline-flex sm:hidden">
        <StatusShape is={shape} />
        <span className="sr-only">{ledgerWords(word)}: </span>
      </span>
      {typeName(row.type)}
    </>
  )
}

function DateCell({ date }: { date: string }) {
  const { locale } = useEnvironment()
  return <time dateTime={date}>{formatDate(locale, date)}</time>
}

function columnsOf(withAccount: boolean): GridColumn<TransactionView>[] {
  return [
    { id: 'tradeDate', header: ledgerWords('tradeDate'), cell: (row) => <DateCell date={row.tradeDate} />, width: 104, sort: 'DESC', copy: (row) => row.tradeDate },
    { id: 'type', header: ledgerWords('type'), cell: (row) => <TypeCell row={row} />, width: '1fr', minWidth: 72, primary: true },
    {
      id: 'security',
      header: ledgerWords('security'),
      cell: (row) => (row.security ? <span title={row.security.name}>{row.security.symbol ?? row.security.name}</span> : (row.description ?? '')),
      width: '1fr',
      minWidth: 96,
      secondary: true,
      from: 620,
    },
    ...(withAccount
      ? [
          {
            id: 'account',
            header: ledgerWords('account'),
            cell: (row: TransactionView) => <AccountName name={row.account.name} last4={row.account.last4} />,
            width: '1.6fr' as const,
            minWidth: 120,
            secondary: true,
            from: 860,
          },
        ]
      : []),
    { id: 'quantity', header: ledgerWords('quantity'), cell: (row) => (row.quantity ? <Figure kind="quantity" value={row.quantity} /> : null), align: 'right', width: 104, from: 720, copy: (row) => row.quantity ?? '' },
    { id: 'price', header: ledgerWords('price'), cell: (row) => (row.price ? <Figure kind="price" value={row.price} /> : null), align: 'right', width: 96, from: 940, copy: (row) => row.price ?? '' },
    {
      id: 'amount',
      header: ledgerWords('amount'),
      cell: (row) => <Figure kind="money" value={row.amount} currency={row.currency} sign="always" className={row.status === 'REVERSED' ? 'text-text-3 line-through' : 'font-medium'} />,
      align: 'right',
      width: 116,
      copy: (row) => row.amount,
    },
    { id: 'status', header: ledgerWords('status'), cell: (row) => <TransactionStatus state={row.status} />, width: 104, secondary: true, from: 520 },
  ]
}

/** Entries of the ledger, newest first unless asked otherwise. A row opens to where it came from and how it was corrected. */
export function TransactionsGrid(props: TransactionsGridProps) {
  const { label, rows, withAccount, onCorrect, onShowCorrections } = props
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const columns = useMemo(() => columnsOf(withAccount), [withAccount])
  return (
    <DataGrid
      label={label}
      rows={rows}
      rowId={(row) => row.id}
      rowName={(row) => `${typeName(row.type)} ${row.tradeDate}`}
      columns={columns}
      totalRows={props.totalRows}
      sort={props.sort}
      onSort={props.onSort}
      onEnd={props.onEnd}
      loadingMore={props.loadingMore ?? false}
      scroll="page"
      expanded={expanded}
      onExpand={setExpanded}
      renderExpanded={(row) => <TransactionDetail row={row} rows={rows} onCorrect={onCorrect} onShowCorrections={onShowCorrections} />}
      empty={props.empty}
    />
  )
}

const PARTS: Record<HistoryPart, 'partOriginal' | 'partReversal' | 'partReplacement'> = {
  original: 'partOriginal',
  reversal: 'partReversal',
  replacement: 'partReplacement',
}

interface DetailProps extends Pick<TransactionsGridProps, 'rows' | 'onCorrect' | 'onShowCorrections'> {
  row: TransactionView
}

function Term({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-12 text-text-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function TransactionDetail({ row, rows, onCorrect, onShowCorrections }: DetailProps) {
  const { locale, timeZone } = useEnvironment()
  const chain = correctionChain(rows, row.id)
  const hidden = row.status !== 'EFFECTIVE' || row.replacesId !== null
  const correct = onCorrect && row.status === 'EFFECTIVE' && row.viewerCan.includes('CORRECT_TRANSACTION') ? onCorrect : null
  const { file, line, source, sourceId } = row.source
  return (
    <div className="grid gap-3 py-1 pl-9 max-sm:pl-0">
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        {row.settlementDate ? (
          <Term name={ledgerWords('settlementDate')}>
            <DateCell date={row.settlementDate} />
          </Term>
        ) : null}
        <Term name={ledgerWords('fees')}>
          <Figure kind="money" value={row.fees} currency={row.currency} />
        </Term>
        <Term name={ledgerWords('status')}>
          <TransactionStatus state={row.status} />
        </Term>
        <Term name={ledgerWords('recorded')}>{ledgerWords('recordedAt', { when: formatInstant(locale, row.recordedAt, timeZone), version: row.bookVersion })}</Term>
        <Term name={ledgerWords('source')}>{file !== null && line !== null ? ledgerWords('sourceFile', { source, file, line }) : codeName(source)}</Term>
        <Term name={ledgerWords('externalId')}>
          <span className="identifier break-all">{sourceId || row.externalId}</span>
        </Term>
        {row.description ? <Term name={ledgerWords('description')}>{row.description}</Term> : null}
      </dl>
      {chain.length > 1 ? (
        <div>
          <div className="text-12 text-text-3">{ledgerWords('history')}</div>
          <ol>
            {chain.map(({ part, row: entry }) => (
              <li key={entry.id} className="flex flex-wrap items-center gap-x-4 py-0.5 sm:grid sm:grid-cols-[96px_144px_128px_auto] sm:justify-start">
                <span className={entry.id === row.id ? 'font-medium' : 'text-text-2'}>{ledgerWords(PARTS[part])}</span>
                <span className="text-text-2">{formatInstant(locale, entry.recordedAt, timeZone)}</span>
                <Figure kind="money" value={entry.amount} currency={entry.currency} sign="always" className="text-right" />
                <TransactionStatus state={entry.status} />
              </li>
            ))}
          </ol>
        </div>
      ) : hidden && onShowCorrections ? (
        <p className="flex flex-wrap items-center gap-3 text-12 text-text-2">
          {row.replacesId ? ledgerWords('replacesEarlier') : null}
          <Button size="sm" look="link" onPress={onShowCorrections}>
            {ledgerWords('showCorrections')}
          </Button>
        </p>
      ) : null}
      {correct ? (
        <div>
          <Button size="sm" onPress={() => correct(row)}>
            {ledgerWords('correct')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
