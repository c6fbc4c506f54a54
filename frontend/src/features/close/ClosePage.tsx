import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useRead } from '@/data/hooks'
import { useIdempotencyKey } from '@/data/ledger'
import { useCommand } from '@/data/useCommand'
import { formatDate, formatInstant } from '@/domain/dates'
import { CloseListDocument, RunCloseDocument, type CloseDayFragment, type CloseListQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Banner } from '@/ui/Banner'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { StageRail, type Stage } from '@/ui/StageRail'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status, type StatusKind } from '@/ui/Status'
import { toast } from '@/ui/Toast'
import { usePageTitle } from '@/ui/title'
import { CLOSES } from './routes'
import { countWords, t, tookWords } from './words'

const FOLLOWED_MS = 2_000
const MOST = 100
const SHAPES: Record<CloseDayFragment['state'], StatusKind> = { WAITING: 'waiting', RUNNING: 'progress', DONE: 'fine', FAILED: 'breach' }

/** Each night's close: where it stands, what it found, and why it stopped. */
export function ClosePage() {
  const [first, setFirst] = useState(CLOSES)
  const { data, loading, failure, reload } = useRead(CloseListDocument, { first, before: null })
  usePageTitle(t('title'))
  const runs = data?.closes.days.some(({ state, job }) => state === 'RUNNING' || job?.state === 'QUEUED' || job?.state === 'RUNNING') ?? false
  useFollowed(runs, reload)
  if (failure?.kind === 'forbidden') {
    return (
      <Page>
        <PageHeading sub={t('sub')}>{t('title')}</PageHeading>
        <EmptyState kind="forbidden" title={t('forbidden')}>
          {failure.message}
        </EmptyState>
      </Page>
    )
  }
  return (
    <Page>
      <PageHeading sub={t('sub')} actions={data?.closes.viewerCan.includes('RUN_CLOSE') ? <RunAgain closes={data.closes} runs={runs} onStarted={reload} /> : null}>
        {t('title')}
      </PageHeading>
      <AnswerView value={data?.closes} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={8} />}>
        {(closes) =>
          closes.days.length === 0 ? (
            <EmptyState kind="first" title={t('none')}>
              {t('noneHint')}
            </EmptyState>
          ) : (
            <div className="grid gap-8 pt-4">
              {closes.days.map((day) => (
                <Day key={day.day} close={day} />
              ))}
              {closes.hasNext && first < MOST ? (
                <p>
                  <Button onPress={() => setFirst((before) => Math.min(before * 2, MOST))}>{t('more')}</Button>
                </p>
              ) : null}
            </div>
          )
        }
      </AnswerView>
    </Page>
  )
}

/** While a close runs the page follows it. */
function useFollowed(runs: boolean, reload: () => void) {
  useEffect(() => {
    if (!runs) return undefined
    const timer = setInterval(reload, FOLLOWED_MS)
    return () => clearInterval(timer)
  }, [runs, reload])
}

function RunAgain({ closes, runs, onStarted }: { closes: CloseListQuery['closes']; runs: boolean; onStarted: () => void }) {
  const { locale } = useEnvironment()
  const command = useCommand(RunCloseDocument, 'runClose', 'RunCloseSuccess')
  const keyOf = useIdempotencyKey()
  const [asked, setAsked] = useState(0)
  const date = formatDate(locale, closes.businessDate)
  const isFirst = !closes.days.some(({ day }) => day === closes.businessDate)
  const run = async () => {
    const answer = await command.run({ input: { idempotencyKey: keyOf({ day: closes.businessDate, asked }) } }, t('runSentence', { date }))
    if (!answer.ok) {
      if (answer.refusal) toast(answer.refusal.message, { status: 'breach' })
      return
    }
    setAsked((before) => before + 1)
    toast(t('started'))
    onStarted()
  }
  return (
    <Button isDisabled={runs} isPending={command.pending} onPress={() => void run()}>
      {isFirst ? t('runFirst', { date }) : t('run', { date })}
    </Button>
  )
}

function Day({ close }: { close: CloseDayFragment }) {
  const { locale, timeZone } = useEnvironment()
  const date = formatDate(locale, close.day)
  const failed = close.stages.find(({ state }) => state === 'FAILED')
  const ended = close.stages.at(-1)?.finishedAt
  return (
    <section aria-label={date} className="grid gap-3 border-t border-line-strong pt-3">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h2 className="text-16 font-semibold">{date}</h2>
        <Status is={SHAPES[close.state]}>{t(close.state)}</Status>
        {close.state === 'DONE' && ended ? <span className="text-12 text-text-3">{formatInstant(locale, ended, timeZone)}</span> : null}
        {close.job ? (
          <Link to="/jobs/$id" params={{ id: close.job.id }} className="text-12 text-accent hover:underline">
            {t('job')}
          </Link>
        ) : null}
      </div>
      {failed?.problem ? <Banner status="breach">{`${t(failed.stage)}: ${failed.problem}`}</Banner> : null}
      <StageRail label={t('stages', { date })} stages={close.stages.map((stage) => railOf(stage, close, locale))} />
    </section>
  )
}

function railOf(stage: CloseDayFragment['stages'][number], close: CloseDayFragment, locale: string): Stage {
  const { job } = close
  const progress = stage.state === 'RUNNING' && job?.total ? [t('progress', { done: job.done, total: job.total })] : []
  const facts = [
    ...progress,
    ...countWords(stage.counts, locale),
    ...(stage.seconds === null ? [] : [tookWords(stage.seconds)]),
    ...(stage.attempts > 1 ? [t('attempts', { count: stage.attempts })] : []),
  ]
  return {
    id: stage.stage,
    name: t(stage.stage),
    state: stage.state === 'DONE' ? 'done' : stage.state === 'WAITING' ? 'ahead' : 'current',
    fact: facts.length === 0 ? null : facts.map((fact) => <div key={fact}>{fact}</div>),
  }
}
