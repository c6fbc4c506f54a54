import { lazy, Suspense, useMemo, type ReactNode } from 'react'
import { useFirm } from '@/data/context'
import { useRead } from '@/data/hooks'
import { formatDate } from '@/domain/dates'
import { formatMoneyTick } from '@/domain/format'
import { PortalCourseDocument, type PortalCourseQuery, type PortalHomeQuery } from '@/generated/graphql'
import { LiveChange, LiveMoney } from '@/live/LiveFigure'
import { LiveNote } from '@/live/LiveNote'
import { useWatch } from '@/live/use'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { QualityNote } from '@/ui/QualityNote'
import { Skeleton } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { CapacityChoice, type Access } from './Capacity'
import { NeedsYou } from './Needs'
import { AccountGroups } from './groups'
import { t } from './words'

// What stands below the first view, and what most people never see, come by themselves.
const LineChart = lazy(() => import('@/ui/Chart').then((m) => ({ default: m.LineChart })))
const Latest = lazy(() => import('./moves').then((m) => ({ default: m.Latest })))
const NothingShared = lazy(() => import('./Nothing').then((m) => ({ default: m.NothingShared })))

export type Viewer = PortalHomeQuery['viewer']
export type Worth = NonNullable<Viewer['worth']>

interface HomeProps {
  viewer: Viewer
  capacity: string | null
  onGap: () => void
}

/** Net worth first, how it came there, what waits, then the accounts it is made of and what happened last. */
export function Home({ viewer, capacity, onGap }: HomeProps) {
  usePageTitle(t('title'))
  const worth = viewer.worth
  const empty = !worth || (worth.accounts.length === 0 && worth.debts.length === 0)
  return (
    <>
      <h1 className="sr-only">{t('title')}</h1>
      <CapacityChoice accesses={viewer.accesses} chosen={capacity} path="/" />
      {empty ? (
        <Suspense fallback={<HomeOutline />}>
          <NothingShared viewer={viewer} />
          <NeedsYou viewer={viewer} />
        </Suspense>
      ) : (
        <HomeOf viewer={viewer} worth={worth} capacity={capacity} onGap={onGap} />
      )}
    </>
  )
}

function HomeOf({ viewer, worth, capacity, onGap }: HomeProps & { worth: Worth }) {
  const firm = useFirm()
  const ids = useMemo(() => [worth.id, ...worth.accounts.slice(0, 40).map((account) => account.id)], [worth])
  useWatch(ids, onGap)
  const access = viewer.accesses.find((each) => each.id === capacity)
  const filter = useMemo(() => latestOf(access, capacity), [access, capacity])
  const course = useRead(PortalCourseDocument, { grantId: capacity, latest: filter ?? null })
  const ownId = viewer.party?.id ?? null
  return (
    <div className="grid gap-x-12 min-[900px]:grid-cols-[minmax(0,1fr)_360px] min-[900px]:items-start">
      <div className="min-w-0">
        <Hero worth={worth} viewer={viewer} course={course.data} access={access} />
        <Course currency={worth.currency} data={course.data} loading={course.loading} />
      </div>
      <div className="min-w-0 min-[900px]:row-span-2 min-[900px]:-mt-8">
        <NeedsYou viewer={viewer} />
        <Suspense fallback={null}>
          <Latest of={filter === undefined ? undefined : course.data} className="pt-8 max-[899px]:hidden" />
        </Suspense>
      </div>
      <div className="min-w-0">
        <AccountGroups worth={worth} ownId={ownId} className="pt-8" />
        <Suspense fallback={null}>
          <Latest of={filter === undefined ? undefined : course.data} className="pt-8 min-[900px]:hidden" />
        </Suspense>
        <p className="pt-6 text-14 text-text-3">{t('questions', { email: firm.support.email })}</p>
      </div>
    </div>
  )
}

/** Undefined where the movements of a capacity cannot be told apart from the others. */
export function latestOf(access: Access | undefined, capacity: string | null): { householdId?: string; accountId?: string } | null | undefined {
  if (capacity === null) return null
  if (access?.subject?.kind === 'household') return { householdId: access.subject.id }
  if (access?.subject?.kind === 'account') return { accountId: access.subject.id }
  return undefined
}

/** Whether what is shown is the person's own, so that it may be called net worth. */
function isOwn(access: Access | undefined, viewer: Viewer): boolean {
  if (access) return access.relationship === 'SELF'
  const open = viewer.accesses.filter((each) => each.state === 'IN_FORCE')
  return open.length > 0 && open.every((each) => each.relationship === 'SELF')
}

/** 44 px to touch, on the line of the figures beside it. */
const TOUCHED = '-my-2.5 inline-flex min-h-11 min-w-11 items-center'

function Hero({ worth, viewer, course, access }: { worth: Worth; viewer: Viewer; course: PortalCourseQuery | undefined; access: Access | undefined }) {
  const { locale } = useEnvironment()
  const label = t(isOwn(access, viewer) ? 'netWorth' : 'valueTogether')
  const hasDebts = worth.debts.length > 0
  // What is shown in another capacity is not made of one's own.
  const own = !access || access.relationship === 'SELF' ? viewer.party?.netWorth : undefined
  return (
    <>
      <FigureBlock label={<span className="text-14">{label}</span>} size="hero">
        <LiveMoney id={worth.id} part="netWorth" figure={{ ...worth.netWorth, explain: null }} name={label} />
      </FigureBlock>
      <p className="text-14 text-text-3">
        {t('atClose', { date: formatDate(locale, worth.asOf) })} <MoneyFigure figure={worth.netWorth} name={label} className="inline-flex min-h-11 min-w-11 items-center text-text-2" />
      </p>
      <p className="-mt-2 min-h-6 text-14 text-text-2">
        <LiveChange id={worth.id}>{(change) => <WithChange change={change} />}</LiveChange>
      </p>
      <LiveNote className="text-14 text-text-2" />
      {worth.netWorth.quality === 'COMPLETE' ? null : <QualityNote figure={worth.netWorth} className="mt-3 text-14" />}
      <div className="mt-4 grid grid-cols-2 gap-x-6 gap-y-3 border-y border-line-strong py-3 min-[900px]:flex min-[900px]:flex-wrap min-[900px]:gap-x-8">
        {hasDebts ? (
          <>
            <FigureBlock label={<span className="text-14">{t('youHave')}</span>} size="sm" secondary>
              <LiveMoney id={worth.id} figure={{ ...worth.assets, explain: null }} name={t('youHave')} />
            </FigureBlock>
            <FigureBlock label={<span className="text-14">{t('youOwe')}</span>} size="sm" secondary>
              <MoneyFigure figure={worth.liabilities} name={t('youOwe')} className={TOUCHED} />
            </FigureBlock>
          </>
        ) : null}
        {own && own.value !== null && own.value !== worth.netWorth.value ? (
          <FigureBlock label={<span className="text-14">{t('ownPart')}</span>} size="sm" secondary className="max-[899px]:col-span-2">
            <MoneyFigure figure={own} name={t('ownPart')} className={TOUCHED} />
          </FigureBlock>
        ) : null}
        <Changes course={course} currency={worth.currency} />
      </div>
    </>
  )
}

export function WithChange({ change }: { change: ReactNode }) {
  const [before, after] = t('changeClose', { change: '\u0000' }).split('\u0000')
  return (
    <>
      {before}
      {change}
      {after}
    </>
  )
}

/** Since the close before, and in this month; the server's own differences. */
function Changes({ course, currency }: { course: PortalCourseQuery | undefined; currency: string }) {
  const { locale } = useEnvironment()
  const changes = course?.viewer.worth?.changes
  if (!changes) {
    return (
      <>
        <Skeleton className="h-11 w-28" />
        <Skeleton className="h-11 w-28" />
      </>
    )
  }
  return changes.map(({ since, date, amount, part }) => (
      <FigureBlock
        key={since}
        size="sm"
        secondary
        label={<span className="text-14">{t('changeDay', { date: formatDate(locale, date, 'short') })}</span>}
      >
        <span title={t('changeHint')}>
          <Figure kind="money" value={amount} currency={currency} sign="always" tone="gain" absent={t('notKnown')} />{' '}
          {part === null ? null : <Figure kind="percent" value={part} sign="always" tone="gain" className="text-14" />}
        </span>
      </FigureBlock>
    ))
}

/** As high as the chart with its readout, so that nothing moves when it comes. */
const CHART_SPACE = 'min-h-[222px] pt-4'

/** The course of the accounts, read beside the figures: those never wait for it. */
function Course({ currency, data, loading }: { currency: string; data: PortalCourseQuery | undefined; loading: boolean }) {
  const { locale } = useEnvironment()
  const points = data?.viewer.worth?.history ?? []
  if (!loading && points.filter((point) => point.value !== null).length < 2) return null
  return (
    <div className={CHART_SPACE}>
      <Suspense fallback={<ChartOutline />}>
        {data ? (
          <LineChart
            label={t('courseLabel')}
            kind="money"
            currency={currency}
            axis="right"
            height={140}
            axisText={(value, step) => formatMoneyTick(locale, value, step, currency)}
            series={[{ id: 'value', name: t('courseName'), role: 'own', points: points.map(({ date, value }) => ({ date, value })) }]}
          />
        ) : (
          <ChartOutline />
        )}
      </Suspense>
    </div>
  )
}

function ChartOutline() {
  return (
    <div role="status" className="grid gap-3 pt-3">
      <Skeleton className="w-32" />
      <Skeleton className="h-36" />
    </div>
  )
}

export function HomeOutline() {
  return (
    <div role="status" className="grid gap-3">
      <span className="sr-only">{t('loading')}</span>
      <Skeleton className="w-24" />
      <Skeleton className="h-9 w-56" />
      <Skeleton className="mt-3 h-36" />
    </div>
  )
}
