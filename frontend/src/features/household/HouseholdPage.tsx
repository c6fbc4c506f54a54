import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useMay, useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { tabSearch } from '@/domain/asOf'
import { formatDate } from '@/domain/dates'
import { difference } from '@/domain/decimal'
import { formatMoney } from '@/domain/format'
import { can } from '@/domain/permissions'
import { TagLine } from '@/desk/TagLine'
import { HouseholdDocument, type HouseholdQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { AsOfPicker } from '@/ui/AsOfPicker'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, Figure, MoneyFigure } from '@/ui/Figure'
import { KycBadge, RiskBadge } from '@/ui/party/Badges'
import { partyWord } from '@/ui/party/words'
import { usePreferences } from '@/ui/preferences'
import { LiveLine } from '@/live/LiveLine'
import { QualityNote } from '@/ui/QualityNote'
import { Sparkline } from '@/ui/Sparkline'
import { Skeleton, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { TabNav } from '@/ui/Tabs'
import { usePageTitle } from '@/ui/title'
import { HouseholdActions } from './HouseholdActions'
import { householdRoute } from './routes'
import { t } from './words'

export type Household = NonNullable<HouseholdQuery['household']>

const CRUMBS = [{ label: t('book'), to: '/book' }]
const TABS = [
  { id: 'overview', word: 'tabOverview', end: '' },
  { id: 'balance', word: 'tabBalance', end: '/balance-sheet' },
  { id: 'ownership', word: 'tabOwnership', end: '/ownership' },
  { id: 'performance', word: 'tabPerformance', end: '/performance' },
  { id: 'holdings', word: 'tabHoldings', end: '/holdings' },
  { id: 'lots', word: 'tabLots', end: '/lots' },
  { id: 'activity', word: 'tabActivity', end: '/activity' },
  { id: 'timeline', word: 'tabTimeline', end: '/timeline' },
  { id: 'onboarding', word: 'tabOnboarding', end: '/onboarding' },
  { id: 'access', word: 'tabAccess', end: '/access' },
] as const
const PATHS = {
  overview: '/households/$id',
  balance: '/households/$id/balance-sheet',
  ownership: '/households/$id/ownership',
  performance: '/households/$id/performance',
  holdings: '/households/$id/holdings',
  lots: '/households/$id/lots',
  activity: '/households/$id/activity',
  onboarding: '/households/$id/onboarding',
  access: '/households/$id/access',
  timeline: '/households/$id/timeline',
} as const

/** The head of a household and its tabs; every tab shows the same day. */
export function HouseholdPage() {
  const { id } = householdRoute.useParams()
  const { asOf } = householdRoute.useSearch()
  const { data, loading, failure, reload } = useRead(HouseholdDocument, { id, asOf: asOf ?? null })
  useBookChanged(reload)
  usePageTitle(data?.household?.name ?? t('household'), CRUMBS)
  return (
    <AnswerView
      value={data?.household}
      loading={loading}
      failure={failure}
      onRetry={reload}
      isPage
      skeleton={<HeadOutline />}
      forbidden={t('forbidden')}
      missing={{
        title: t('missing'),
        hint: t('missingHint'),
        action: (
          <Link to="/book" search={{}} className="font-medium text-accent hover:underline">
            {t('missingAction')}
          </Link>
        ),
      }}
    >
      {(household) => (
        <>
          <HouseholdHead household={household} people={data?.parties.edges.map(({ node }) => node) ?? []} onChanged={reload} />
          <HouseholdTabs id={id} asOf={asOf} />
          <div className="min-w-0 px-8 py-5 max-sm:px-4">
            {household.marketValue.quality === 'COMPLETE' ? null : <QualityNote figure={household.marketValue} className="mb-4" />}
            <Outlet />
          </div>
        </>
      )}
    </AnswerView>
  )
}

function HeadOutline() {
  return (
    <div className="px-8 pt-4 max-sm:px-4">
      <Skeleton className="h-7 w-64" />
      <Skeleton className="mt-2 w-96 max-w-full" />
      <SkeletonRows rows={8} className="mt-10" />
    </div>
  )
}

type Person = HouseholdQuery['parties']['edges'][number]['node']

function HouseholdHead({ household, people, onChanged }: { household: Household; people: readonly Person[]; onChanged: () => void }) {
  const { locale, businessDate } = useEnvironment()
  const { marketValue } = household
  // On a phone the first tab alone says it all: on the others the page begins with what was asked for.
  const isBrief = useLocation({ select: ({ pathname }) => pathname.split('/').length > 3 })
  return (
    <header data-brief={isBrief || undefined} className="group flex flex-wrap items-start justify-between gap-x-8 gap-y-3 px-8 pt-4 pb-1 max-sm:px-4">
      <div className="min-w-0 flex-1 basis-80">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-20 font-semibold display" tabIndex={-1} data-page-title="">
            {household.name}
          </h1>
          <MemberBadges household={household} people={people} />
          <HouseholdActions household={household} onChanged={onChanged} />
        </div>
        <div className="max-sm:group-data-brief:hidden">
          <Members household={household} />
          <p className="flex flex-wrap gap-x-3 text-12 text-text-2">
            <span>{t('factsLine', { accounts: household.accountCount })}</span>
            {household.advisorName ? <span>{t('advisor', { name: household.advisorName })}</span> : null}
            {household.openedOn ? <span>{t('since', { date: formatDate(locale, household.openedOn) })}</span> : null}
            <span>
              {t('reference')} <span className="identifier">{household.externalId}</span>
            </span>
          </p>
          <TagLine subjectId={household.id} name={household.name} tags={household.tags} mayTag={can(household, 'TAG')} onChanged={onChanged} />
        </div>
      </div>
      <div className="flex items-center gap-5 max-sm:w-full max-sm:flex-row-reverse max-sm:items-start max-sm:justify-between">
        <Trend household={household} />
        <div className="text-right max-sm:min-w-0 max-sm:flex-1 max-sm:text-left">
          <div className="text-20 font-semibold display">
            <MoneyFigure figure={marketValue} name={t('value')} />
          </div>
          <div className="max-sm:group-data-brief:hidden">
            <Change household={household} />
            <BasisLine figure={marketValue} />
          </div>
          {household.asOf === businessDate ? <LiveLine id={household.id} figure={marketValue} onGap={onChanged} /> : null}
        </div>
      </div>
    </header>
  )
}

/** Who belongs to it, the head first, each a door to the person. */
function Members({ household }: { household: Household }) {
  const { asOf } = householdRoute.useSearch()
  if (household.members.length === 0) return null
  return (
    <ul aria-label={t('members')} className="flex flex-wrap gap-x-3 text-12">
      {household.members.map(({ role, party }) => (
        <li key={party.id}>
          <Link to="/parties/$id" params={{ id: party.id }} search={asOf ? { asOf } : {}} className="text-accent hover:underline">
            {party.name}
          </Link>{' '}
          <span className="text-text-3">{partyWord('member', role)}</span>
        </li>
      ))}
    </ul>
  )
}

/** The worst of its members' identities, the risk that was agreed, and that it left. */
function MemberBadges({ household, people }: { household: Household; people: readonly Person[] }) {
  const { locale } = useEnvironment()
  const overdue = people.find((party) => party.kycRefreshDue !== null && party.kycRefreshDue < household.asOf)
  const unproven = people.find((party) => party.kycState !== 'VERIFIED')
  const first = people[0]
  const shown = overdue ?? unproven ?? first
  const risk = people.find((party) => party.riskProfile !== null)?.riskProfile ?? null
  return (
    <span className="flex flex-wrap gap-x-3 text-12">
      {household.leftOn ? <Status is="cancelled">{t('left', { date: formatDate(locale, household.leftOn) })}</Status> : null}
      {shown ? <KycBadge party={shown} asOf={household.asOf} /> : null}
      <RiskBadge profile={risk} />
    </span>
  )
}

/** By how much its value moved over the days that are drawn, deposits and withdrawals included. */
function Change({ household }: { household: Household }) {
  const known = household.valueHistory.filter((point) => point.value !== null && point.quality !== 'UNAVAILABLE')
  const from = known[0]?.value
  const to = known[known.length - 1]?.value
  if (!from || !to || known.length < 2) return null
  return (
    <p className="text-12 text-text-2">
      <Figure kind="money" value={difference(to, from)} currency={household.marketValue.currency} sign="always" /> {t('changeSpan', { count: household.valueHistory.length })}
    </p>
  )
}

function Trend({ household }: { household: Household }) {
  const { locale } = useEnvironment()
  const { privacy } = usePreferences()
  const known = household.valueHistory.filter((point) => point.value !== null)
  const from = known[0]?.value
  const to = known[known.length - 1]?.value
  if (privacy || !from || !to) return null
  const money = (value: string) => formatMoney(locale, value, { currency: household.marketValue.currency })
  return <Sparkline values={household.valueHistory.map((point) => point.value)} from={money(from)} to={money(to)} />
}

function HouseholdTabs({ id, asOf }: { id: string; asOf: string | undefined }) {
  const { pathname, search: here } = useLocation()
  const navigate = useNavigate()
  const { businessDate } = useEnvironment()
  const readsGrants = useMay('grants.read')
  const searchOf = (tab: string) => tabSearch(tab, asOf, here as Record<string, unknown>)
  const current = TABS.findLast((tab) => pathname.endsWith(tab.end))?.id ?? 'overview'
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 border-b border-line px-8 max-sm:px-4">
      <TabNav
        label={t('tabs')}
        className="min-w-0 border-b-0"
        tabs={TABS.filter(({ id }) => id !== 'access' || readsGrants).map((tab) => ({ id: tab.id, label: t(tab.word), current: tab.id === current }))}
        link={(tab, className, content) => (
          <Link to={PATHS[tab.id as keyof typeof PATHS]} params={{ id }} search={searchOf(tab.id)} className={className} aria-current={tab.current ? 'page' : undefined}>
            {content}
          </Link>
        )}
      />
      {businessDate ? (
        <div className="flex min-h-10 items-center">
          <AsOfPicker
            value={asOf ?? null}
            latest={businessDate}
            onChange={(day) => void navigate({ to: PATHS[current], params: { id }, search: (before: Record<string, unknown>) => ({ ...before, asOf: day ?? undefined }), replace: true })}
          />
        </div>
      ) : null}
    </div>
  )
}
