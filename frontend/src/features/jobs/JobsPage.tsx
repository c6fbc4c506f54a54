import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { usePages } from '@/data'
import { codeName } from '@/ui/codeWords'
import { formatInstant } from '@/domain/dates'
import { JobListDocument, type JobRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { MenuChip } from '@/ui/MenuChip'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { Toolbar } from '@/ui/Toolbar'
import { usePageTitle } from '@/ui/title'
import { jobsRoute } from './routes'
import { JOB_SHAPES, JOB_STATES } from './stages'
import { t } from './words'

const PAGE = 50

function When({ at }: { at: string }) {
  const { locale, timeZone } = useEnvironment()
  return <>{formatInstant(locale, at, timeZone)}</>
}

function columns(): GridColumn<JobRowFragment>[] {
  return [
    {
      id: 'job',
      header: t('job'),
      cell: (row) => (
        <Link to="/jobs/$id" params={{ id: row.id }} className="hover:underline">
          {row.title}
        </Link>
      ),
      width: '2fr',
      minWidth: 160,
      primary: true,
      copy: (row) => row.title,
    },
    { id: 'state', header: t('state'), cell: (row) => <Status is={JOB_SHAPES[row.state]}>{t(`word${row.state}`)}</Status>, width: 136, secondary: true },
    { id: 'stage', header: t('stage'), cell: (row) => codeName(row.stage), width: '1fr', minWidth: 96, secondary: true, from: 760 },
    { id: 'by', header: t('requestedBy'), cell: (row) => row.requestedBy?.name ?? t('system'), width: 144, secondary: true, from: 640 },
    { id: 'requested', header: t('requested'), cell: (row) => <When at={row.requestedAt} />, width: 144, align: 'right', secondary: true, from: 520 },
  ]
}

/** Long work, while it runs and after. */
export function JobsPage() {
  const search = jobsRoute.useSearch()
  const navigate = useNavigate()
  const filter = useMemo(() => ({ kinds: null, states: search.state ? [search.state.toUpperCase() as JobRowFragment['state']] : null }), [search.state])
  const pages = usePages({ document: JobListDocument, variables: { first: PAGE, filter }, connection: (data) => data.jobs })
  const grid = useMemo(() => columns(), [])
  usePageTitle(t('title'))
  return (
    <Page>
      <PageHeading
        sub={t('sub')}
        actions={
          <Link to="/close" className="font-medium text-accent hover:underline">
            {t('nightlyClose')}
          </Link>
        }
      >
        {t('title')}
      </PageHeading>
      <div className="mt-4 mb-2">
        <Toolbar label={t('filters')}>
          <MenuChip
            label={t('state')}
            value={search.state?.toUpperCase() ?? ''}
            active={search.state !== undefined}
            choices={[{ value: '', label: t('stateAny') }, ...JOB_STATES.map((each) => ({ value: each as string, label: t(each) }))]}
            onChange={(state) => void navigate({ to: '/jobs', search: state ? { state: state.toLowerCase() } : {}, replace: true })}
          />
        </Toolbar>
      </div>
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
          onOpen={(row) => void navigate({ to: '/jobs/$id', params: { id: row.id } })}
          loadingMore={pages.loadingMore}
          empty={
            search.state ? (
              <EmptyState
                kind="none"
                title={t('none')}
                action={
                  <Link to="/jobs" search={{}} className="font-medium text-accent hover:underline">
                    {t('clear')}
                  </Link>
                }
              >
                {t('noneHint')}
              </EmptyState>
            ) : (
              <EmptyState kind="first" title={t('first')}>
                {t('firstHint')}
              </EmptyState>
            )
          }
        />
      )}
      {pages.more ? (
        <Button className="mt-3" onPress={pages.more}>
          {t('more')}
        </Button>
      ) : null}
    </Page>
  )
}
