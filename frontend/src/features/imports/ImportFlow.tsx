import { Link, useNavigate } from '@tanstack/react-router'
import FileArchive from 'lucide-react/icons/file-archive'
import { useEffect, useMemo, useRef, useState, type DragEvent } from 'react'
import { useLive, useRead } from '@/data'
import { useIdempotencyKey } from '@/data/ledger'
import { announce } from '@/data/changes'
import type { Refusal } from '@/data/outcome'
import { UploadError, uploadFile, type UploadFailure } from '@/data/upload'
import { useCommand } from '@/data/useCommand'
import { codeName } from '@/ui/codeWords'
import { zipped } from '@/domain/zip'
import { importReport, type ImportReport } from '@/domain/importReport'
import { CreateImportDraftDocument, ImportJobDocument, ImportProgressDocument, StartImportDocument, type ImportJobQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { cx } from '@/ui/cx'
import { Findings } from '@/ui/Findings'
import { Icon } from '@/ui/Icon'
import { ImportReportView } from '@/ui/ImportReportView'
import { Progress } from '@/ui/Progress'
import { RefusalNote } from '@/ui/RefusalNote'
import { StageRail, type Stage } from '@/ui/StageRail'
import { ErrorState, SkeletonRows } from '@/ui/States'
import { w } from './draftWords'
import { t } from './words'

const LIMIT_MB = 200
const MB = 1_000_000

type ImportJob = NonNullable<ImportJobQuery['job']>
type Step = 'upload' | 'check' | 'findings' | 'write' | 'done'

const STEPS = [
  { id: 'upload', word: 'stageUpload' },
  { id: 'check', word: 'stageCheck' },
  { id: 'findings', word: 'stageFindings' },
  { id: 'write', word: 'stageWrite' },
] as const

function stages(step: Step): Stage[] {
  const at = step === 'done' ? STEPS.length : STEPS.findIndex((each) => each.id === step)
  return STEPS.map((each, index) => ({ id: each.id, name: t(each.word), state: index < at ? 'done' : index === at ? 'current' : 'ahead' }))
}

interface ImportFlowProps {
  /** The job that checks, or writes, the bundle; both are in the address, so a reload continues. */
  jobId: string | null
  uploadId: string | null
  onFollow: (next: { job?: string; upload?: string }) => void
  onEnded: () => void
}

/** Send, check, findings, write: nothing is written before the findings were seen. */
export function ImportFlow({ jobId, uploadId, onFollow, onEnded }: ImportFlowProps) {
  const start = useCommand(StartImportDocument, 'startImport', 'JobAccepted')
  const keyOf = useIdempotencyKey()
  const [refusal, setRefusal] = useState<Refusal | null>(null)

  const begin = async (upload: string, dryRun: boolean) => {
    const content = { uploadId: upload, dryRun }
    const answer = await start.run({ input: { ...content, idempotencyKey: keyOf(content) } }, t('startSentence'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (answer.ok) onFollow({ job: answer.value.job.id, ...(dryRun ? { upload } : {}) })
  }

  const draft = useCommand(CreateImportDraftDocument, 'createImportDraft', 'CreateImportDraftSuccess')
  const navigate = useNavigate()
  const mend = async (upload: string) => {
    const answer = await draft.run({ input: { uploadId: upload, idempotencyKey: keyOf({ upload, mend: true }) } }, t('startSentence'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (answer.ok) void navigate({ to: '/imports/drafts/$id', params: { id: answer.value.importDraft.id } })
  }

  return (
    <div className="mt-6 grid gap-6">
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      {jobId ? (
        <Followed
          key={jobId}
          jobId={jobId}
          uploadId={uploadId}
          starting={start.pending}
          onWrite={(upload) => void begin(upload, false)}
          onMend={(upload) => void mend(upload)}
          onAgain={() => onFollow({})}
          onEnded={onEnded}
        />
      ) : (
        <>
          <StageRail label={t('stages')} stages={stages('upload')} />
          <Upload busy={start.pending || draft.pending} onUploaded={(upload, isBundle) => void (isBundle ? begin(upload, true) : mend(upload))} />
        </>
      )}
    </div>
  )
}

function problemOf(file: File, isBundle: boolean): string | null {
  if (!(isBundle ? /\.zip$/i : /\.(zip|csv)$/i).test(file.name)) return t(isBundle ? 'notZip' : 'notTable', { name: file.name })
  if (file.size > LIMIT_MB * MB) return t('tooBig', { name: file.name, size: (file.size / MB).toFixed(1), limit: LIMIT_MB })
  return null
}

/** A table of its own travels as a zip, like everything that is sent. */
async function packed(file: File): Promise<File> {
  if (/\.zip$/i.test(file.name)) return file
  const bytes = new Uint8Array(await file.arrayBuffer())
  return new File([zipped([{ name: file.name, bytes }])], file.name.replace(/\.csv$/i, '.zip'), { type: 'application/zip' })
}

function Upload({ busy, onUploaded }: { busy: boolean; onUploaded: (uploadId: string, isBundle: boolean) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const others = useRef<HTMLInputElement>(null)
  const running = useRef<AbortController | null>(null)
  const [file, setFile] = useState<File | null>(null)
  const [sent, setSent] = useState({ done: 0, total: 0 })
  const [problem, setProblem] = useState<string | null>(null)
  const [failure, setFailure] = useState<UploadFailure | null>(null)
  const [over, setOver] = useState(false)
  useEffect(() => () => running.current?.abort(), [])

  const send = async (chosen: File | undefined, isBundle: boolean) => {
    if (!chosen) return
    const wrong = problemOf(chosen, isBundle)
    setProblem(wrong)
    setFailure(null)
    if (wrong) return
    const controller = new AbortController()
    running.current = controller
    setFile(chosen)
    setSent({ done: 0, total: chosen.size })
    try {
      const upload = await uploadFile(await packed(chosen), { signal: controller.signal, onProgress: (done, total) => setSent({ done, total }), unreachable: t('unreachable') })
      onUploaded(upload, isBundle)
    } catch (error) {
      if (error instanceof UploadError) setFailure({ message: error.message, requestId: error.requestId })
      setFile(null)
    } finally {
      running.current = null
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const dropped = event.dataTransfer.files[0]
    void send(dropped, !/\.csv$/i.test(dropped?.name ?? ''))
  }

  if (file) {
    return (
      <div className="grid gap-3">
        <p role="status" className="font-medium">
          {t(busy ? 'checking' : 'uploading', { name: file.name })}
        </p>
        <Progress label={t('progress')} done={String(sent.done)} total={String(sent.total)} />
        <div>
          <Button isDisabled={busy} onPress={() => running.current?.abort()}>
            {t('stop')}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <>
      {failure ? <ErrorState title={t('uploadFailed')} message={failure.message} requestId={failure.requestId} applied="refused" /> : null}
      {problem ? (
        <p role="alert" className="text-negative">
          {problem}
        </p>
      ) : null}
      <div
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cx('flex flex-col items-start gap-3 rounded-surface border border-dashed p-6', over ? 'border-accent bg-accent-soft' : 'border-control')}
      >
        <Icon of={FileArchive} size={24} className="text-text-3" />
        <p className="text-text-2">{t('chooseHint', { limit: LIMIT_MB })}</p>
        <Button look="primary" onPress={() => input.current?.click()}>
          {t('choose')}
        </Button>
        <input ref={input} type="file" accept=".zip,application/zip" aria-label={t('choose')} className="sr-only" tabIndex={-1} onChange={(event) => void send(event.target.files?.[0], true)} />
        <p className="mt-3 text-text-2">{w('otherHint')}</p>
        <Button onPress={() => others.current?.click()}>{w('other')}</Button>
        <input ref={others} type="file" accept=".zip,.csv,application/zip,text/csv" aria-label={w('other')} className="sr-only" tabIndex={-1} onChange={(event) => void send(event.target.files?.[0], false)} />
      </div>
    </>
  )
}

interface FollowedProps {
  jobId: string
  uploadId: string | null
  starting: boolean
  onWrite: (uploadId: string) => void
  onMend: (uploadId: string) => void
  onAgain: () => void
  onEnded: () => void
}

const isOver = (state: ImportJob['state']) => state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED'

function Followed({ jobId, onEnded, ...rest }: FollowedProps) {
  const { data, loading, failure, reload } = useRead(ImportJobDocument, { id: jobId })
  return (
    <AnswerView value={data?.job} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={3} />}>
      {(job) => (
        <FollowedJob
          job={job}
          onReload={() => {
            reload()
            onEnded()
          }}
          {...rest}
        />
      )}
    </AnswerView>
  )
}

interface FollowedJobProps extends Omit<FollowedProps, 'jobId' | 'onEnded'> {
  job: ImportJob
  onReload: () => void
}

function FollowedJob({ job: read, uploadId, starting, onWrite, onMend, onAgain, onReload }: FollowedJobProps) {
  const [live, setLive] = useState<Pick<ImportJob, 'stage' | 'done' | 'total' | 'state' | 'error'> | null>(null)
  const running = !isOver(read.state)
  const variables = useMemo(() => (running ? { jobId: read.id } : null), [running, read.id])
  useLive(ImportProgressDocument, variables, {
    event: (data) => data.jobProgress,
    onResync: onReload,
    onEvent: ({ jobProgress: { job } }) => {
      if (!job) return
      setLive(job)
      if (!isOver(job.state)) return
      announce('ledger')
      onReload()
    },
  })
  const job = running && live ? { ...read, ...live } : read
  const report = importReport(read.result)
  const checks = uploadId !== null
  const step: Step = isOver(job.state) ? (checks ? 'findings' : job.state === 'SUCCEEDED' ? 'done' : 'write') : checks ? 'check' : 'write'
  return (
    <>
      <StageRail label={t('stages')} stages={stages(step)} />
      {isOver(job.state) ? (
        <Outcome job={job} report={report} uploadId={uploadId} starting={starting} onWrite={onWrite} onMend={onMend} onAgain={onAgain} />
      ) : (
        <div className="grid gap-2">
          <p role="status" className="font-medium">
            {job.state === 'QUEUED' ? t('queued') : t(checks ? 'checking' : 'writing')}
            {job.state === 'RUNNING' && job.stage ? <span className="ml-2 font-normal text-text-2">{codeName(job.stage)}</span> : null}
          </p>
          <Progress label={t('progress')} done={job.done} total={job.total} />
          <Link to="/jobs/$id" params={{ id: job.id }} className="w-fit font-medium text-accent hover:underline">
            {t('openJob')}
          </Link>
        </div>
      )}
    </>
  )
}

interface OutcomeProps extends Pick<FollowedProps, 'uploadId' | 'starting' | 'onWrite' | 'onMend' | 'onAgain'> {
  job: ImportJob
  report: ImportReport | null
}

function Outcome({ job, report, uploadId, starting, onWrite, onMend, onAgain }: OutcomeProps) {
  const writable = uploadId !== null && job.state === 'SUCCEEDED' && (report?.ok ?? true)
  return (
    <div className="grid gap-4">
      {job.state === 'FAILED' ? <ErrorState title={t('failed')} message={job.error ?? ''} applied="refused" /> : null}
      {job.state === 'CANCELLED' ? <p className="text-text-2">{t('cancelled')}</p> : null}
      {report ? (
        <ImportReportView report={report} />
      ) : (
        <Findings label={t('findings')} findings={job.findings.edges.map(({ node }) => node)} empty={null} />
      )}
      {report && !report.ok ? <p className="text-text-2">{t('refusedHint')}</p> : null}
      <div className="flex flex-wrap items-center gap-3">
        {writable ? (
          <Button look="primary" size="lg" isPending={starting} onPress={() => onWrite(uploadId)}>
            {t('write')}
          </Button>
        ) : null}
        {uploadId !== null && (job.state === 'FAILED' || (report !== null && !report.ok)) ? (
          <Button look="primary" size="lg" onPress={() => onMend(uploadId)}>
            {w('mend')}
          </Button>
        ) : null}
        {uploadId === null && job.state === 'SUCCEEDED' ? (
          <Link to="/book" search={{}} className="inline-flex h-9 items-center rounded-control bg-accent px-4 font-medium text-on-accent hover:bg-accent-hover">
            {t('seeBook')}
          </Link>
        ) : null}
        <Button size="lg" onPress={onAgain}>
          {t('chooseAnother')}
        </Button>
        <Link to="/jobs/$id" params={{ id: job.id }} className="font-medium text-accent hover:underline">
          {t('openJob')}
        </Link>
      </div>
    </div>
  )
}
