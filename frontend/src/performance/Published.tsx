import { useState } from 'react'
import { announce } from '@/data/changes'
import { useRead } from '@/data/hooks'
import { useIdempotencyKey } from '@/data/ledger'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { wordsOfCode } from '@/domain/codes'
import { formatDate, formatInstant } from '@/domain/dates'
import type { PeriodName } from '@/domain/performance'
import { texts } from '@/domain/text'
import { PublishedBesideDocument, PublishedListDocument, PublishFiguresDocument, type PublishedBesideQuery, type PublishedListQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { cx } from '@/ui/cx'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { FormDialog } from '@/ui/FormDialog'
import { SectionHeading } from '@/ui/Heading'
import { MenuChip } from '@/ui/MenuChip'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { periodWord } from '@/ui/performance/words'
import type { Asked } from './explain'
import messages from './published.messages'

const t = texts(messages)

type Listed = PublishedListQuery['publications'][number]
type Beside = NonNullable<PublishedBesideQuery['publication']>
type Step = Beside['steps'][number]
type Writing = Step['writings'][number]

interface PublishedProps {
  asked: Asked
  /** The day that would be published. */
  asOf: string
  mayPublish: boolean
}

/** Of a household or account: each month as it was said, and why it would be said otherwise now. */
export function Published({ asked, asOf, mayPublish }: PublishedProps) {
  const id = asked.scope.householdId ?? asked.scope.accountId ?? null
  if (id === null) return null
  return <PublishedOf key={id} id={id} asked={asked} asOf={asOf} mayPublish={mayPublish} />
}

function PublishedOf({ id, asked, asOf, mayPublish }: PublishedProps & { id: string }) {
  const { locale } = useEnvironment()
  const { data, loading, failure, reload } = useRead(PublishedListDocument, { id })
  const [chosen, setChosen] = useState<string | null>(null)
  const [publishing, setPublishing] = useState(false)
  // Not for everybody who may read returns: where it is refused, the page is complete without it.
  if (failure?.kind === 'forbidden') return null
  const listed = data?.publications ?? []
  const shown = listed.find((each) => each.id === chosen) ?? listed[0]
  const last = listed.find((each) => each.asOf === asOf)?.number ?? 0
  const day = formatDate(locale, asOf)
  return (
    <section aria-label={t('title')} className="min-w-0">
      <SectionHeading
        aside={
          mayPublish ? (
            <Button size="sm" onPress={() => setPublishing(true)}>
              {last ? t('publishAgain', { date: day }) : t('publish', { date: day })}
            </Button>
          ) : null
        }
      >
        {t('title')}
      </SectionHeading>
      <p className="pt-1 text-12 text-text-3">{t('hint')}</p>
      <AnswerView value={data?.publications} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={6} />}>
        {() =>
          shown ? (
            <>
              <div className="pt-3">
                <MenuChip label={t('which')} value={shown.id} active={false} choices={listed.map((each) => ({ value: each.id, label: nameOf(each, locale) }))} onChange={setChosen} />
              </div>
              <One key={shown.id} id={shown.id} />
            </>
          ) : (
            <EmptyState kind="first" title={t('none')}>
              {t('noneHint')}
            </EmptyState>
          )
        }
      </AnswerView>
      {publishing ? (
        <PublishDialog
          asked={asked}
          asOf={asOf}
          last={last}
          onClose={() => setPublishing(false)}
          onDone={() => {
            announce('ledger')
            setChosen(null)
            reload()
          }}
        />
      ) : null}
    </section>
  )
}

function nameOf({ asOf, number }: Listed, locale: string): string {
  return t('choice', { date: formatDate(locale, asOf), number })
}

/** One publication: net by period, then what made the chosen period another. */
function One({ id }: { id: string }) {
  const [period, setPeriod] = useState<PeriodName>('ITD')
  const { data, loading, failure, reload } = useRead(PublishedBesideDocument, { id, period })
  return (
    <AnswerView value={data?.publication} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={8} />}>
      {(publication) => <Told publication={publication} period={period} onPeriod={setPeriod} />}
    </AnswerView>
  )
}

function Told({ publication, period, onPeriod }: { publication: Beside; period: PeriodName; onPeriod: (period: PeriodName) => void }) {
  const { locale, timeZone } = useEnvironment()
  const net = publication.periods.filter((each) => each.basis === 'NET')
  const differs = publication.periods.some((each) => each.differs)
  const about = {
    name: publication.authorName,
    when: formatInstant(locale, publication.publishedAt, timeZone),
    reason: publication.reason,
    version: publication.bookVersion,
    policy: publication.policyVersion,
  }
  return (
    <div className="grid gap-3 pt-2">
      <p className="text-12 text-text-3">{t('by', about)}</p>
      <Table rows={net} currency={publication.currency} chosen={period} onChosen={onPeriod} />
      {differs ? <Steps steps={publication.steps} period={period} currency={publication.currency} /> : <p className="text-text-2">{t('same')}</p>}
    </div>
  )
}

interface TableProps {
  rows: Beside['periods']
  currency: string
  chosen: PeriodName
  onChosen: (period: PeriodName) => void
}

const CELL = 'h-9 pl-4 text-right max-sm:pl-2'

function Table({ rows, currency, chosen, onChosen }: TableProps) {
  return (
    <div className="min-w-0 overflow-x-auto">
      <table className="w-full text-14 max-sm:text-12">
        <caption className="sr-only">{t('table')}</caption>
        <thead className="text-12 text-text-2">
          <tr className="border-b border-line-strong">
            <th scope="col" className="h-9 text-left font-medium">
              {t('period')}
            </th>
            {(['published', 'now', 'difference'] as const).map((head) => (
              <th key={head} scope="col" className="h-9 pl-4 text-right font-medium max-sm:pl-2">
                {t(head)}
              </th>
            ))}
            {(['gain', 'gainNow'] as const).map((head) => (
              <th key={head} scope="col" className="h-9 pl-4 text-right font-medium max-sm:hidden">
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const word = periodWord(row.kind)
            return (
              <tr key={row.kind} className={cx('border-t border-line first:border-t-0', row.kind === chosen && 'bg-accent-soft')} data-period={row.kind}>
                <th scope="row" className="h-9 text-left font-medium">
                  <button type="button" aria-pressed={row.kind === chosen} className="hover:underline" onClick={() => onChosen(row.kind)}>
                    {word}
                  </button>
                </th>
                <td className={cx(CELL, 'font-semibold')}>
                  <Figure kind="percent" sign="always" value={row.published} name={`${word}, ${t('published')}`} reasons={row.publishedReason ? [row.publishedReason] : []} />
                </td>
                <td className={CELL}>
                  <Figure kind="percent" sign="always" value={row.now} name={`${word}, ${t('now')}`} reasons={row.nowReason ? [row.nowReason] : []} />
                </td>
                <td className={CELL}>
                  {row.differs ? <Figure kind="percent" sign="always" tone="gain" digits={4} value={row.difference} name={`${word}, ${t('difference')}`} absent={t('absent')} /> : null}
                </td>
                <td className={cx(CELL, 'text-text-2 max-sm:hidden')}>
                  <Figure kind="money" value={row.publishedGain} currency={currency} name={`${word}, ${t('gain')}`} reasons={row.publishedReason ? [row.publishedReason] : []} />
                </td>
                <td className={cx(CELL, 'text-text-2 max-sm:hidden')}>
                  <Figure kind="money" value={row.nowGain} currency={currency} name={`${word}, ${t('gainNow')}`} reasons={row.nowReason ? [row.nowReason] : []} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function Steps({ steps, period, currency }: { steps: readonly Step[]; period: PeriodName; currency: string }) {
  if (steps.length === 0) return null
  const word = periodWord(period)
  return (
    <section aria-label={t('steps', { period: word })}>
      <h3 className="text-14 font-semibold">{t('steps', { period: word })}</h3>
      <ol className="grid gap-2 pt-2">
        {steps.map((step, at) => (
          <li key={step.writings[0]?.bookVersion ?? `step-${at}`} className="border-t border-line pt-2 first:border-t-0 first:pt-0">
            <Wrote step={step} />
            <p className="flex flex-wrap gap-x-4 text-12 text-text-2">
              <span>
                <Figure kind="percent" sign="always" digits={4} value={step.before} name={t('published')} absent={t('absent')} /> {'→'}{' '}
                <Figure kind="percent" sign="always" digits={4} value={step.after} name={t('now')} absent={t('absent')} />
              </span>
              <span>
                <Figure kind="money" value={step.gainBefore} currency={currency} name={t('gain')} absent={t('absent')} /> {'→'}{' '}
                <Figure kind="money" value={step.gainAfter} currency={currency} name={t('gainNow')} absent={t('absent')} />
              </span>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Wrote({ step }: { step: Step }) {
  const { locale, timeZone } = useEnvironment()
  const [last] = step.writings.slice(-1)
  const cause = step.cause === 'WRITINGS' ? null : t(`cause_${step.cause}`)
  if (!last) return <p>{cause}</p>
  return (
    <p>
      {cause === null ? null : `${cause}. `}
      {t('wrote', { kind: wordsOfCode(last.kind.toUpperCase()), name: last.authorName ?? t('system'), when: formatInstant(locale, last.recordedAt, timeZone), what: whatOf(last, locale) })}
      {step.writings.length > 1 ? ` ${t('more', { count: step.writings.length - 1 })}` : null}
    </p>
  )
}

function whatOf(one: Writing, locale: string): string {
  const counts = (['entries', 'prices', 'rates', 'memberships', 'policies', 'actions', 'terms'] as const).filter((name) => one[name] > 0).map((name) => t(`what_${name}`, { count: one[name] }))
  return [...counts, ...(one.firstDay ? [t('since', { date: formatDate(locale, one.firstDay) })] : [])].join(', ')
}

interface DialogProps {
  asked: Asked
  asOf: string
  last: number
  onClose: () => void
  onDone: () => void
}

function PublishDialog({ asked, asOf, last, onClose, onDone }: DialogProps) {
  const { locale } = useEnvironment()
  const command = useCommand(PublishFiguresDocument, 'publishFigures', 'PublishFiguresSuccess')
  const keyOf = useIdempotencyKey()
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const date = formatDate(locale, asOf)

  const send = async () => {
    setTouched(true)
    if (reason.trim() === '') return
    const content = { scope: asked.scope, asOf, reason: reason.trim(), expectedNumber: last }
    const answer = await command.run({ input: { ...content, idempotencyKey: keyOf(content) } }, t('sentence', { date }))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(t('done'))
    onClose()
    onDone()
  }

  return (
    <FormDialog title={t('publishTitle', { date })} send={t('send')} pending={command.pending} onSend={send} onClose={onClose}>
      {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
      <p className="text-text-2">{t('publishHint')}</p>
      <TextField label={t('reason')} value={reason} onChange={setReason} error={touched && reason.trim() === '' ? t('reasonRequired') : problemAt(refusal, 'reason')} />
    </FormDialog>
  )
}
