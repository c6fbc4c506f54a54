import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { usePages, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { ComparedDaysDocument, ReconciledAccountsDocument, type ReconciledAccountsQuery } from '@/generated/graphql'
import { AccountName } from '@/ui/AccountName'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status, StatusShape, type StatusKind } from '@/ui/Status'
import { accountFilter, isFiltered, type DeskSearch } from './search'
import { t } from './words'

type Row = ReconciledAccountsQuery['reconciledAccounts']['edges'][number]['node']
type Day = Row['days'][number]

const PAGE = 100
const SHAPES: Record<Day['state'], StatusKind> = { MATCHED: 'fine', SIGNED_OFF: 'fact', BREAKS: 'attention' }

export function dayWords(day: Day | undefined): string {
  if (!day) return t('dayNothing')
  return day.state === 'BREAKS' ? t('dayBREAKS', { count: day.openBreakCount }) : t(`day${day.state}`)
}

function columns(days: readonly string[], locale: string): GridColumn<Row>[] {
  return [
    {
      id: 'account',
      header: t('account'),
      cell: ({ account }) => (
        <Link to="/accounts/$id/custodian" params={{ id: account.id }} className="hover:underline">
          <AccountName name={account.name} last4={account.last4} />
        </Link>
      ),
      width: '2fr',
      minWidth: 140,
      primary: true,
      copy: ({ account }) => account.name,
    },
    { id: 'custodian', header: t('custodian'), cell: (row) => row.custodian ?? '', width: '1fr', minWidth: 112, secondary: true, from: 860 },
    {
      id: 'through',
      header: t('through'),
      cell: (row) =>
        row.reconciledThrough ? (
          <Figure kind="date" value={row.reconciledThrough} />
        ) : (
          <Status is={row.lastEvidenceOn ? 'attention' : 'waiting'}>{row.lastEvidenceOn ? t('never') : t('noEvidence')}</Status>
        ),
      width: 116,
      align: 'right',
    },
    { id: 'last', header: t('lastEvidence'), cell: (row) => (row.lastEvidenceOn ? <Figure kind="date" value={row.lastEvidenceOn} /> : ''), width: 104, align: 'right', secondary: true, from: 700 },
    ...days.map((day, index): GridColumn<Row> => ({
      id: day,
      header: formatDate(locale, day, 'short'),
      cell: (row) => <DayCell account={row.account.id} day={row.days.find((each) => each.day === day)} />,
      width: 64,
      align: 'right',
      // The latest days stay longest on a narrow screen.
      from: 480 + (days.length - 1 - index) * 80,
    })),
  ]
}

function DayCell({ account, day }: { account: string; day: Day | undefined }) {
  const said = dayWords(day)
  if (!day) return <span className="sr-only">{said}</span>
  const shape = (
    <span className="inline-flex items-center gap-1" title={said}>
      <StatusShape is={SHAPES[day.state]} />
      {day.state === 'BREAKS' ? <span aria-hidden="true">{day.openBreakCount}</span> : null}
      <span className="sr-only">{said}</span>
    </span>
  )
  if (day.state === 'MATCHED') return shape
  return (
    <Link to="/reconciliation" search={{ account, state: 'all' }} className="inline-flex min-h-6 min-w-6 items-center justify-end hover:underline">
      {shape}
    </Link>
  )
}

interface MatrixProps {
  search: DeskSearch
  businessDate: string | null
  onClear: () => void
}

/** Every account against the last compared days. */
export function Matrix({ search, businessDate, onClear }: MatrixProps) {
  const { locale } = useEnvironment()
  const filter = useMemo(() => accountFilter(search, businessDate), [search, businessDate])
  const days = useRead(ComparedDaysDocument, NOTHING)
  const pages = usePages({ document: ReconciledAccountsDocument, variables: { first: PAGE, filter }, connection: (data) => data.reconciledAccounts })
  useChanged('reconciliation', pages.reload)
  const known = days.data?.comparedDays
  const grid = useMemo(() => columns(known ?? [], locale), [known, locale])
  return (
    <AnswerView
      value={pages.loading || !known || (pages.failure && pages.rows.length === 0) ? null : pages.rows}
      loading={pages.loading || days.loading}
      failure={pages.failure ?? days.failure}
      onRetry={pages.reload}
      skeleton={<SkeletonRows rows={12} />}
      forbidden={t('forbidden')}
    >
      {(rows) => (
        <DataGrid
          className="min-h-72"
          label={t('matrix')}
          rows={rows}
          rowId={(row) => row.account.id}
          rowName={(row) => row.account.name}
          columns={grid}
          totalRows={pages.totalCount ?? undefined}
          onEnd={pages.more}
          loadingMore={pages.loadingMore}
          empty={
            isFiltered(search) ? (
              <EmptyState kind="none" title={t('matrixNone')} action={<Button onPress={onClear}>{t('clear')}</Button>}>
                {t('noneFoundHint')}
              </EmptyState>
            ) : (
              <EmptyState kind="first" title={t('matrixFirst')}>
                {t('matrixFirstHint')}
              </EmptyState>
            )
          }
        />
      )}
    </AnswerView>
  )
}

const NOTHING = {}
