import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { useRead } from '@/data'
import { codeName } from '@/ui/codeWords'
import { formatMoneyTick } from '@/domain/format'
import { can } from '@/domain/permissions'
import { HouseholdDocument, type HouseholdQuery } from '@/generated/graphql'
import { AccountName } from '@/ui/AccountName'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { SEVERITY_STATUS } from '@/ui/Findings'
import { SectionHeading } from '@/ui/Heading'
import { PathLink } from '@/ui/PathLink'
import { EmptyState, Skeleton, SkeletonRows } from '@/ui/States'
import { StatusShape } from '@/ui/Status'
import { ageWords } from '@/ui/words'
import type { Household } from './HouseholdPage'
import { householdRoute } from './routes'
import { t } from './words'

const LineChart = lazy(() => import('@/ui/Chart').then((m) => ({ default: m.LineChart })))

const NotesPanel = lazy(() => import('@/desk/NotesPanel').then((m) => ({ default: m.NotesPanel })))

type AccountRow = Household['accounts']['edges'][number]['node']

function columns(household: Household, search: { asOf?: string }): GridColumn<AccountRow>[] {
  return [
    {
      id: 'account',
      header: t('account'),
      cell: (row) => (
        <Link to="/accounts/$id" params={{ id: row.id }} search={search} className="hover:underline">
          <AccountName name={row.name} last4={row.accountNumberLast4} />
        </Link>
      ),
      width: '2fr',
      minWidth: 140,
      primary: true,
      copy: (row) => row.name,
    },
    { id: 'type', header: t('accountType'), cell: (row) => codeName(row.accountType), width: '1fr', minWidth: 168, secondary: true, from: 680 },
    { id: 'tax', header: t('taxStatus'), cell: (row) => codeName(row.taxStatus), width: 112, secondary: true, from: 880 },
    { id: 'custodian', header: t('custodian'), cell: (row) => row.custodian ?? '', width: '1fr', minWidth: 96, secondary: true, from: 1020 },
    {
      id: 'cash',
      header: t('cash'),
      cell: (row) => <Figure kind="money" value={row.cash.value} currency={row.cash.currency} reasons={row.cash.reasons} />,
      width: 136,
      align: 'right',
      from: 480,
      copy: (row) => row.cash.value ?? '',
      total: <MoneyFigure figure={household.cash} name={t('cash')} />,
    },
    {
      id: 'value',
      header: t('accountValue'),
      cell: (row) => (
        <span className="inline-flex items-center gap-1.5">
          {row.marketValue.quality === 'COMPLETE' ? null : <StatusShape is={row.marketValue.quality === 'UNAVAILABLE' ? 'waiting' : 'attention'} />}
          <MoneyFigure figure={row.marketValue} name={row.name} className="font-medium" />
        </span>
      ),
      width: 156,
      align: 'right',
      copy: (row) => row.marketValue.value ?? '',
      total: <MoneyFigure figure={household.marketValue} name={t('total')} />,
    },
  ]
}

/** Accounts that add up to the household, its cash, its last month, and what waits. */
export function OverviewTab() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  const { data } = useRead(HouseholdDocument, { id, asOf: asOf ?? null })
  if (!data?.household) return null
  return <Overview household={data.household} work={data.workItems} asOf={asOf} />
}

interface OverviewProps {
  household: Household
  work: HouseholdQuery['workItems']
  asOf: string | undefined
}

function Overview({ household, work, asOf }: OverviewProps) {
  const navigate = useNavigate()
  const search = useMemo(() => (asOf ? { asOf } : {}), [asOf])
  const grid = useMemo(() => columns(household, search), [household, search])
  const accounts = useMemo(() => household.accounts.edges.map(({ node }) => node), [household])
  return (
    <div className="grid gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_320px]">
      <div className="grid min-w-0 content-start gap-8">
        <OpenItems householdId={household.id} work={work} />
        <section aria-label={t('accounts')}>
          <SectionHeading aside={<BasisLine figure={household.marketValue} />}>{t('accounts')}</SectionHeading>
          <DataGrid
            label={t('accountsLabel', { name: household.name })}
            rows={accounts}
            rowId={(row) => row.id}
            rowName={(row) => row.name}
            columns={grid}
            scroll="page"
            onOpen={(row) => void navigate({ to: '/accounts/$id', params: { id: row.id }, search })}
            totalLabel={t('total')}
            empty={
              <EmptyState
                kind="none"
                title={t('noAccounts')}
                action={
                  can(household, 'EDIT_HOUSEHOLD') ? (
                    <Link to="/households/$id/onboarding" params={{ id: household.id }} className="font-medium text-accent hover:underline">
                      {t('toOnboarding')}
                    </Link>
                  ) : null
                }
              >
                {t('noAccountsHint')}
              </EmptyState>
            }
          />
          {household.accounts.pageInfo.hasNextPage ? <p className="pt-2 text-12 text-text-3">{t('moreAccounts', { count: accounts.length })}</p> : null}
        </section>
      </div>
      <div className="grid content-start gap-6">
        <div className="flex flex-wrap gap-x-10 gap-y-3 border-y border-line-strong py-3">
          <FigureBlock label={t('cash')} sub={<BasisLine figure={household.cash} />}>
            <MoneyFigure figure={household.cash} name={t('cash')} />
          </FigureBlock>
          {Number(household.accruedInterest.value) === 0 ? null : (
            <FigureBlock label={t('accrued')} secondary>
              <MoneyFigure figure={household.accruedInterest} name={t('accrued')} />
            </FigureBlock>
          )}
          <FigureBlock label={t('cashShare')} secondary>
            <Figure kind="percent" value={household.cashShare} digits={1} />
          </FigureBlock>
        </div>
        <ValueTrend household={household} />
        <Suspense fallback={<SkeletonRows rows={3} />}>
          <NotesPanel key={household.id} subjectId={household.id} name={household.name} mayWrite={can(household, 'WRITE_NOTE')} />
        </Suspense>
      </div>
    </div>
  )
}

function ValueTrend({ household }: { household: Household }) {
  const { locale } = useEnvironment()
  const series = useMemo(() => [{ id: 'value', name: t('value'), role: 'own' as const, points: household.valueHistory }], [household])
  if (household.valueHistory.filter((point) => point.value !== null).length < 2) return null
  const { currency } = household.marketValue
  return (
    <section aria-label={t('trend')}>
      <SectionHeading className="mb-3">{t('trend')}</SectionHeading>
      <Suspense fallback={<Skeleton className="h-52 w-full" />}>
        <LineChart
          label={t('trendLabel')}
          series={series}
          kind="money"
          currency={currency}
          height={160}
          axisText={(value, step) => formatMoneyTick(locale, value, step, currency)}
        />
      </Suspense>
    </section>
  )
}

function OpenItems({ householdId, work }: { householdId: string; work: HouseholdQuery['workItems'] }) {
  const { now } = useEnvironment()
  return (
    <section aria-label={t('openItems')}>
      <SectionHeading aside={work.totalCount ?? null}>{t('openItems')}</SectionHeading>
      {work.edges.length === 0 ? <p className="py-2 text-text-2">{t('noOpenItems')}</p> : null}
      <ul>
        {work.edges.map(({ node }) => (
          <li key={node.id} className="flex min-h-9 items-center gap-2 border-b border-line">
            <StatusShape is={node.severity === 'INFO' ? 'waiting' : SEVERITY_STATUS[node.severity]} />
            <span className="min-w-0 flex-1">{node.title}</span>
            <span className="text-12 text-text-3">{ageWords(node.createdAt, now())}</span>
            <PathLink to={node.actionPath} label={`${node.actionLabel}: ${node.title}`} className="font-medium text-accent hover:underline">
              {node.actionLabel}
            </PathLink>
          </li>
        ))}
      </ul>
      {work.edges.length > 0 ? (
        <Link to="/work" search={{ household: householdId }} className="mt-2 inline-block min-h-6 font-medium text-accent hover:underline">
          {t('allWork')}
        </Link>
      ) : null}
    </section>
  )
}
