import { lazy, Suspense } from 'react'
import { useFirm } from '@/data/context'
import { useRead } from '@/data/hooks'
import { formatMoneyTick } from '@/domain/format'
import { PortalHistoryDocument, type PortalHomeQuery } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { EmptyState, Skeleton } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { t } from './words'

const LineChart = lazy(() => import('@/ui/Chart').then((m) => ({ default: m.LineChart })))

/** Net worth first, how it came there, then the accounts it is made of. */
export function Home({ data }: { data: PortalHomeQuery }) {
  const firm = useFirm()
  usePageTitle(t('title'))
  const accounts = data.accounts.edges.map((edge) => edge.node)
  const total = data.firm.totalValue
  if (accounts.length === 0) {
    return (
      <EmptyState isPage kind="first" title={t('noAccountsTitle')}>
        {t('noAccountsHint', { firm: firm.name, email: firm.support.email })}
      </EmptyState>
    )
  }
  return (
    <>
      <h1 className="sr-only">{t('title')}</h1>
      <FigureBlock label={<span className="text-14">{t('netWorth')}</span>} size="hero" sub={<AsOf date={total.asOf} basis={total.basis} />}>
        <MoneyFigure figure={total} name={t('netWorth')} className="min-h-11" />
      </FigureBlock>
      <History currency={total.currency} />
      <SectionHeading className="mt-6" aside={<Figure kind="count" value={String(accounts.length)} />}>
        <span className="text-16">{t('accounts')}</span>
      </SectionHeading>
      <ul>
        {accounts.map((account) => (
          <li key={account.id} className="flex min-h-16 items-center justify-between gap-4 border-b border-line py-2">
            <span className="min-w-0">
              <span className="block font-medium">{account.name}</span>
              <span className="block text-14 text-text-2">
                {[account.households.map((household) => household.name).join(', '), account.custodian].filter(Boolean).join(', ')}
                {account.accountNumberLast4 ? <span className="identifier"> {account.accountNumberLast4}</span> : null}
              </span>
            </span>
            <MoneyFigure figure={account.marketValue} name={account.name} className="min-h-11 text-right" />
          </li>
        ))}
      </ul>
      <p className="pt-6 text-14 text-text-3">{t('questions', { email: firm.support.email })}</p>
    </>
  )
}

function AsOf({ date, basis }: { date: string; basis: string }) {
  return (
    <span className="text-14">
      <Figure kind="date" value={date} />, {basis}
    </span>
  )
}

const NOTHING = {}
/** As high as the chart with its readout, so that nothing moves when it comes. */
const CHART_SPACE = 'min-h-[210px] pt-4'

/** The course of everything the client may see, read beside the figures: those never wait for it. */
function History({ currency }: { currency: string }) {
  const { locale } = useEnvironment()
  const { data, loading } = useRead(PortalHistoryDocument, NOTHING)
  const points = data?.firm.valueHistory ?? []
  if (!loading && points.filter((point) => point.value !== null).length < 2) return null
  return (
    <div className={CHART_SPACE}>
      <Suspense fallback={<ChartOutline />}>
        {data ? (
          <LineChart
            label={t('valueHistory')}
            kind="money"
            currency={currency}
            axis="right"
            height={140}
            axisText={(value, step) => formatMoneyTick(locale, value, step, currency)}
            series={[{ id: 'value', name: t('netWorth'), role: 'own', points: points.map(({ date, value }) => ({ date, value: value ?? null })) }]}
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
      <Skeleton className="w-24" />
      <Skeleton className="h-9 w-56" />
      <Skeleton className="mt-3 h-36" />
    </div>
  )
}
