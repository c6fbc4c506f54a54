import { lazy, Suspense } from 'react'
import { Link, useNavigate } from '@tanstack/react-router'
import { PathLink } from '@/ui/PathLink'
import { useLive, useMay, useRead } from '@/data'
import { useCoalesced } from '@/data/coalesce'
import { formatDate } from '@/domain/dates'
import { AwaitingMeDocument, HomeDocument, WorkQueueChangedDocument, type HomeQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { FilterChip } from '@/ui/Chip'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { SEVERITY_STATUS } from '@/ui/Findings'
import { PageHeading, SectionHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { QualityNote } from '@/ui/QualityNote'
import { QueueRow } from '@/ui/QueueRow'
import { EmptyState, Skeleton, SkeletonRows } from '@/ui/States'
import { ageWords } from '@/ui/words'
import { usePageTitle } from '@/ui/title'
import { Awaiting, QUEUE_ROWS, QUEUE_SPACE } from './Awaiting'
import { homeRoute } from './routes'
import { groupPath, scopeOf, SCOPES, type Scope } from './search'
import { t } from './words'

// Below what needs a decision, so it may come after it.
const AssetsCourse = lazy(() => import('./AssetsCourse').then((m) => ({ default: m.AssetsCourse })))

const SCOPE_WORDS = { MINE: 'mine', TEAM: 'team', FIRM: 'firm' } as const
const FOLLOW = {}
const NOTHING = {}

/** What needs somebody, then what the firm holds. */
export function HomePage() {
  const scope = scopeOf(homeRoute.useSearch())
  const home = useRead(HomeDocument, { scope })
  const { reload } = home
  const signs = useMay('approvals.read')
  const awaiting = useRead(AwaitingMeDocument, NOTHING, { pause: !signs })
  const refresh = useCoalesced(() => {
    reload()
    if (signs) awaiting.reload()
  })
  // An event carries ids only; what this person may see is read again.
  useLive(WorkQueueChangedDocument, FOLLOW, { event: (data) => data.workQueueChanged, onEvent: refresh, onResync: refresh })
  usePageTitle(t('title'))
  return (
    <Page>
      <HomeHeading summary={home.data?.workSummary} businessDate={home.data?.firm.businessDate ?? null} scope={scope} />
      <div className="mt-6 grid gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_344px]">
        <section aria-label={t('queue')}>
          <SectionHeading aside={<span className="block w-[232px] max-sm:hidden">{t('oldestHead')}</span>}>{t('queue')}</SectionHeading>
          <div className={QUEUE_SPACE}>
            <AnswerView value={home.data?.workSummary} loading={home.loading} failure={home.failure} onRetry={reload} skeleton={<SkeletonRows rows={QUEUE_ROWS} />} forbidden={t('forbiddenWork')}>
              {(summary) => <Queue summary={summary} scope={scope} />}
            </AnswerView>
          </div>
        </section>
        <Awaiting signs={signs} answer={awaiting} />
      </div>
      <section aria-label={t('assetsHeading')} className="mt-8">
        {/* How long the queue is comes with the same answer: an outline under it would be pushed down. */}
        <AnswerView value={home.data?.firm} loading={home.loading} failure={home.failure} onRetry={reload} skeleton={<span />}>
          {(firm) => <Assets firm={firm} />}
        </AnswerView>
      </section>
    </Page>
  )
}

function HomeHeading({ summary, businessDate, scope }: { summary: HomeQuery['workSummary'] | undefined; businessDate: string | null; scope: Scope }) {
  const { locale, now, businessDate: known } = useEnvironment()
  const navigate = useNavigate()
  const date = businessDate ?? known
  return (
    <PageHeading
      sub={
        summary ? (
          <>
            {t('sentence', { open: summary.openCount, needs: summary.needsYou })} {summary.oldestAt ? t('oldest', { age: ageWords(summary.oldestAt, now()) }) : null}
          </>
        ) : (
          <Skeleton className="mt-1 w-80 max-w-full" />
        )
      }
      actions={
        <div role="group" aria-label={t('scope')} className="flex gap-2">
          {SCOPES.map((each) => (
            <FilterChip
              key={each}
              isSelected={each === scope}
              onChange={() => void navigate({ to: '/', search: each === 'FIRM' ? {} : { scope: each.toLowerCase() as Lowercase<Scope> } })}
            >
              {t(SCOPE_WORDS[each])}
            </FilterChip>
          ))}
        </div>
      }
    >
      {date ? formatDate(locale, date, 'weekday') : t('title')}
    </PageHeading>
  )
}

function Queue({ summary, scope }: { summary: HomeQuery['workSummary']; scope: Scope }) {
  if (summary.groups.length === 0) {
    return (
      <EmptyState
        kind={scope === 'FIRM' ? 'first' : 'none'}
        title={t('queueEmpty')}
        action={
          scope === 'FIRM' ? null : (
            <Link to="/" search={{}} className="font-medium text-accent hover:underline">
              {t('seeFirm')}
            </Link>
          )
        }
      >
        {scope === 'FIRM' ? t('queueEmptyFirm') : t('queueEmptyMine')}
      </EmptyState>
    )
  }
  return (
    <ul>
      {summary.groups.map((group) => (
        <QueueRow
          key={group.kind}
          count={group.count}
          name={group.label}
          detail={group.detail}
          status={group.severity === 'INFO' ? 'waiting' : SEVERITY_STATUS[group.severity]}
          oldestAt={group.oldestAt ?? null}
          action={<GroupAction group={group} />}
        />
      ))}
    </ul>
  )
}

function GroupAction({ group }: { group: HomeQuery['workSummary']['groups'][number] }) {
  const { path, isAll } = groupPath(group)
  const word = isAll ? t('seeAll') : group.actionLabel
  return (
    <PathLink to={path} label={`${word}: ${group.label}`} className="hover:underline">
      {word}
    </PathLink>
  )
}

function Assets({ firm }: { firm: HomeQuery['firm'] }) {
  const { locale } = useEnvironment()
  const seesBook = useMay('households.read')
  const { totalValue } = firm
  return (
    <>
      <SectionHeading aside={t('asOfLine', { date: formatDate(locale, totalValue.asOf), basis: totalValue.basis, source: totalValue.source })}>{t('assetsHeading')}</SectionHeading>
      <div className="grid gap-x-10 gap-y-6 pt-4 lg:grid-cols-[max-content_minmax(0,1fr)]">
        <div className="flex flex-wrap content-start gap-x-12 gap-y-5 lg:grid">
          <FigureBlock label={t('assets')} size="lg">
            <MoneyFigure figure={totalValue} name={t('assets')} />
          </FigureBlock>
          <FigureBlock label={t('households')} size="lg" sub={t('inBook')}>
            {seesBook ? (
              <Link to="/book" className="hover:text-accent">
                <Figure kind="count" value={String(firm.householdCount)} />
              </Link>
            ) : (
              <Figure kind="count" value={String(firm.householdCount)} />
            )}
          </FigureBlock>
          <FigureBlock label={t('accounts')} size="lg" sub={t('inBook')}>
            <Figure kind="count" value={String(firm.accountCount)} />
          </FigureBlock>
        </div>
        <div className="min-h-[284px] min-w-0">
          <Suspense fallback={<Skeleton className="h-full w-full" />}>
            <AssetsCourse currency={totalValue.currency} />
          </Suspense>
        </div>
      </div>
      <QualityNote figure={totalValue} className="mt-3" />
    </>
  )
}
