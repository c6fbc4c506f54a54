import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate, formatInstant } from '@/domain/dates'
import { texts } from '@/domain/text'
import { AccountCustodianDocument, type AccountCustodianQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status, type StatusKind } from '@/ui/Status'
import messages from './custodian.messages'
import { accountRoute } from './routes'

const t = texts(messages)

type Account = NonNullable<AccountCustodianQuery['account']>
type Evidence = NonNullable<Account['custodianPositions']>
type Row = Evidence['rows'][number]
type Lot = Evidence['lots'][number]
type Day = AccountCustodianQuery['reconciliations']['edges'][number]['node']

const kindOf = (row: Row) => (row.security ? ('quantity' as const) : ('money' as const))

const POSITIONS: GridColumn<Row>[] = [
  {
    id: 'security',
    header: t('security'),
    cell: (row) =>
      row.security ? (
        <Link to="/securities/$id" params={{ id: row.security.id }} className="hover:underline" title={row.custodianKey ? t('calledThere', { key: row.custodianKey }) : undefined}>
          {row.security.symbol ? `${row.security.symbol} ` : ''}
          <span className={row.security.symbol ? 'text-text-2' : ''}>{row.security.name}</span>
        </Link>
      ) : (
        t('cash', { currency: row.currency })
      ),
    width: '2fr',
    minWidth: 104,
    primary: true,
    copy: (row) => row.security?.name ?? row.currency,
  },
  { id: 'ours', header: t('ours'), cell: (row) => <Figure kind={kindOf(row)} value={row.ours} currency={row.currency} absent={t('none')} />, width: 116, align: 'right', copy: (row) => row.ours ?? '' },
  { id: 'theirs', header: t('theirs'), cell: (row) => <Figure kind={kindOf(row)} value={row.theirs} currency={row.currency} absent={t('none')} />, width: 116, align: 'right', copy: (row) => row.theirs ?? '' },
  {
    id: 'difference',
    header: t('difference'),
    cell: (row) => (row.difference === '0' ? null : <Figure kind={kindOf(row)} value={row.difference} currency={row.currency} sign="always" className="font-medium" />),
    width: 112,
    align: 'right',
    from: 560,
  },
  { id: 'ourPrice', header: t('ourPrice'), cell: (row) => (row.security ? <Figure kind="price" value={row.ourPrice} absent={t('none')} /> : null), width: 96, align: 'right', secondary: true, from: 900 },
  { id: 'theirPrice', header: t('theirPrice'), cell: (row) => (row.security ? <Figure kind="price" value={row.theirPrice} absent={t('none')} /> : null), width: 96, align: 'right', secondary: true, from: 900 },
  { id: 'ourValue', header: t('ourValue'), cell: (row) => (row.security ? <Figure kind="money" value={row.ourValue} currency={row.currency} absent={t('none')} /> : null), width: 124, align: 'right', from: 720 },
  { id: 'theirValue', header: t('theirValue'), cell: (row) => (row.security ? <Figure kind="money" value={row.theirValue} currency={row.currency} absent={t('none')} /> : null), width: 124, align: 'right', from: 720 },
  {
    id: 'state',
    header: t('says'),
    cell: (row) => <Status is={row.breaks.length > 0 ? 'attention' : 'fine'}>{row.breaks.length > 0 ? t('differs') : t('agrees')}</Status>,
    width: 88,
    secondary: true,
    from: 460,
  },
]

/** Our lots of a security are known when they add up to what is held; where they are not, nothing is compared. */
function lotColumns(lots: readonly Lot[]): GridColumn<Lot>[] {
  const known = new Set(lots.flatMap((lot) => (lot.ours === null ? [] : [lot.security?.id])))
  const absent = (row: Lot) => t(known.has(row.security?.id) ? 'none' : 'unknown')
  const columns: GridColumn<Lot>[] = [
    { id: 'security', header: t('security'), cell: (row) => row.security?.symbol ?? row.security?.name ?? '', width: '1fr', minWidth: 88, primary: true },
    { id: 'bought', header: t('bought'), cell: (row) => (row.acquiredOn ? <Figure kind="date" value={row.acquiredOn} /> : t('unknown')), width: 104, align: 'right', secondary: true },
    { id: 'ours', header: t('ours'), cell: (row) => <Figure kind="quantity" value={row.ours} absent={absent(row)} />, width: 104, align: 'right' },
    { id: 'theirs', header: t('theirs'), cell: (row) => <Figure kind="quantity" value={row.theirs} absent={t('none')} />, width: 104, align: 'right' },
    { id: 'ourCost', header: t('ourCost'), cell: (row) => <Figure kind="money" value={row.ourCost} absent={t('unknown')} />, width: 124, align: 'right', from: 620 },
    { id: 'theirCost', header: t('theirCost'), cell: (row) => <Figure kind="money" value={row.theirCost} absent={t('unknown')} />, width: 124, align: 'right', from: 620 },
  ]
  return known.size > 0 ? columns : columns.filter(({ id }) => id !== 'ours' && id !== 'ourCost')
}

/** The custodian's word beside the books: positions, cash, lots, and the days that were compared. */
export function CustodianTab() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  const { data, loading, failure, reload } = useRead(AccountCustodianDocument, { id, asOf: asOf ?? null })
  useChanged('ledger', reload)
  useChanged('reconciliation', reload)
  return (
    <AnswerView value={data?.account} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={10} />} forbidden={t('forbidden')}>
      {(account) =>
        account.custodianPositions ? (
          <Evidenced account={account} evidence={account.custodianPositions} days={(data?.reconciliations.edges ?? []).map(({ node }) => node)} />
        ) : (
          <EmptyState kind="first" title={t('nothing')}>
            {t('nothingHint')}
          </EmptyState>
        )
      }
    </AnswerView>
  )
}

function Evidenced({ account, evidence, days }: { account: Account; evidence: Evidence; days: readonly Day[] }) {
  const { locale, timeZone } = useEnvironment()
  const through = account.reconciledThrough
  const lots = useMemo(() => lotColumns(evidence.lots), [evidence.lots])
  return (
    <div className="grid gap-8">
      <section aria-label={t('positions')} className="min-w-0">
        <SectionHeading
          aside={through ? <Status is="fine">{t('through', { date: formatDate(locale, through) })}</Status> : <Status is="attention">{t('notThrough')}</Status>}
        >
          {t('positions')}
        </SectionHeading>
        <DataGrid
          label={t('positions')}
          rows={evidence.rows}
          rowId={(row) => `${row.security?.id ?? ''} ${row.currency}`}
          rowName={(row) => row.security?.name ?? row.currency}
          columns={POSITIONS}
          scroll="page"
        />
        <p className="py-1.5 text-12 text-text-3">
          {t('basis', { custodian: account.custodian ?? t('custodianUnknown'), date: formatDate(locale, evidence.day), when: formatInstant(locale, evidence.receivedAt, timeZone) })}
        </p>
      </section>
      <div className="grid min-w-0 gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_380px]">
        <section aria-label={t('lots')} className="min-w-0">
          <SectionHeading aside={evidence.lots.length}>{t('lots')}</SectionHeading>
          {evidence.lots.length === 0 ? (
            <p className="py-3 text-text-2">{t('noLots')}</p>
          ) : (
            <>
            {lots.some(({ id }) => id === 'ours') ? null : <p className="pt-3 text-12 text-text-2">{t('lotsUnknown')}</p>}
            <DataGrid
              label={t('lots')}
              rows={evidence.lots}
              rowId={(row) => `${row.security?.id ?? ''} ${row.acquiredOn ?? ''}`}
              rowName={(row) => `${row.security?.name ?? ''} ${row.acquiredOn ?? ''}`}
              columns={lots}
              scroll="page"
            />
            </>
          )}
        </section>
        <ComparedDays account={account.id} days={days} />
      </div>
    </div>
  )
}

const SHAPES: Record<Day['state'], StatusKind> = { MATCHED: 'fine', SIGNED_OFF: 'fact', BREAKS: 'attention' }

function ComparedDays({ account, days }: { account: string; days: readonly Day[] }) {
  const { locale } = useEnvironment()
  return (
    <section aria-label={t('days')} className="min-w-0">
      <SectionHeading
        aside={
          days.some((day) => day.state !== 'MATCHED') ? (
            <Link to="/reconciliation" search={{ account, state: 'all' }} className="font-medium text-accent hover:underline">
              {t('openDesk')}
            </Link>
          ) : null
        }
      >
        {t('days')}
      </SectionHeading>
      <ul>
        {days.map((day) => (
          <li key={day.day} className="flex min-h-9 flex-wrap items-center justify-between gap-x-3 border-b border-line">
            <span>{formatDate(locale, day.day)}</span>
            <span className="flex flex-wrap gap-x-3 text-text-2">
              <span className="text-12 text-text-3">{t('compared', { count: day.comparedCount })}</span>
              <Status is={SHAPES[day.state]}>{day.state === 'BREAKS' ? t('state_BREAKS', { count: day.openBreakCount }) : t(`state_${day.state}`)}</Status>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
