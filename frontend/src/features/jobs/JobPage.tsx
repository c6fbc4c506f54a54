import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { PathLink } from '@/ui/PathLink'
import { useLive, useRead } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { importReport } from '@/domain/importReport'
import { can } from '@/domain/permissions'
import { CancelJobDocument, JobDetailDocument, JobProgressDocument, type JobDetailQuery, type JobRowFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Findings } from '@/ui/Findings'
import { PageHeading, SectionHeading } from '@/ui/Heading'
import { ImportReportView } from '@/ui/ImportReportView'
import { Page } from '@/ui/Page'
import { Progress } from '@/ui/Progress'
import { RefusalNote } from '@/ui/RefusalNote'
import { StageRail } from '@/ui/StageRail'
import { SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { toast } from '@/ui/Toast'
import { usePageTitle } from '@/ui/title'
import { jobRoute } from './routes'
import { isOver, JOB_SHAPES, jobStages, withStage } from './stages'
import { t } from './words'

type JobDetail = NonNullable<JobDetailQuery['job']>

const CRUMBS = [{ label: t('title'), to: '/jobs' }]

/** One piece of long work: where it stands, how far it is, and what came of it. */
export function JobPage() {
  const { id } = jobRoute.useParams()
  const answer = useRead(JobDetailDocument, { id })
  usePageTitle(answer.data?.job?.title ?? t('title'), CRUMBS)
  return (
    <Page className="max-w-[896px]">
      <Link to="/jobs" search={{}} className="inline-block min-h-6 text-12 text-accent hover:underline sm:hidden">
        {t('back')}
      </Link>
      <AnswerView
        value={answer.data?.job}
        loading={answer.loading}
        failure={answer.failure}
        onRetry={answer.reload}
        isPage
        skeleton={<SkeletonRows rows={4} />}
        forbidden={t('forbidden')}
        missing={{ title: t('missing'), hint: t('missingHint') }}
      >
        {(job) => <JobView key={job.id} detail={job} onReload={answer.reload} />}
      </AnswerView>
    </Page>
  )
}

/** The job as last heard of: the stream is ahead of the page's own read. */
function useFollowed(detail: JobDetail, onReload: () => void): { job: JobRowFragment; seen: readonly string[] } {
  const [live, setLive] = useState<JobRowFragment | null>(null)
  const [seen, setSeen] = useState<readonly string[]>(() => withStage([], detail.stage))
  const running = !isOver(detail.state)
  const variables = useMemo(() => (running ? { jobId: detail.id } : null), [running, detail.id])
  useLive(JobProgressDocument, variables, {
    event: (data) => data.jobProgress,
    onResync: onReload,
    onEvent: ({ jobProgress }) => {
      const job = jobProgress.job
      if (!job) return
      setLive(job)
      setSeen((before) => withStage(before, job.stage))
      // The result and the findings are not part of the stream.
      if (isOver(job.state)) onReload()
    },
  })
  return { job: running && live ? live : detail, seen }
}

function JobView({ detail, onReload }: { detail: JobDetail; onReload: () => void }) {
  const { locale, timeZone } = useEnvironment()
  const { job, seen } = useFollowed(detail, onReload)
  const cancel = useCommand(CancelJobDocument, 'cancelJob', 'CancelJobSuccess')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const over = isOver(job.state)

  const stop = async () => {
    const answer = await cancel.run({ input: { jobId: job.id } }, t('cancelSentence', { title: job.title }))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(t('cancelAsked'))
    onReload()
  }

  return (
    <>
      <PageHeading
        sub={
          <span className="flex flex-wrap gap-x-4">
            <Status is={JOB_SHAPES[job.state]}>{t(`word${job.state}`)}</Status>
            <span>{t('by', { name: job.requestedBy?.name ?? t('system'), when: formatInstant(locale, job.requestedAt, timeZone) })}</span>
            <Took job={job} />
          </span>
        }
        actions={
          !over && !job.cancelRequested && can(job, 'CANCEL_JOB') ? (
            <Button look="danger" isPending={cancel.pending} onPress={() => void stop()}>
              {t('cancel')}
            </Button>
          ) : null
        }
      >
        {job.title}
      </PageHeading>
      <div className="mt-6 grid gap-6">
        {refusal ? <RefusalNote refusal={refusal} /> : null}
        <StageRail label={t('stages')} stages={jobStages(job, seen, { queued: t('queued'), finished: t('finished') })} />
        {over ? null : <Progress label={t('progress')} done={job.done} total={job.total} />}
        {job.cancelRequested && !over ? <p className="text-text-2">{t('cancelling')}</p> : null}
        {job.state === 'FAILED' ? (
          <div role="alert" className="rounded-surface border border-negative-line bg-negative-soft p-4">
            <p className="font-semibold">{t('failedTitle')}</p>
            {job.error ? <p className="mt-1 text-text-2">{job.error}</p> : null}
            <p className="mt-1 text-text-2">{t('failedHint')}</p>
          </div>
        ) : null}
        <JobResult detail={detail} />
      </div>
    </>
  )
}

function Took({ job }: { job: JobRowFragment }) {
  if (!job.startedAt || !job.finishedAt) return null
  const seconds = Math.max(0, Math.round((Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000))
  const time = seconds < 120 ? t('seconds', { count: seconds }) : t('minutes', { count: Math.round(seconds / 60) })
  return <span>{t('took', { time })}</span>
}

function JobResult({ detail }: { detail: JobDetail }) {
  if (!isOver(detail.state)) return null
  const report = importReport(detail.result)
  const findings = detail.findings.edges.map(({ node }) => ({ ...node, subject: node.subject?.label ?? null }))
  return (
    <>
      {report ? (
        <section aria-label={t('result')}>
          <SectionHeading className="mb-3">{t('result')}</SectionHeading>
          <ImportReportView report={report} />
        </section>
      ) : null}
      {findings.length > 0 || !report ? (
        <section aria-label={t('findings')}>
          <SectionHeading className="mb-3" aside={detail.findings.totalCount ?? null}>
            {t('findings')}
          </SectionHeading>
          <Findings
            label={t('findings')}
            findings={findings}
            fix={(view) => {
              const fix = detail.findings.edges.find(({ node }) => node.id === view.id)?.node.fix
              return fix ? (
                <PathLink to={fix.path} className="inline-flex h-7 items-center rounded-control border border-line-strong bg-canvas px-2.5 font-medium hover:bg-hover">
                  {fix.label}
                </PathLink>
              ) : null
            }}
            empty={<p className="text-text-2">{t('findingsNone')}</p>}
          />
        </section>
      ) : null}
    </>
  )
}
