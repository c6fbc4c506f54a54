import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useMay, useRead, useViewer } from '@/data'
import { formatInstant } from '@/domain/dates'
import { ImportJobsDocument } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { useEnvironment } from '@/ui/environment'
import { PageHeading, SectionHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status, type StatusKind } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { ImportFlow } from './ImportFlow'
import { importsRoute } from './routes'
import { t } from './words'

const CRUMBS = [{ label: t('settings'), to: '/settings' }]
const RECENT = { first: 10 }
const SHAPES = { QUEUED: 'waiting', RUNNING: 'progress', SUCCEEDED: 'fine', FAILED: 'breach', CANCELLED: 'cancelled' } as const satisfies Record<string, StatusKind>

/** A bundle sent, checked, judged and written, and the imports before it. */
export function ImportsPage() {
  usePageTitle(t('title'), CRUMBS)
  const { scope } = useViewer()
  const imports = useMay('imports.run')
  if (!imports) {
    return (
      <Page>
        <EmptyState kind="forbidden" isPage title={t('forbidden')}>
          {scope === 'LIMITED' ? t('forbiddenLimited') : t('forbiddenHint', { permission: 'imports.run' })}
        </EmptyState>
      </Page>
    )
  }
  return <Imports />
}

function Imports() {
  const search = importsRoute.useSearch()
  const navigate = useNavigate()
  const recent = useRead(ImportJobsDocument, RECENT)
  const { reload } = recent
  const follow = useCallback(
    (next: { job?: string; upload?: string }) => {
      void navigate({ to: '/imports', search: next, replace: true })
      reload()
    },
    [navigate, reload],
  )
  return (
    <Page className="max-w-[896px]">
      <PageHeading sub={t('sub')}>{t('title')}</PageHeading>
      <ImportFlow jobId={search.job ?? null} uploadId={search.upload ?? null} onFollow={follow} onEnded={reload} />
      <section aria-label={t('recent')} className="mt-10">
        <SectionHeading
          aside={
            <Link to="/jobs" search={{}} className="text-accent hover:underline">
              {t('allJobs')}
            </Link>
          }
        >
          {t('recent')}
        </SectionHeading>
        <AnswerView value={recent.data?.jobs} loading={recent.loading} failure={recent.failure} onRetry={reload} skeleton={<SkeletonRows rows={3} />}>
          {({ edges }) => <Recent jobs={edges.map(({ node }) => node)} />}
        </AnswerView>
      </section>
    </Page>
  )
}

interface RecentJob {
  id: string
  title: string
  state: keyof typeof SHAPES
  requestedAt: string
  requestedBy: { name: string } | null
}

function Recent({ jobs }: { jobs: readonly RecentJob[] }) {
  const { locale, timeZone } = useEnvironment()
  if (jobs.length === 0) return <p className="py-3 text-text-2">{t('recentNone')}</p>
  return (
    <ul>
      {jobs.map((job) => (
        <li key={job.id} className="flex min-h-9 flex-wrap items-center gap-x-4 border-b border-line py-1">
          <Link to="/jobs/$id" params={{ id: job.id }} className="min-w-0 flex-1 font-medium hover:underline max-sm:basis-full">
            {job.title}
          </Link>
          <Status is={SHAPES[job.state]}>{t(job.state)}</Status>
          <span className="text-12 text-text-3">{t('by', { name: job.requestedBy?.name ?? '', when: formatInstant(locale, job.requestedAt, timeZone) })}</span>
        </li>
      ))}
    </ul>
  )
}
