import { Link } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import { useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { formatMoneyTick } from '@/domain/format'
import { can } from '@/domain/permissions'
import { DebtDocument, DebtSecurityDocument, type DebtQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { codeName } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { partyWord } from '@/ui/party/words'
import { EmptyState, Skeleton, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { debtRoute } from './routes'
import { t } from './words'

const LineChart = lazy(() => import('@/ui/Chart').then((m) => ({ default: m.LineChart })))
const BalanceDialog = lazy(() => import('@/clients/DebtDialogs').then((m) => ({ default: m.BalanceDialog })))
const DebtEditDialog = lazy(() => import('@/clients/DebtDialogs').then((m) => ({ default: m.DebtEditDialog })))
const DebtorsDialog = lazy(() => import('@/clients/DebtDialogs').then((m) => ({ default: m.DebtorsDialog })))

type Debt = NonNullable<DebtQuery['liability']>
type Act = 'balance' | 'edit' | 'owners'

const CRUMBS = [{ label: t('book'), to: '/book' }]
const ROW = 'flex min-h-9 items-center justify-between gap-4 border-b border-line py-1'

/** What is owed on one debt, by whom and on which terms, and the balances that were recorded. */
export function DebtPage() {
  const { id } = debtRoute.useParams()
  const { data, loading, failure, reload } = useRead(DebtDocument, { id })
  useBookChanged(reload)
  usePageTitle(data?.liability?.name ?? t('debt'), CRUMBS)
  return (
    <AnswerView
      value={data?.liability}
      loading={loading}
      failure={failure}
      onRetry={reload}
      isPage
      skeleton={
        <div className="px-8 pt-4 max-sm:px-4">
          <Skeleton className="h-7 w-64" />
          <SkeletonRows rows={8} className="mt-10" />
        </div>
      }
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
      {(debt) => <DebtView debt={debt} />}
    </AnswerView>
  )
}

function DebtView({ debt }: { debt: Debt }) {
  const [act, setAct] = useState<Act | null>(null)
  const mayEdit = can(debt, 'EDIT_LIABILITY')
  const done = () => setAct(null)
  return (
    <>
      <header className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3 border-b border-line px-8 pt-4 pb-3 max-sm:px-4">
        <div className="grid min-w-0 gap-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="text-20 font-semibold display" tabIndex={-1} data-page-title="">
              {debt.name}
            </h1>
            {mayEdit && debt.closedOn === null ? (
              <Button size="sm" icon={Plus} onPress={() => setAct('balance')}>
                {t('record')}
              </Button>
            ) : null}
          </div>
          <p className="flex flex-wrap gap-x-3 text-12 text-text-2">
            <span>{partyWord('debt', debt.kind)}</span>
            {debt.lender ? <span>{debt.lender}</span> : null}
            {debt.householdId ? (
              <Link to="/households/$id" params={{ id: debt.householdId }} className="text-accent hover:underline">
                {t('openHousehold')}
              </Link>
            ) : null}
            <span>
              {t('reference')} <span className="identifier">{debt.externalId}</span>
            </span>
          </p>
        </div>
        <FigureBlock label={t('owed')} sub={<BasisLine figure={debt.balance} />}>
          <MoneyFigure figure={debt.balance} name={t('owed')} />
        </FigureBlock>
      </header>
      <div className="grid min-w-0 gap-x-10 gap-y-8 px-8 py-5 max-sm:px-4 lg:grid-cols-[minmax(0,1fr)_340px]">
        <Course debt={debt} />
        <div className="grid min-w-0 content-start gap-8">
          <Terms debt={debt} onChange={mayEdit ? () => setAct('edit') : null} />
          <Owners debt={debt} onChange={mayEdit ? () => setAct('owners') : null} />
        </div>
      </div>
      <Suspense fallback={null}>
        {act === 'balance' ? <BalanceDialog debt={debt} onClose={done} /> : null}
        {act === 'edit' ? <DebtEditDialog debt={debt} onClose={done} /> : null}
        {act === 'owners' ? <DebtorsDialog debt={debt} onClose={done} /> : null}
      </Suspense>
    </>
  )
}

function ChangeLink({ onPress, children }: { onPress: (() => void) | null; children: string }) {
  return onPress ? (
    <Button look="link" size="sm" onPress={onPress}>
      {children}
    </Button>
  ) : null
}

function Course({ debt }: { debt: Debt }) {
  const { locale } = useEnvironment()
  const points = useMemo(() => debt.balances.map(({ day, balance }) => ({ date: day, value: balance, quality: 'COMPLETE' as const })), [debt.balances])
  const series = useMemo(() => [{ id: 'balance', name: t('balance'), role: 'own' as const, points }], [points])
  if (debt.balances.length === 0) {
    return (
      <EmptyState kind="first" title={t('noBalance')}>
        {t('noBalanceHint')}
      </EmptyState>
    )
  }
  return (
    <div className="grid min-w-0 content-start gap-8">
      {points.length > 1 ? (
        <section aria-label={t('course')}>
          <SectionHeading className="mb-3">{t('course')}</SectionHeading>
          <Suspense fallback={<Skeleton className="h-52 w-full" />}>
            <LineChart
              label={t('courseLabel', { name: debt.name })}
              series={series}
              kind="money"
              currency={debt.currency}
              height={180}
              axisText={(value, step) => formatMoneyTick(locale, value, step, debt.currency)}
            />
          </Suspense>
        </section>
      ) : null}
      <section aria-label={t('balances')}>
        <SectionHeading aside={debt.balances.length}>{t('balances')}</SectionHeading>
        <table className="w-full border-collapse">
          <thead className="text-12 text-text-2">
            <tr className="border-b border-line-strong">
              <th scope="col" className="h-9 text-left font-medium">
                {t('day')}
              </th>
              <th scope="col" className="h-9 text-left font-medium max-sm:hidden">
                {t('source')}
              </th>
              <th scope="col" className="h-9 text-right font-medium">
                {t('balance')}
              </th>
            </tr>
          </thead>
          <tbody>
            {debt.balances.toReversed().map(({ day, balance, source }) => (
              <tr key={day} className="border-b border-line">
                <th scope="row" className="h-9 text-left font-normal">
                  {formatDate(locale, day)}
                </th>
                <td className="h-9 text-12 text-text-2 max-sm:hidden">{source === 'MANUAL' ? t('byHand') : codeName(source)}</td>
                <td className="h-9 text-right">
                  <Figure kind="money" value={balance} currency={debt.currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

function Term({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={ROW}>
      <dt className="shrink-0 text-text-2">{name}</dt>
      <dd className="min-w-0 text-right">{children}</dd>
    </div>
  )
}

function Terms({ debt, onChange }: { debt: Debt; onChange: (() => void) | null }) {
  const { locale } = useEnvironment()
  const days: [string, string | null][] = [
    [t('opened'), debt.openedOn],
    [t('matures'), debt.maturesOn],
    [t('closed'), debt.closedOn],
  ]
  return (
    <section aria-label={t('facts')}>
      <SectionHeading aside={<ChangeLink onPress={onChange}>{t('change')}</ChangeLink>}>{t('facts')}</SectionHeading>
      <dl>
        {debt.lender ? <Term name={t('lender')}>{debt.lender}</Term> : null}
        {debt.originalAmount ? (
          <Term name={t('original')}>
            <Figure kind="money" value={debt.originalAmount} currency={debt.currency} />
          </Term>
        ) : null}
        {debt.interestRate ? (
          <Term name={t('rate')}>
            <Figure kind="percent" value={debt.interestRate} sign="never" />
          </Term>
        ) : null}
        {days.map(([name, day]) =>
          day ? (
            <Term key={name} name={name}>
              {formatDate(locale, day)}
            </Term>
          ) : null,
        )}
        {debt.securedAccountId || debt.securedSecurityId ? (
          <Term name={t('secured')}>
            <SecuredBy debt={debt} />
          </Term>
        ) : null}
      </dl>
    </section>
  )
}

function SecuredBy({ debt }: { debt: Debt }) {
  const { securedAccountId, securedSecurityId } = debt
  const { data } = useRead(DebtSecurityDocument, {
    accountId: securedAccountId ?? '',
    securityId: securedSecurityId ?? '',
    withAccount: securedAccountId !== null,
    withSecurity: securedSecurityId !== null,
  })
  return (
    <span className="grid gap-1">
      {data?.account ? (
        <Link to="/accounts/$id" params={{ id: data.account.id }} className="text-accent hover:underline">
          {data.account.name}
        </Link>
      ) : null}
      {data?.security ? (
        <Link to="/securities/$id" params={{ id: data.security.id }} className="text-accent hover:underline">
          {data.security.name}
        </Link>
      ) : null}
    </span>
  )
}

function Owners({ debt, onChange }: { debt: Debt; onChange: (() => void) | null }) {
  return (
    <section aria-label={t('owners')}>
      <SectionHeading aside={<ChangeLink onPress={onChange}>{t('changeOwners')}</ChangeLink>}>{t('owners')}</SectionHeading>
      {debt.owners.length === 0 ? (
        <p className="py-2">
          <Status is="attention">{t('noOwners')}</Status>
          <span className="block text-12 text-text-3">{t('noOwnersHint')}</span>
        </p>
      ) : null}
      <ul>
        {debt.owners.map(({ party, share }) => (
          <li key={party.id} className={ROW}>
            <Link to="/parties/$id" params={{ id: party.id }} className="font-medium hover:underline">
              {party.name}
            </Link>
            {share === null ? <span className="text-text-2">{t('equally')}</span> : <Figure kind="percent" value={share} sign="never" className="font-medium" />}
          </li>
        ))}
      </ul>
    </section>
  )
}
