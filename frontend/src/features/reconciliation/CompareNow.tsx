import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useLive, useMay, useRead, useViewer } from '@/data'
import { announce } from '@/data/changes'
import { useIdempotencyKey } from '@/data/ledger'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { ComparisonJobDocument, ComparisonProgressDocument, ReconcileNowDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Progress } from '@/ui/Progress'
import { RefusalNote } from '@/ui/RefusalNote'
import { StatusShape } from '@/ui/Status'
import { t } from './words'

const isOver = (state: string) => state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED'

/** Asks for a comparison of everything and follows it in place. */
export function CompareNow() {
  const may = useMay('reconciliation.work')
  const { scope } = useViewer()
  const command = useCommand(ReconcileNowDocument, 'reconcileNow', 'JobAccepted')
  const keyOf = useIdempotencyKey()
  const [times, setTimes] = useState(0)
  const [job, setJob] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  if (!may || scope !== 'FIRM') return null

  const ask = async () => {
    const answer = await command.run({ input: { idempotencyKey: keyOf({ times }) } }, t('compareSentence'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    setJob(answer.value.job.id)
    setTimes(times + 1)
  }

  return (
    <div className="flex flex-wrap items-center justify-end gap-3">
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      {job ? <Followed key={job} id={job} /> : null}
      <Button isPending={command.pending} onPress={() => void ask()}>
        {t('compareNow')}
      </Button>
    </div>
  )
}

function Followed({ id }: { id: string }) {
  const { data, reload } = useRead(ComparisonJobDocument, { id })
  const [live, setLive] = useState<{ state: string; done: string; total: string | null; error: string | null } | null>(null)
  const read = data?.job
  const running = read !== undefined && read !== null && !isOver(read.state)
  const variables = useMemo(() => (running ? { jobId: id } : null), [running, id])
  useLive(ComparisonProgressDocument, variables, {
    event: (answer) => answer.jobProgress,
    onResync: reload,
    onEvent: ({ jobProgress }) => {
      if (!jobProgress.job) return
      setLive(jobProgress.job)
      if (!isOver(jobProgress.job.state)) return
      announce('reconciliation')
      reload()
    },
  })
  const job = read && live && running ? { ...read, ...live } : read
  if (!job) return null
  return (
    <div role="status" className="flex min-w-40 items-center gap-3 text-12 text-text-2">
      {isOver(job.state) ? (
        <span className="inline-flex items-center gap-1.5">
          <StatusShape is={job.state === 'SUCCEEDED' ? 'fine' : 'breach'} />
          {t(job.state === 'SUCCEEDED' ? 'compareDone' : 'compareFailed')}
        </span>
      ) : (
        <span className="grid min-w-40 gap-1">
          {t(job.state === 'QUEUED' ? 'compareQueued' : 'comparing')}
          <Progress label={t('compareProgress')} done={job.done} total={job.total} />
        </span>
      )}
      <Link to="/jobs/$id" params={{ id }} className="font-medium text-accent hover:underline">
        {t('openJob')}
      </Link>
    </div>
  )
}
