import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { usePages } from '@/data'
import { formatInstant } from '@/domain/dates'
import { ApprovalListDocument, type ApprovalRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { FilterChip } from '@/ui/Chip'
import { MenuChip } from '@/ui/MenuChip'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { Toolbar } from '@/ui/Toolbar'
import { ageWords } from '@/ui/words'
import { usePageTitle } from '@/ui/title'
import { approvalsRoute } from './routes'
import { APPROVAL_STATES, approvalFilter, stateOf, type ApprovalsSearch } from './search'
import { STATE_SHAPES } from './state'
import { t } from './words'

const PAGE = 50

function Asked({ at }: { at: string }) {
  const { locale, timeZone, now } = useEnvironment()
  return <time dateTime={at} title={formatInstant(locale, at, timeZone)}>{ageWords(at, now())}</time>
}

function columns(): GridColumn<ApprovalRowFragment>[] {
  return [
    {
      id: 'what',
      header: t('what'),
      cell: (row) => (
        <Link to="/approvals/$id" params={{ id: row.id }} className="hover:underline">
          {row.title}
        </Link>
      ),
      width: '2fr',
      minWidth: 160,
      primary: true,
      copy: (row) => row.title,
    },
    { id: 'subject', header: t('subject'), cell: (row) => row.subject?.label ?? '', width: '1fr', minWidth: 120, secondary: true, from: 760 },
    { id: 'maker', header: t('maker'), cell: (row) => row.maker.name, width: 144, secondary: true, from: 640 },
    { id: 'status', header: t('status'), cell: (row) => <Status is={STATE_SHAPES[row.state]}>{t(`word${row.state}`)}</Status>, width: '1fr', minWidth: 120, secondary: true, from: 460 },
    { id: 'asked', header: t('asked'), cell: (row) => <Asked at={row.requestedAt} />, width: 72, align: 'right', secondary: true },
  ]
}

/** Requests that need, or needed, a second person. */
export function ApprovalsPage() {
  const search = approvalsRoute.useSearch()
  const navigate = useNavigate()
  const filter = useMemo(() => approvalFilter(search), [search])
  const pages = usePages({ document: ApprovalListDocument, variables: { first: PAGE, filter }, connection: (data) => data.approvals })
  const grid = useMemo(() => columns(), [])
  usePageTitle(t('title'))
  return (
    <Page>
      <PageHeading sub={pages.totalCount === null ? null : t('sub', { count: pages.totalCount })}>{t('title')}</PageHeading>
      <div className="mt-4">
        <ApprovalFilters search={search} />
      </div>
      <div className="mt-2">
        {pages.failure ? (
          pages.failure.kind === 'forbidden' ? (
            <EmptyState kind="forbidden" title={t('forbidden')}>
              {pages.failure.message}
            </EmptyState>
          ) : (
            <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} />
          )
        ) : pages.loading ? (
          <SkeletonRows />
        ) : (
          <DataGrid
            label={t('list')}
            rows={pages.rows}
            rowId={(row) => row.id}
            rowName={(row) => row.title}
            columns={grid}
            totalRows={pages.totalCount ?? undefined}
            scroll="page"
            onOpen={(row) => void navigate({ to: '/approvals/$id', params: { id: row.id } })}
            loadingMore={pages.loadingMore}
            empty={<NoApprovals filtered={Object.keys(search).length > 0} />}
          />
        )}
      </div>
      {pages.more ? (
        <Button className="mt-3" onPress={pages.more}>
          {t('more')}
        </Button>
      ) : null}
    </Page>
  )
}

function ApprovalFilters({ search }: { search: ApprovalsSearch }) {
  const navigate = useNavigate()
  const change = (next: ApprovalsSearch) => void navigate({ to: '/approvals', search: next, replace: true })
  const { state: _state, ...anyState } = search
  const { mine: _mine, ...everyone } = search
  return (
    <Toolbar label={t('filters')}>
      <FilterChip isSelected={search.mine === true} onChange={(mine) => change(mine ? { ...search, mine: true } : everyone)}>
        {t('mine')}
      </FilterChip>
      <MenuChip
        label={t('state')}
        value={stateOf(search) ?? ''}
        active={search.state !== undefined}
        choices={[{ value: '', label: t('stateAny') }, ...APPROVAL_STATES.map((each) => ({ value: each as string, label: t(each) }))]}
        onChange={(state) => change(state ? { ...search, state: state.toLowerCase() } : anyState)}
      />
    </Toolbar>
  )
}

function NoApprovals({ filtered }: { filtered: boolean }) {
  if (!filtered) {
    return (
      <EmptyState kind="first" title={t('first')}>
        {t('firstHint')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      kind="none"
      title={t('none')}
      action={
        <Link to="/approvals" search={{}} className="font-medium text-accent hover:underline">
          {t('clear')}
        </Link>
      }
    >
      {t('noneHint')}
    </EmptyState>
  )
}
