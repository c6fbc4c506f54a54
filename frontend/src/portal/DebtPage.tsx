import { lazy, Suspense } from 'react'
import { useRead } from '@/data/hooks'
import { formatDate } from '@/domain/dates'
import { formatMoneyTick } from '@/domain/format'
import { PortalDebtPageDocument, type PortalDebtPageQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { partyWord } from '@/ui/party/words'
import { QualityNote } from '@/ui/QualityNote'
import { usePageTitle } from '@/ui/title'
import { Missing } from './Missing'
import { Fact, ownersLine, Section } from './parts'
import { pageText } from './pageWords'
import { t } from './words'

const LineChart = lazy(() => import('@/ui/Chart').then((m) => ({ default: m.LineChart })))

type Debt = NonNullable<PortalDebtPageQuery['liability']>

/** One debt: what is owed, at which rate, how it went, who owes it. */
export function DebtPage({ id, ownId }: { id: string; ownId: string | null }) {
  const { data, loading, failure, reload } = useRead(PortalDebtPageDocument, { id })
  usePageTitle(data?.liability?.name ?? pageText('debt'))
  return (
    <AnswerView value={data?.liability} loading={loading} failure={failure} onRetry={reload} isPage="framed" missing={Missing.debt}>
      {(debt) => <DebtView debt={debt} ownId={ownId} />}
    </AnswerView>
  )
}

function DebtView({ debt, ownId }: { debt: Debt; ownId: string | null }) {
  const { locale } = useEnvironment()
  return (
    <div className="max-w-[720px]">
      <h1 className="text-20 font-semibold display">{debt.name}</h1>
      <p className="text-14 text-text-2">{ownersLine(debt, ownId, locale)}</p>
      <FigureBlock label={<span className="text-14">{pageText('owed')}</span>} size="hero" className="pt-3">
        <MoneyFigure figure={debt.balance} name={pageText('owed')} className="min-h-11" />
      </FigureBlock>
      <p className="text-14 text-text-2">{debt.balanceDate ? t('balanceOf', { date: formatDate(locale, debt.balanceDate) }) : pageText('noBalance')}</p>
      <QualityNote figure={debt.balance} className="mt-3 text-14" />
      {debt.balances.length > 1 ? (
        <div className="min-h-[222px] pt-6">
          <Suspense fallback={null}>
            <LineChart
              label={pageText('balanceCourse')}
              kind="money"
              currency={debt.currency}
              axis="right"
              height={140}
              axisText={(value, step) => formatMoneyTick(locale, value, step, debt.currency)}
              series={[{ id: 'balance', name: pageText('balanceCourse'), role: 'own', points: debt.balances.map(({ day, balance }) => ({ date: day, value: balance })) }]}
            />
          </Suspense>
        </div>
      ) : null}
      <Section title={pageText('aboutDebt')} className="pt-8">
        <dl>
          <Fact name={pageText('kindOf')}>{partyWord('debt', debt.kind)}</Fact>
          {debt.lender ? <Fact name={pageText('lender')}>{debt.lender}</Fact> : null}
          {debt.interestRate === null ? null : (
            <Fact name={pageText('rate')}>
              <Figure kind="percent" value={debt.interestRate} />
            </Fact>
          )}
          {debt.originalAmount === null ? null : (
            <Fact name={pageText('borrowed')}>
              <Figure kind="money" value={debt.originalAmount} currency={debt.currency} />
            </Fact>
          )}
          {debt.openedOn ? <Fact name={pageText('opened')}>{formatDate(locale, debt.openedOn)}</Fact> : null}
          {debt.maturesOn ? <Fact name={pageText('ends')}>{formatDate(locale, debt.maturesOn)}</Fact> : null}
          {debt.owners.map(({ party, share }) => (
            <Fact key={party.id} name={party.id === ownId ? pageText('ownerYou') : party.name}>
              {share === null ? pageText('equally') : <Figure kind="percent" value={share} digits={0} />}
            </Fact>
          ))}
          {debt.hiddenOwners > 0 ? <Fact name={t('anotherOwner', { count: debt.hiddenOwners })}>{pageText('notShown')}</Fact> : null}
        </dl>
      </Section>
      <BasisLine figure={debt.balance} className="pt-3" />
    </div>
  )
}
