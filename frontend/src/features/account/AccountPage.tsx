import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { Sensitive } from '@/clients/Sensitive'
import { codeName } from '@/ui/codeWords'
import { tabSearch } from '@/domain/asOf'
import { formatDate } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { TagLine } from '@/desk/TagLine'
import { AccountDocument, type AccountQuery } from '@/generated/graphql'
import { LiveLine } from '@/live/LiveLine'
import { AnswerView } from '@/ui/AnswerView'
import { AsOfPicker } from '@/ui/AsOfPicker'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { QualityNote } from '@/ui/QualityNote'
import { Skeleton, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { TabNav } from '@/ui/Tabs'
import { usePageTitle } from '@/ui/title'
import { AccountActions } from './AccountActions'
import { accountRoute } from './routes'
import { t } from './words'

type Account = NonNullable<AccountQuery['account']>

const PATHS = { holdings: '/accounts/$id', performance: '/accounts/$id/performance', sleeves: '/accounts/$id/sleeves', lots: '/accounts/$id/lots', owners: '/accounts/$id/owners', activity: '/accounts/$id/activity', custodian: '/accounts/$id/custodian' } as const

function crumbsOf(account: Account | null | undefined) {
  const book = { label: t('book'), to: '/book' }
  const household = account?.households[0]
  return household ? [book, { label: household.name, to: `/households/${encodeURIComponent(household.id)}` }] : [book]
}

/** The head of an account and its tabs; both show the same day. */
export function AccountPage() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  const { data, loading, failure, reload } = useRead(AccountDocument, { id, asOf: asOf ?? null })
  useBookChanged(reload)
  usePageTitle(data?.account?.name ?? t('account'), crumbsOf(data?.account))
  return (
    <AnswerView
      value={data?.account}
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
      {(account) => (
        <>
          <AccountHead account={account} onChanged={reload} />
          <AccountTabs id={id} asOf={asOf} />
          <div className="min-w-0 px-8 py-5 max-sm:px-4">
            <QualityNote figure={account.marketValue} className="mb-4" />
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

function AccountHead({ account, onChanged }: { account: Account; onChanged: () => void }) {
  const { businessDate } = useEnvironment()
  // On a phone the first tab alone says it all: on the others the page begins with what was asked for.
  const isBrief = useLocation({ select: ({ pathname }) => pathname.split('/').length > 3 })
  return (
    <header data-brief={isBrief || undefined} className="group grid gap-1 px-8 pt-4 pb-1 max-sm:px-4">
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-20 font-semibold display" tabIndex={-1} data-page-title="">
            {account.name} {account.accountNumberLast4 ? <span className="identifier font-medium text-text-3">{account.accountNumberLast4}</span> : null}
          </h1>
          <AccountActions account={account} />
        </div>
        <div className="flex flex-wrap gap-x-8 gap-y-2 sm:text-right">
          <div className="flex flex-wrap gap-x-8 gap-y-2 max-sm:group-data-brief:hidden">
            {Number(account.accruedInterest.value) === 0 ? null : (
              <FigureBlock label={t('accrued')} secondary>
                <MoneyFigure figure={account.accruedInterest} name={t('accrued')} />
              </FigureBlock>
            )}
            <FigureBlock label={t('cash')} secondary>
              <MoneyFigure figure={account.cash} name={t('cash')} />
            </FigureBlock>
            <FigureBlock label={t('settledCash')} secondary>
              <MoneyFigure figure={account.settledCash} name={t('settledCash')} />
            </FigureBlock>
          </div>
          <FigureBlock label={t('value')}>
            <MoneyFigure figure={account.marketValue} name={t('value')} />
            {account.asOf === businessDate ? <LiveLine id={account.id} figure={account.marketValue} onGap={onChanged} /> : null}
          </FigureBlock>
        </div>
      </div>
      <div className="flex flex-wrap justify-between gap-x-8 gap-y-1 max-sm:group-data-brief:hidden">
        <AccountFacts account={account} />
        <BasisLine figure={account.marketValue} />
      </div>
      <div className="max-sm:group-data-brief:hidden">
        <TagLine subjectId={account.id} name={account.name} tags={account.tags} mayTag={can(account, 'TAG')} onChanged={onChanged} />
      </div>
    </header>
  )
}

function AccountFacts({ account }: { account: Account }) {
  const { locale } = useEnvironment()
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-3 text-12 text-text-2">
      {account.households.map((household) => (
        <Link key={household.id} to="/households/$id" params={{ id: household.id }} className="text-accent hover:underline">
          {t('inHousehold', { name: household.name })}
        </Link>
      ))}
      <span>{codeName(account.accountType)}</span>
      <span>{codeName(account.taxStatus)}</span>
      {account.custodian ? <span>{t('custodian', { name: account.custodian })}</span> : null}
      <span>{account.currency}</span>
      <span>{t('lotMethod', { name: codeName(account.lotMethod) })}</span>
      {account.openedOn ? <span>{t('since', { date: formatDate(locale, account.openedOn) })}</span> : null}
      {account.closedOn ? <Status is="cancelled">{t('closed', { date: formatDate(locale, account.closedOn) })}</Status> : null}
      {account.hasMargin ? <span>{t('margin')}</span> : null}
      {account.custodianshipEndsOn ? <span>{t('custodianshipEnds', { date: formatDate(locale, account.custodianshipEndsOn) })}</span> : null}
      {account.reconciledThrough ? (
        <Status is="fine">{t('reconciledThrough', { date: formatDate(locale, account.reconciledThrough) })}</Status>
      ) : (
        <Status is="waiting">{t('notReconciled')}</Status>
      )}
      {account.accountNumberLast4 ? (
        <span className="inline-flex gap-x-1">
          {t('number')}
          <Sensitive
            subject={account}
            field="ACCOUNT_NUMBER"
            what={t('number')}
            masked={<span className="identifier">•••••{account.accountNumberLast4}</span>}
            mayReveal={can(account, 'REVEAL_SENSITIVE')}
          />
        </span>
      ) : null}
      <span>
        {t('reference')} <span className="identifier">{account.externalId}</span>
      </span>
    </p>
  )
}

function AccountTabs({ id, asOf }: { id: string; asOf: string | undefined }) {
  const { pathname, search: here } = useLocation()
  const navigate = useNavigate()
  const { businessDate } = useEnvironment()
  const current = pathname.endsWith('/performance') ? 'performance' : pathname.includes('/sleeves') ? 'sleeves' : pathname.endsWith('/lots') ? 'lots' : pathname.endsWith('/activity') ? 'activity' : pathname.endsWith('/custodian') ? 'custodian' : pathname.endsWith('/owners') ? 'owners' : 'holdings'
  const tabs = [
    { id: 'holdings', label: t('tabHoldings'), current: current === 'holdings' },
    { id: 'performance', label: t('tabPerformance'), current: current === 'performance' },
    { id: 'sleeves', label: t('tabSleeves'), current: current === 'sleeves' },
    { id: 'lots', label: t('tabLots'), current: current === 'lots' },
    { id: 'owners', label: t('tabOwners'), current: current === 'owners' },
    { id: 'activity', label: t('tabActivity'), current: current === 'activity' },
    { id: 'custodian', label: t('tabCustodian'), current: current === 'custodian' },
  ]
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 border-b border-line px-8 max-sm:px-4">
      <TabNav
        label={t('tabs')}
        className="min-w-0 border-b-0"
        tabs={tabs}
        link={(tab, className, content) => (
          <Link to={PATHS[tab.id as keyof typeof PATHS]} params={{ id }} search={tabSearch(tab.id, asOf, here as Record<string, unknown>)} className={className} aria-current={tab.current ? 'page' : undefined}>
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
