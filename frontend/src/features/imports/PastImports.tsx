import { Link } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useLive, useRead } from '@/data'
import { announce } from '@/data/changes'
import { useIdempotencyKey } from '@/data/ledger'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { ImportJobDocument, ImportProgressDocument, PastImportsDocument, UndoImportDocument, UndoOfImportDocument, type PastImportPartsFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { Dialog } from '@/ui/Overlay'
import { RefusalNote } from '@/ui/RefusalNote'
import { SkeletonRows } from '@/ui/States'
import { Status, StatusShape } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { w } from './draftWords'
import { t } from './words'

export const PAST_SHOWN = 10
const MORE = 100

/** What was imported, by whom and when, and whether it can still be taken back. */
export function PastImports() {
  const [first, setFirst] = useState(PAST_SHOWN)
  const answer = useRead(PastImportsDocument, { first })
  return (
    <section aria-label={w('past')} className="mt-10">
      <SectionHeading
        aside={
          <Link to="/jobs" search={{}} className="text-accent hover:underline">
            {t('allJobs')}
          </Link>
        }
      >
        {w('past')}
      </SectionHeading>
      <AnswerView value={answer.data?.pastImports} loading={answer.loading} failure={answer.failure} onRetry={answer.reload} skeleton={<SkeletonRows rows={3} />}>
        {({ edges, pageInfo }) => (
          <>
            {edges.length === 0 ? <p className="py-3 text-text-2">{w('pastNone')}</p> : null}
            <ul>
              {edges.map(({ node }) => (
                <PastImport key={node.id} past={node} onChanged={answer.reload} />
              ))}
            </ul>
            {pageInfo.hasNextPage && first < MORE ? (
              <Button look="link" onPress={() => setFirst(MORE)}>
                {w('pastMore')}
              </Button>
            ) : null}
          </>
        )}
      </AnswerView>
    </section>
  )
}

const sum = (past: PastImportPartsFragment, kind: 'created' | 'changed') => String(past.counts.reduce((all, each) => all + each[kind], 0))

function PastImport({ past, onChanged }: { past: PastImportPartsFragment; onChanged: () => void }) {
  const { locale, timeZone } = useEnvironment()
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-1.5">
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <p className="truncate font-medium">
          {past.jobId ? (
            <Link to="/jobs/$id" params={{ id: past.jobId }} className="hover:underline">
              {past.sources.join(', ')}
            </Link>
          ) : (
            past.sources.join(', ')
          )}
        </p>
        <p className="text-12 text-text-3">
          {past.createdBy?.name ?? w('platform')}, {formatInstant(locale, past.createdAt, timeZone)}
          {past.undoneAt ? ` · ${w('undoneBy', { name: past.undoneBy?.name ?? '', reason: past.undoReason ?? '' })}` : null}
        </p>
      </div>
      <span className="text-12 text-text-2">
        {w('pastNew')} <Figure kind="count" value={sum(past, 'created')} />
      </span>
      <span className="text-12 text-text-2">
        {w('pastChanged')} <Figure kind="count" value={sum(past, 'changed')} />
      </span>
      <UndoState past={past} onChanged={onChanged} />
    </li>
  )
}

function UndoState({ past, onChanged }: { past: PastImportPartsFragment; onChanged: () => void }) {
  const { locale, timeZone, now } = useEnvironment()
  const [asking, setAsking] = useState(false)
  const [job, setJob] = useState<string | null>(null)
  const ended = () => {
    setJob(null)
    announce('ledger')
    onChanged()
  }
  if (job) return <Undoing key={job} jobId={job} onEnded={ended} />
  if (past.undoneAt) return <Status is="cancelled">{w('undone')}</Status>
  const open = past.undoUntil !== null && Date.parse(past.undoUntil) > now().getTime()
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <Status is="fine">{w('stands')}</Status>
      {open && past.undoUntil ? (
        <>
          <span className="text-12 text-text-3">{w('undoUntil', { when: formatInstant(locale, past.undoUntil, timeZone) })}</span>
          <Button size="sm" onPress={() => setAsking(true)} aria-label={`${w('undoOf')}: ${past.sources.join(', ')}`}>
            {w('undoOf')}
          </Button>
        </>
      ) : null}
      {asking ? <UndoDialog importId={past.id} onClose={() => setAsking(false)} onAsked={setJob} /> : null}
    </span>
  )
}

const isOver = (state: string | undefined) => state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED'

/** The taking back under way. What it did is read when it has ended; why it failed, the job says. */
function Undoing({ jobId, onEnded }: { jobId: string; onEnded: () => void }) {
  const { data, reload } = useRead(ImportJobDocument, { id: jobId })
  const [live, setLive] = useState<{ state: string } | null>(null)
  const variables = useMemo(() => ({ jobId }), [jobId])
  useLive(ImportProgressDocument, variables, {
    event: (event) => event.jobProgress,
    onResync: reload,
    onEvent: ({ jobProgress: { job } }) => setLive(job),
  })
  const state = isOver(data?.job?.state) ? data?.job?.state : (live?.state ?? data?.job?.state)
  const succeeded = state === 'SUCCEEDED'
  const ended = useEffectEvent(onEnded)
  useEffect(() => {
    if (succeeded) ended()
  }, [succeeded])
  return (
    <span role="status" className="flex flex-wrap items-center gap-x-3">
      <Status is={isOver(state) && !succeeded ? 'breach' : 'progress'}>{w(isOver(state) && !succeeded ? 'undoFailed' : 'undoAsked')}</Status>
      <Link to="/jobs/$id" params={{ id: jobId }} className="font-medium text-accent hover:underline">
        {w('openJob')}
      </Link>
      {isOver(state) && !succeeded ? (
        <Button size="sm" onPress={onEnded}>
          {w('close')}
        </Button>
      ) : null}
    </span>
  )
}

/** The same for one import, on the page of the draft it came from. */
export function UndoOf({ importId, onChanged }: { importId: string; onChanged: () => void }) {
  const { data, reload } = useRead(UndoOfImportDocument, { id: importId })
  const changed = () => {
    reload()
    onChanged()
  }
  return data?.pastImport ? <UndoState past={data.pastImport} onChanged={changed} /> : null
}

interface UndoDialogProps {
  importId: string
  onClose: () => void
  onAsked: (jobId: string) => void
}

/** What an undo would meet, why, and the asking; what stands on the import is named. */
function UndoDialog({ importId, onClose, onAsked }: UndoDialogProps) {
  const keyOf = useIdempotencyKey()
  const answer = useRead(UndoOfImportDocument, { id: importId })
  const undo = useCommand(UndoImportDocument, 'undoImport', 'JobAccepted')
  const [reason, setReason] = useState('')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const past = answer.data?.pastImport
  const said = reason.trim()
  const sources = past?.sources.join(', ') ?? ''
  const save = async () => {
    const content = { importId, reason: said }
    const outcome = await undo.run({ input: { ...content, idempotencyKey: keyOf(content) } }, w('undoSentence', { sources }))
    setRefusal(outcome.ok ? null : outcome.refusal)
    if (!outcome.ok) return
    toast(w('undoAsked'))
    onAsked(outcome.value.job.id)
    onClose()
  }
  const can = past?.undo.canUndo ?? false
  return (
    <Dialog
      isOpen
      role="alertdialog"
      onClose={onClose}
      title={past && !can ? w('undoCannot') : w('undoTitle')}
      actions={
        <>
          {can ? (
            <Button look="danger" size="lg" isPending={undo.pending} isDisabled={said === ''} onPress={() => void save()}>
              {w('undoDo')}
            </Button>
          ) : null}
          <Button size="lg" onPress={onClose}>
            {w(can ? 'cancel' : 'close')}
          </Button>
        </>
      }
    >
      <AnswerView value={past} loading={answer.loading} failure={answer.failure} onRetry={answer.reload} skeleton={<SkeletonRows rows={2} />}>
        {(known) =>
          known.undo.canUndo ? (
            <form
              className="grid gap-3"
              onSubmit={(event) => {
                event.preventDefault()
                if (said !== '') void save()
              }}
            >
              {refusal ? <RefusalNote refusal={refusal} /> : null}
              <p className="text-text-2">{w('undoHint', { sources })}</p>
              <TextField label={w('undoReason')} value={reason} onChange={setReason} autoFocus maxLength={1000} />
            </form>
          ) : (
            <div className="grid gap-2">
              {known.undo.blockers.length === 0 ? <p>{known.undo.refusal}</p> : null}
              <ul className="grid gap-2">
                {known.undo.blockers.map((each) => (
                  <li key={each.code} className="flex items-baseline gap-2">
                    <StatusShape is="breach" />
                    {each.message}
                  </li>
                ))}
              </ul>
            </div>
          )
        }
      </AnswerView>
    </Dialog>
  )
}
