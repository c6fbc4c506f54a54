import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { formatMoneyTick, formatQuantity } from '@/domain/format'
import { can } from '@/domain/permissions'
import { PriceSources } from '@/desk/PriceSources'
import { SecurityDocument, type SecurityQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Switch } from '@/ui/Checkbox'
import { codeName, detailWords } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { EmptyState, Skeleton, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { Holders } from './Holders'
import { securityRoute } from './routes'
import { CorporateActions, Identifiers } from './SecurityFacts'
import { t } from './words'

const LineChart = lazy(() => import('@/ui/Chart').then((m) => ({ default: m.LineChart })))

export type Security = NonNullable<SecurityQuery['security']>

const CRUMBS = [{ label: t('book'), to: '/book' }]

export function SecurityPage() {
  const { id } = securityRoute.useParams()
  const { adjusted = false } = securityRoute.useSearch()
  const { data, loading, failure, reload } = useRead(SecurityDocument, { id, isAdjusted: adjusted })
  useChanged('ledger', reload)
  useChanged('prices', reload)
  usePageTitle(data?.security?.name ?? t('security'), CRUMBS)
  return (
    <AnswerView
      value={data?.security}
      loading={loading}
      failure={failure}
      onRetry={reload}
      isPage
      skeleton={<SecurityOutline />}
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
      {(security) => (
        <>
          <SecurityHead security={security} />
          <div className="grid min-w-0 gap-x-10 gap-y-8 px-8 py-5 max-sm:px-4 lg:grid-cols-[minmax(0,1fr)_380px]">
            <div className="grid min-w-0 content-start gap-8">
              <Course security={security} adjusted={adjusted} />
              <Holders key={security.id} id={security.id} name={security.name} />
            </div>
            <div className="grid min-w-0 content-start gap-8">
              <Sources security={security} onChanged={reload} />
              <Identifiers security={security} />
              <CorporateActions security={security} />
            </div>
          </div>
        </>
      )}
    </AnswerView>
  )
}

function SecurityOutline() {
  return (
    <div className="px-8 pt-4 max-sm:px-4">
      <Skeleton className="h-7 w-64" />
      <Skeleton className="mt-2 w-96 max-w-full" />
      <Skeleton className="mt-8 h-52 w-full" />
      <SkeletonRows rows={6} className="mt-8" />
    </div>
  )
}

function SecurityHead({ security }: { security: Security }) {
  const { locale } = useEnvironment()
  const { latestPrice, underlying } = security
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3 border-b border-line px-8 pt-4 pb-3 max-sm:px-4">
      <div className="grid min-w-0 gap-1">
        <h1 className="text-20 font-semibold display" tabIndex={-1} data-page-title="">
          {security.symbol ? `${security.symbol} ` : ''}
          <span className={security.symbol ? 'font-medium text-text-2' : ''}>{security.name}</span>
        </h1>
        <p className="flex flex-wrap gap-x-3 text-12 text-text-2">
          <span>{codeName(security.securityType)}</span>
          <span>{codeName(security.assetClass)}</span>
          <span>{security.currency}</span>
          {security.exchange ? <span>{security.exchange}</span> : null}
          {security.optionType && security.strike && security.expiry ? (
            <span>{t('option', { type: codeName(security.optionType), strike: security.strike, date: formatDate(locale, security.expiry) })}</span>
          ) : null}
          {security.maturity && security.coupon ? <span>{t('bond', { coupon: security.coupon, date: formatDate(locale, security.maturity) })}</span> : null}
          {underlying ? (
            <Link to="/securities/$id" params={{ id: underlying.id }} className="text-accent hover:underline">
              {t('on', { name: underlying.symbol ?? underlying.name })}
            </Link>
          ) : null}
          <span>{t('source', { source: detailWords(security.source) })}</span>
        </p>
      </div>
      <FigureBlock label={t('price')} sub={latestPrice ? t('priceOf', { date: formatDate(locale, latestPrice.date), source: detailWords(latestPrice.source) }) : null}>
        <Figure kind="price" value={latestPrice?.close} absent={t('noPrice')} />
      </FigureBlock>
    </header>
  )
}

function Sources({ security, onChanged }: { security: Security; onChanged: () => void }) {
  const { businessDate } = useEnvironment()
  return (
    <PriceSources
      security={security}
      words={security.priceWords}
      mayOverride={can(security, 'OVERRIDE_PRICE')}
      day={security.latestPrice?.date ?? businessDate ?? ''}
      onChanged={onChanged}
    />
  )
}

const MARKED: ReadonlySet<string> = new Set(['SPLIT', 'STOCK_DIVIDEND', 'CASH_DIVIDEND', 'SPIN_OFF', 'MERGER', 'RETURN_OF_CAPITAL'])

/** What happened on the way, as the chart marks it. */
function marksOf(security: Security, locale: string) {
  return security.corporateActions
    .filter((action) => MARKED.has(action.type))
    .map(({ type, exDate, ratioNew, ratioOld, cashAmount, currency }) => {
      const ratio = ratioNew && ratioOld ? t('ratio', { now: formatQuantity(locale, ratioNew), before: formatQuantity(locale, ratioOld) }) : null
      return { date: exDate, label: [codeName(type), ratio, cashAmount, cashAmount ? currency : null].filter(Boolean).join(' ') }
    })
}

function Course({ security, adjusted }: { security: Security; adjusted: boolean }) {
  const { locale } = useEnvironment()
  const navigate = useNavigate()
  const marks = useMemo(() => marksOf(security, locale), [security, locale])
  const isSplit = security.corporateActions.some((action) => action.type === 'SPLIT' || action.type === 'STOCK_DIVIDEND')
  const generated = security.prices.some((price) => price.source === 'SYNTHETIC')
  const setAdjusted = (on: boolean) => void navigate({ to: '/securities/$id', params: { id: security.id }, search: on ? { adjusted: true } : {}, replace: true })
  const series = useMemo(
    () => [{ id: 'close', name: t('close'), role: 'own' as const, points: security.prices.map((price) => ({ date: price.date, value: price.close })) }],
    [security],
  )
  return (
    <section aria-label={t('course')} className="min-w-0">
      <SectionHeading className="mb-3" aside={security.currency}>
        {t('course')}
      </SectionHeading>
      {security.prices.length < 2 ? (
        <EmptyState kind="first" title={t('noCourse')} className="py-4">
          {t('noCourseHint')}
        </EmptyState>
      ) : (
        <Suspense fallback={<Skeleton className="h-60 w-full" />}>
          <LineChart
            label={t('courseLabel', { name: security.name })}
            series={series}
            kind="price"
            height={240}
            marks={marks}
            axisText={(value, step) => formatMoneyTick(locale, value, step, security.currency)}
          />
        </Suspense>
      )}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-1 pt-2 text-12 text-text-3">
        {isSplit ? (
          <Switch isSelected={adjusted} onChange={setAdjusted}>
            {t('adjusted')}
          </Switch>
        ) : null}
        {isSplit ? <span>{adjusted ? t('adjustedBasis') : t('rawBasis')}</span> : null}
        {marks.length > 0 ? <Status is="fact">{t('marksKey')}</Status> : null}
        {generated ? <Status is="fact">{t('generated')}</Status> : null}
      </div>
    </section>
  )
}
