import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useClient } from 'urql'
import { useLive, useMay, useRead } from '@/data'
import { announce } from '@/data/changes'
import { useIdempotencyKey } from '@/data/ledger'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatDate } from '@/domain/dates'
import { importReport } from '@/domain/importReport'
import {
  CheckImportDraftDocument,
  CommitImportDraftDocument,
  DiscardImportDraftDocument,
  ImportDraftPageDocument,
  ImportJobDocument,
  ImportProgressDocument,
  type DraftPartsFragment,
  type ImportDraftPageQuery,
  type ImportJobQuery,
} from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { codeName } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { ImportReportView } from '@/ui/ImportReportView'
import { Dialog } from '@/ui/Overlay'
import { Page } from '@/ui/Page'
import { Progress } from '@/ui/Progress'
import { RefusalNote } from '@/ui/RefusalNote'
import { StageRail, type Stage } from '@/ui/StageRail'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { w } from './draftWords'
import { MapStage } from './MapStage'
import { UndoOf } from './PastImports'
import { importDraftRoute } from './routes'
import { RowsStage } from './RowsStage'
import { t } from './words'

type Job = NonNullable<ImportJobQuery['job']>
type Draft = NonNullable<ImportDraftPageQuery['importDraft']>

const CRUMBS = [
  { label: t('settings'), to: '/settings' },
  { label: t('title'), to: '/imports' },
]
const isOver = (state: Job['state']) => state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED'

/** An import that is being prepared: mapped, checked row by row, mended, imported; left and come back to. */
export function DraftPage() {
  const { id } = importDraftRoute.useParams()
  const imports = useMay('imports.run')
  const answer = useRead(ImportDraftPageDocument, { id }, { pause: !imports })
  usePageTitle(w('draft'), CRUMBS)
  if (!imports) {
    return (
      <Page>
        <EmptyState kind="forbidden" isPage title={t('forbidden')}>
          {t('forbiddenHint', { permission: 'imports.run' })}
        </EmptyState>
      </Page>
    )
  }
  return (
    <Page>
      <AnswerView
        value={answer.data?.importDraft}
        loading={answer.loading}
        failure={answer.failure}
        onRetry={answer.reload}
        isPage
        skeleton={<SkeletonRows rows={6} />}
        missing={{ title: w('missing'), hint: w('missingHint') }}
      >
        {(draft) => <DraftView key={draft.id} draft={draft} bundleFiles={answer.data?.bundleFiles ?? []} onReload={answer.reload} />}
      </AnswerView>
    </Page>
  )
}

type Step = 'map' | 'rows' | 'done'
const RAIL = ['stageSend', 'stageMap', 'stageCheck', 'stageImport'] as const

function stages(step: Step, writing: boolean): Stage[] {
  const at = step === 'done' ? RAIL.length : writing ? 3 : step === 'rows' ? 2 : 1
  return RAIL.map((word, index) => ({ id: word, name: w(word), state: index < at ? 'done' : index === at ? 'current' : 'ahead' }))
}

interface DraftViewProps {
  draft: Draft
  bundleFiles: ImportDraftPageQuery['bundleFiles']
  onReload: () => void
}

function DraftView({ draft, bundleFiles, onReload }: DraftViewProps) {
  const { locale } = useEnvironment()
  const client = useClient()
  const keyOf = useIdempotencyKey()
  const check = useCommand(CheckImportDraftDocument, 'checkImportDraft', 'JobAccepted')
  const commit = useCommand(CommitImportDraftDocument, 'commitImportDraft', 'JobAccepted')
  const [job, setJob] = useState<{ id: string; writes: boolean } | null>(null)
  const [mapping, setMapping] = useState(draft.report === null)
  const [discarding, setDiscarding] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const done = draft.state === 'COMMITTED' || draft.state === 'UNDONE' || draft.state === 'DISCARDED'
  const step: Step = done ? 'done' : mapping ? 'map' : 'rows'

  const ask = async (writes: boolean) => {
    // Asked again after a failed job: the version has not moved, yet it is another request.
    const content = { draftId: draft.id, version: draft.version, writes, after: draft.jobId }
    const input = { draftId: draft.id, idempotencyKey: keyOf(content) }
    const answer = writes ? await commit.run({ input }, w('commitSentence')) : await check.run({ input }, w('draft'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    setMapping(false)
    setJob({ id: answer.value.job.id, writes })
  }
  // What the check said is read before the rows are shown: they open on the first file that has a refused one.
  const over = async (wrote: boolean) => {
    await client.query(ImportDraftPageDocument, { id: draft.id }, { requestPolicy: 'network-only' }).toPromise()
    setJob(null)
    onReload()
    if (wrote) announce('ledger')
  }
  return (
    <>
      <PageHeading
        sub={
          <span className="flex flex-wrap gap-x-4">
            <Status is={draft.state === 'COMMITTED' ? 'fine' : done ? 'cancelled' : 'progress'}>{w(stateWord(draft.state))}</Status>
            <span>{w('sub', { source: draft.source, day: formatDate(locale, draft.asOf) })}</span>
          </span>
        }
        actions={
          done || job ? null : (
            <Button look="danger" onPress={() => setDiscarding(true)}>
              {w('discard')}
            </Button>
          )
        }
      >
        {w('title', { name: draft.fileName === '' ? draft.source : draft.fileName })}
      </PageHeading>
      <div className="mt-6 grid gap-6">
        <StageRail label={w('stages')} stages={stages(step, job?.writes ?? false)} />
        {refusal ? <RefusalNote refusal={refusal} /> : null}
        {job ? (
          <Running
            key={job.id}
            jobId={job.id}
            writes={job.writes}
            onOver={() => void over(job.writes)}
          />
        ) : step === 'done' ? (
          <Done draft={draft} onChanged={onReload} />
        ) : step === 'map' ? (
          <MapStage draft={draft} headers={draft.headers} bundleFiles={bundleFiles} checking={check.pending} onMapped={() => void ask(false)} />
        ) : (
          <>
            <Verdict draft={draft} onMap={() => setMapping(true)} onCheck={() => void ask(false)} onCommit={() => void ask(true)} pending={check.pending || commit.pending} />
            <RowsStage draft={draft} bundleFiles={bundleFiles} canEdit onChanged={onReload} />
          </>
        )}
      </div>
      {discarding ? <DiscardDialog draft={draft} onClose={() => setDiscarding(false)} /> : null}
    </>
  )
}

function stateWord(state: string) {
  switch (state) {
    case 'CHECKED':
    case 'COMMITTED':
    case 'UNDONE':
    case 'DISCARDED':
      return `state_${state}` as const
    default:
      return 'state_MAPPING' as const
  }
}

interface VerdictProps {
  draft: DraftPartsFragment
  pending: boolean
  onMap: () => void
  onCheck: () => void
  onCommit: () => void
}

/** What the last check came to, and what can be done with it. */
function Verdict({ draft, pending, onMap, onCheck, onCommit }: VerdictProps) {
  const report = importReport(draft.report)
  const checked = draft.state === 'CHECKED'
  const fine = checked && report !== null && report.ok
  const changes = report?.rows.reduce((sum, row) => sum + row.created + row.changed, 0) ?? 0
  return (
    <section className="grid gap-3" aria-label={w('stageCheck')}>
      <p role="status" className="flex items-center gap-2 font-medium">
        <Status is={fine ? 'fine' : checked ? 'breach' : 'waiting'}>
          {fine ? w('fine') : checked ? w('refusedCount', { count: report?.problemCount ?? 0 }) : w(draft.report === null ? 'notChecked' : 'stale')}
        </Status>
      </p>
      {checked && !fine ? <p className="max-w-prose text-text-2">{w('refusedHint', { count: report?.problemCount ?? 0 })}</p> : null}
      {fine && report ? (
        <ul aria-label={w('verdicts')} className="flex flex-wrap gap-x-6 gap-y-1 text-12 text-text-2">
          {report.rows.map((row) => (
            <li key={row.file}>
              {codeName(row.file)}: {w('NEW')} {row.created}, {w('CHANGED')} {row.changed}, {w('UNCHANGED')} {row.unchanged}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {fine ? (
          <Button look="primary" size="lg" isPending={pending} onPress={onCommit}>
            {changes > 0 ? w('commit', { count: changes }) : w('commitNothing')}
          </Button>
        ) : (
          <Button look="primary" size="lg" isPending={pending} onPress={onCheck}>
            {w(draft.report === null ? 'check' : 'checkAgain')}
          </Button>
        )}
        <Button size="lg" onPress={onMap}>
          {w('mapAgain')}
        </Button>
      </div>
    </section>
  )
}

/** The job under way: how far it is, and what came of it when it did not end well. */
function Running({ jobId, writes, onOver }: { jobId: string; writes: boolean; onOver: () => void }) {
  const { data, reload } = useRead(ImportJobDocument, { id: jobId })
  const [live, setLive] = useState<Pick<Job, 'stage' | 'done' | 'total' | 'state' | 'error'> | null>(null)
  const read = data?.job
  const variables = useMemo(() => ({ jobId }), [jobId])
  const ended = useEffectEvent(onOver)
  const succeeded = read?.state === 'SUCCEEDED' || live?.state === 'SUCCEEDED'
  useEffect(() => {
    if (succeeded) ended()
  }, [succeeded])
  useLive(ImportProgressDocument, variables, {
    event: (event) => event.jobProgress,
    onResync: reload,
    onEvent: ({ jobProgress: { job } }) => {
      if (!job) return
      setLive(job)
    },
  })
  const job = live ?? read
  if (job && job.state !== 'SUCCEEDED' && isOver(job.state)) {
    return (
      <div className="grid gap-3">
        <ErrorState title={t(job.state === 'FAILED' ? 'failed' : 'cancelled')} message={job.error ?? ''} applied="refused" />
        <div>
          <Button onPress={onOver}>{w('close')}</Button>
        </div>
      </div>
    )
  }
  return (
    <div className="grid gap-2">
      <p role="status" className="font-medium">
        {!job || job.state === 'QUEUED' ? w('queued') : w(writes ? 'importing' : 'checking')}
        {job && job.state === 'RUNNING' && job.stage ? <span className="ml-2 font-normal text-text-2">{codeName(job.stage)}</span> : null}
      </p>
      <Progress label={w('progress')} done={job?.done ?? '0'} total={job?.total ?? null} />
      <Link to="/jobs/$id" params={{ id: jobId }} className="w-fit font-medium text-accent hover:underline">
        {w('openJob')}
      </Link>
    </div>
  )
}

function Done({ draft, onChanged }: { draft: DraftPartsFragment; onChanged: () => void }) {
  const report = importReport(draft.report)
  return (
    <div className="grid gap-4">
      {draft.state === 'COMMITTED' && report ? <ImportReportView report={report} /> : null}
      {draft.importId ? <UndoOf importId={draft.importId} onChanged={onChanged} /> : null}
      <div className="flex flex-wrap items-center gap-4">
        {draft.state === 'COMMITTED' ? (
          <Link to="/book" search={{}} className="inline-flex h-9 items-center rounded-control bg-accent px-4 font-medium text-on-accent hover:bg-accent-hover">
            {w('seeBook')}
          </Link>
        ) : null}
        <Link to="/imports" search={{}} className="font-medium text-accent hover:underline">
          {w('backToImports')}
        </Link>
        {draft.jobId ? (
          <Link to="/jobs/$id" params={{ id: draft.jobId }} className="font-medium text-accent hover:underline">
            {w('openJob')}
          </Link>
        ) : null}
      </div>
    </div>
  )
}

function DiscardDialog({ draft, onClose }: { draft: DraftPartsFragment; onClose: () => void }) {
  const navigate = useNavigate()
  const discard = useCommand(DiscardImportDraftDocument, 'discardImportDraft', 'DiscardImportDraftSuccess')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const save = async () => {
    const answer = await discard.run({ input: { draftId: draft.id } }, w('discardTitle'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (answer.ok) void navigate({ to: '/imports', search: {} })
  }
  return (
    <Dialog
      isOpen
      role="alertdialog"
      onClose={onClose}
      title={w('discardTitle')}
      actions={
        <>
          <Button look="danger" size="lg" isPending={discard.pending} onPress={() => void save()}>
            {w('discard')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {w('keep')}
          </Button>
        </>
      }
    >
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      <p className="text-text-2">{w('discardHint')}</p>
    </Dialog>
  )
}
