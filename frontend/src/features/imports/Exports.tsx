import { useContext, useState } from 'react'
import { Link } from '@tanstack/react-router'
import { useMay, useRead, useViewer } from '@/data'
import type { Refusal } from '@/data/outcome'
import { fileRefusal, saveFile, type FileRefusal } from '@/data/download'
import { StepUpContext, useCommand } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { ExportJobsDocument, StartExportDocument, type ExportJobsQuery } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { RefusalNote } from '@/ui/RefusalNote'
import { ErrorState } from '@/ui/States'
import { Status } from '@/ui/Status'
import { w } from './draftWords'

const RECENT = { first: 5 }
type ExportJob = ExportJobsQuery['jobs']['edges'][number]['node']

/** The firm's books as bundles: asked for, made as a job, fetched by who asked, kept for a day. */
export function Exports() {
  const { scope } = useViewer()
  const may = useMay('sensitive.reveal')
  return may && scope !== 'LIMITED' ? <ExportsOfTheFirm /> : null
}

function ExportsOfTheFirm() {
  const { data, reload } = useRead(ExportJobsDocument, RECENT)
  const start = useCommand(StartExportDocument, 'startExport', 'JobAccepted')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const begin = async () => {
    const answer = await start.run({ input: { idempotencyKey: crypto.randomUUID() } }, w('exportSentence'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (answer.ok) reload()
  }
  const jobs = data?.jobs.edges.map(({ node }) => node) ?? []
  return (
    <section aria-label={w('exports')} className="mt-10 grid gap-3">
      <SectionHeading>{w('exports')}</SectionHeading>
      <p className="max-w-prose text-text-2">{w('exportsHint')}</p>
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      <div>
        <Button isPending={start.pending} onPress={() => void begin()}>
          {w('exportDo')}
        </Button>
      </div>
      {jobs.length === 0 ? (
        <p className="text-text-2">{w('exportsNone')}</p>
      ) : (
        <ul>
          {jobs.map((job) => (
            <Export key={job.id} job={job} />
          ))}
        </ul>
      )}
    </section>
  )
}

interface Made {
  fileName: string
  path: string
  expiresAt: string
}

/** What the job left; null while there is no file. */
function made(result: unknown): Made | null {
  if (typeof result !== 'object' || result === null) return null
  const { fileName, path, expiresAt } = result as Record<string, unknown>
  if (typeof fileName !== 'string' || typeof path !== 'string' || typeof expiresAt !== 'string') return null
  return path.startsWith('/files/exports/') ? { fileName, path, expiresAt } : null
}

/** The browser drops a refused download without a word, so the server is asked first; the file itself is the browser's to fetch. */
function Download({ file }: { file: Made }) {
  const { locale, timeZone } = useEnvironment()
  const askStepUp = useContext(StepUpContext)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<FileRefusal | null>(null)
  const fetchIt = async () => {
    setBusy(true)
    setRefusal(null)
    const first = await fileRefusal(file.path, w('exportUnreachable'))
    const asksProof = first?.code === 'STEP_UP_REQUIRED'
    const proven = asksProof && (await askStepUp(w('exportFetchSentence', { name: file.fileName })))
    const refused = proven ? await fileRefusal(file.path, w('exportUnreachable')) : first
    setBusy(false)
    if (asksProof && !proven) return
    setRefusal(refused)
    if (!refused) saveFile(file.path, file.fileName)
  }
  return (
    <>
      <Button look="link" isPending={busy} onPress={() => void fetchIt()}>
        {w('exportDownload')} <span className="text-12 font-normal text-text-3">{w('exportUntil', { when: formatInstant(locale, file.expiresAt, timeZone) })}</span>
      </Button>
      {refusal ? <ErrorState className="basis-full" title={w('exportNotFetched')} message={refusal.message} requestId={refusal.requestId} /> : null}
    </>
  )
}

function Export({ job }: { job: ExportJob }) {
  const { locale, timeZone, now } = useEnvironment()
  const { id: viewerId } = useViewer()
  const file = made(job.result)
  const kept = file !== null && Date.parse(file.expiresAt) > now().getTime()
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-4 border-b border-line py-1">
      <Link to="/jobs/$id" params={{ id: job.id }} className="min-w-0 flex-1 font-medium hover:underline max-sm:basis-full">
        {file?.fileName ?? job.title}
      </Link>
      <span className="text-12 text-text-3">
        {job.requestedBy?.name}, {formatInstant(locale, job.requestedAt, timeZone)}
      </span>
      {file === null ? (
        <Status is={job.state === 'FAILED' || job.state === 'CANCELLED' ? 'breach' : 'progress'}>{w(job.state === 'FAILED' || job.state === 'CANCELLED' ? 'exportFailed' : 'exportRunning')}</Status>
      ) : !kept ? (
        <Status is="cancelled">{w('exportGone')}</Status>
      ) : job.requestedBy?.id === viewerId ? (
        <Download file={file} />
      ) : (
        <span className="text-12 text-text-3">{w('exportOthers')}</span>
      )}
    </li>
  )
}
