import { useMemo } from 'react'
import { useFirm } from '@/data/context'
import { useRead } from '@/data/hooks'
import { codeName } from '@/ui/codeWords'
import { formatDate } from '@/domain/dates'
import { PortalAccountPageDocument, type PortalAccountPageQuery } from '@/generated/graphql'
import { LiveChange, LiveMoney, LivePositionMoney } from '@/live/LiveFigure'
import { LiveNote } from '@/live/LiveNote'
import { useWatch } from '@/live/use'
import { AnswerView } from '@/ui/AnswerView'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { partyWord } from '@/ui/party/words'
import { QualityNote } from '@/ui/QualityNote'
import { Status } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { WithChange } from './Home'
import { Missing } from './Missing'
import { MovementList } from './Movements'
import { AccruedLine } from './AccruedLine'
import { Fact, ownersLine, Section } from './parts'
import { pageText } from './pageWords'
import { t } from './words'

type Account = NonNullable<PortalAccountPageQuery['account']>
type Position = Account['positions']['edges'][number]['node']

/** One account: what it is worth and why, what is in it, whose it is, what happened. */
export function AccountPage({ id, ownId }: { id: string; ownId: string | null }) {
  const { data, loading, failure, reload } = useRead(PortalAccountPageDocument, { id })
  usePageTitle(data?.account?.name ?? t('account'))
  const ids = useMemo(() => (data?.account ? [data.account.id] : []), [data])
  useWatch(ids, reload)
  return (
    <AnswerView value={data?.account} loading={loading} failure={failure} onRetry={reload} isPage="framed" missing={Missing.account}>
      {(account) => <AccountView account={account} ownId={ownId} />}
    </AnswerView>
  )
}

function AccountView({ account, ownId }: { account: Account; ownId: string | null }) {
  const { locale } = useEnvironment()
  const positions = account.positions.edges.map((edge) => edge.node)
  const count = account.positions.totalCount ?? positions.length
  return (
    <div className="grid gap-x-12 min-[900px]:grid-cols-[minmax(0,1fr)_360px] min-[900px]:items-start">
      <div className="min-w-0">
        <h1 className="text-20 font-semibold display">{account.name}</h1>
        <p className="text-14 text-text-2">{ownersLine(account, ownId, locale)}</p>
        {account.closedOn ? <Status is="cancelled">{pageText('closed', { date: formatDate(locale, account.closedOn) })}</Status> : null}
        <FigureBlock label={<span className="text-14">{t('value')}</span>} size="hero" className="pt-3">
          <LiveMoney id={account.id} figure={{ ...account.marketValue, explain: null }} name={t('value')} />
        </FigureBlock>
        <p className="text-14 text-text-3">
          {t('atClose', { date: formatDate(locale, account.asOf) })} <MoneyFigure figure={account.marketValue} name={t('value')} className="inline-flex min-h-11 min-w-11 items-center text-text-2" />
        </p>
        <p className="-mt-2 min-h-6 text-14 text-text-2">
          <LiveChange id={account.id}>{(change) => <WithChange change={change} />}</LiveChange>
        </p>
        <LiveNote className="text-14 text-text-2" />
        <QualityNote figure={account.marketValue} className="mt-3 text-14" />
        <Section title={pageText('investments')} aside={pageText('investmentCount', { count })} className="pt-8">
          {positions.length === 0 ? <p className="border-b border-line py-3 text-text-2">{pageText('noInvestments')}</p> : null}
          <ul>
            {positions.map((position) => (
              <PositionLine key={position.id} position={position} />
            ))}
            <li className="flex min-h-14 items-center justify-between gap-4 border-b border-line py-2">
              <span>
                <span className="block font-medium">{pageText('cash')}</span>
                {account.cashShare === null ? null : <WeightLine weight={account.cashShare} />}
              </span>
              <MoneyFigure figure={account.cash} name={pageText('cash')} className="inline-flex min-h-11 min-w-11 items-center justify-end font-medium" />
            </li>
          </ul>
          {count > positions.length ? <p className="pt-2 text-14 text-text-3">{pageText('moreInvestments', { shown: positions.length, count })}</p> : null}
          <BasisLine figure={account.marketValue} className="pt-2" />
        </Section>
      </div>
      <div className="min-w-0">
        <About account={account} ownId={ownId} />
        <MovementList filter={{ accountId: account.id }} className="pt-8" />
      </div>
    </div>
  )
}

function WeightLine({ weight }: { weight: string }) {
  return (
    <span className="block text-14 text-text-3">
      <Figure kind="percent" value={weight} digits={1} /> {pageText('ofAccount')}
    </span>
  )
}

function PositionLine({ position }: { position: Position }) {
  const { security } = position
  return (
    <li className="border-b border-line py-2">
      <span className="flex items-start justify-between gap-4">
        <span className="min-w-0 pt-1.5">
          <span className="block font-medium">{security.name}</span>
          <span className="block text-14 text-text-2">
            {security.symbol ? `${security.symbol}, ` : ''}
            <Figure kind="quantity" value={position.quantity} />
            {position.price === null ? null : (
              <>
                {` ${pageText('at')} `}
                <Figure kind="price" value={position.price} />
                {` ${security.currency}`}
              </>
            )}
          </span>
        </span>
        <span className="shrink-0 text-right">
          <LivePositionMoney id={position.id} figure={position.marketValue} name={security.name} className="-my-1 inline-flex min-h-11 min-w-11 items-center justify-end font-medium" />
          <AccruedLine accrued={position.accruedInterest} />
          {position.weight === null ? null : <WeightLine weight={position.weight} />}
        </span>
      </span>
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <Flags position={position} />
        <Gain position={position} />
      </span>
    </li>
  )
}

/** Against what was paid, where that is known; where it is not, the reason stands for it. */
function Gain({ position }: { position: Position }) {
  const { gain } = position
  if (gain.value === null) return <span className="ml-auto text-right text-14 text-text-3">{gain.reasons[0]?.message ?? pageText('gainUnknown')}</span>
  return (
    <span className="ml-auto text-right text-14">
      <span className="text-text-3">{pageText('gain')} </span>
      <Figure kind="money" value={gain.value} currency={gain.currency} sign="always" tone="gain" />
    </span>
  )
}

const LONG_SINCE = 5

/** What is doubtful about a value, in plain words. */
function Flags({ position }: { position: Position }) {
  const { locale } = useEnvironment()
  const { marketValue, staleDays, priceDate, priceSource } = position
  return (
    <span className="grid gap-0.5 text-14 text-text-2">
      {marketValue.value === null ? <Status is="waiting">{pageText('flagUnpriced')}</Status> : null}
      {marketValue.value !== null && (marketValue.quality === 'STALE' || (staleDays ?? 0) > LONG_SINCE) && priceDate ? (
        <Status is="attention">{pageText('flagStale', { date: formatDate(locale, priceDate) })}</Status>
      ) : null}
      {priceSource === 'SYNTHETIC' ? <Status is="fact">{pageText('flagSynthetic')}</Status> : null}
    </span>
  )
}

function About({ account, ownId }: { account: Account; ownId: string | null }) {
  const { locale } = useEnvironment()
  const firm = useFirm()
  return (
    <Section title={pageText('about')} className="pt-8 min-[900px]:pt-0">
      <dl>
        <Fact name={pageText('kindOf')}>{codeName(account.accountType)}</Fact>
        {account.custodian ? <Fact name={pageText('heldAt')}>{account.custodian}</Fact> : null}
        {account.accountNumberLast4 ? (
          <Fact name={pageText('number')}>
            <span className="identifier">••••{account.accountNumberLast4}</span>
          </Fact>
        ) : null}
        {account.openedOn ? <Fact name={pageText('opened')}>{formatDate(locale, account.openedOn)}</Fact> : null}
        {account.currency === firm.currency ? null : <Fact name={pageText('currency')}>{account.currency}</Fact>}
        {account.hasMargin ? <Fact name={pageText('margin')}>{pageText('yes')}</Fact> : null}
        {account.owners.map(({ party, role, share }) => (
          <Fact key={`${party.id} ${role}`} name={party.id === ownId ? pageText('ownerYou') : party.name}>
            {partyWord('owner', role)}
            {share === null ? null : (
              <>
                {', '}
                <Figure kind="percent" value={share} digits={0} />
              </>
            )}
          </Fact>
        ))}
        {account.hiddenOwners > 0 ? <Fact name={t('anotherOwner', { count: account.hiddenOwners })}>{pageText('notShown')}</Fact> : null}
      </dl>
    </Section>
  )
}
