import { Link, useNavigate } from '@tanstack/react-router'
import SquareArrowOutUpRight from 'lucide-react/icons/square-arrow-out-up-right'
import { useCallback, useEffect } from 'react'
import { startRead, useData, useRead } from '@/data'
import { formatMoney } from '@/domain/format'
import { HouseholdPeekDocument, type HouseholdPeekQuery } from '@/generated/graphql'
import { AccountName } from '@/ui/AccountName'
import { AnswerView } from '@/ui/AnswerView'
import { Drawer } from '@/ui/Drawer'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { SEVERITY_STATUS } from '@/ui/Findings'
import { SectionHeading } from '@/ui/Heading'
import { Icon } from '@/ui/Icon'
import { PathLink } from '@/ui/PathLink'
import { usePreferences } from '@/ui/preferences'
import { QualityNote } from '@/ui/QualityNote'
import { Sparkline } from '@/ui/Sparkline'
import { Skeleton, SkeletonRows } from '@/ui/States'
import { StatusShape } from '@/ui/Status'
import { t } from './words'

interface PeekProps {
  id: string
  rows: readonly { id: string; name: string }[]
  total: number | null
  /** Another household, or null to close. */
  onMove: (id: string | null) => void
}

type Household = NonNullable<HouseholdPeekQuery['household']>

const typing = (target: EventTarget | null) => target instanceof HTMLElement && target.closest('input,textarea,select,[contenteditable],[role="dialog"],[role="menu"],[role="listbox"]') !== null

/** One household beside the list. J and K move through the list, Enter opens the page, Esc closes. */
export function Peek({ id, rows, total, onMove }: PeekProps) {
  const navigate = useNavigate()
  const { data, loading, failure, reload } = useRead(HouseholdPeekDocument, { id })
  const { client } = useData()
  // What is remembered is shown at once; the server is asked again each time the peek opens.
  useEffect(() => startRead(client, HouseholdPeekDocument, { id }), [client, id])
  const at = rows.findIndex((row) => row.id === id)
  const previous = at > 0 ? rows[at - 1] : undefined
  const next = at >= 0 ? rows[at + 1] : undefined
  const close = useCallback(() => onMove(null), [onMove])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
      const key = event.key.toLowerCase()
      const to = key === 'j' ? next : key === 'k' ? previous : undefined
      if (to) {
        event.preventDefault()
        onMove(to.id)
      } else if (event.key === 'Enter' && !(event.target as HTMLElement).closest('a,button,[role="grid"]')) {
        void navigate({ to: '/households/$id', params: { id } })
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [id, previous, next, onMove, navigate])

  const name = data?.household?.name ?? rows[at]?.name
  return (
    <Drawer
      label={name ? t('peek', { name }) : t('peekLoading')}
      onClose={close}
      onPrevious={previous ? () => onMove(previous.id) : undefined}
      onNext={next ? () => onMove(next.id) : undefined}
      {...(at >= 0 ? { position: { at: at + 1, of: total } } : {})}
      open={
        <Link to="/households/$id" params={{ id }} aria-label={t('openPage')} className="inline-flex size-7 items-center justify-center rounded-control hover:bg-hover">
          <Icon of={SquareArrowOutUpRight} />
        </Link>
      }
      foot={
        <Link to="/households/$id" params={{ id }} className="flex h-9 flex-1 items-center justify-center rounded-control bg-accent px-4 font-medium text-on-accent hover:bg-accent-hover">
          {t('openHousehold')}
        </Link>
      }
    >
      <AnswerView
        value={data?.household}
        loading={loading}
        failure={failure}
        onRetry={reload}
        skeleton={<PeekOutline name={rows[at]?.name} />}
        missing={{ title: t('peekMissing'), hint: t('peekMissingHint') }}
      >
        {(household) => <PeekBody household={household} work={data?.workItems} />}
      </AnswerView>
    </Drawer>
  )
}

function PeekOutline({ name }: { name: string | undefined }) {
  return (
    <div className="grid gap-4">
      {name ? <h2 className="text-20 font-semibold display">{name}</h2> : <Skeleton className="h-7 w-56" />}
      <Skeleton className="h-12 w-48" />
      <SkeletonRows rows={5} />
    </div>
  )
}

function PeekBody({ household, work }: { household: Household; work: HouseholdPeekQuery['workItems'] | undefined }) {
  const { marketValue } = household
  return (
    <div className="grid gap-4">
      <div>
        <h2 className="text-20 font-semibold display">{household.name}</h2>
        <p className="flex flex-wrap gap-x-3 text-12 text-text-2">
          {household.advisorName ? <span>{household.advisorName}</span> : null}
          <span>
            {t('reference')} <span className="identifier">{household.externalId}</span>
          </span>
        </p>
      </div>
      <div>
        <div className="flex items-end justify-between gap-4">
          <FigureBlock label={t('managed')} size="lg">
            <MoneyFigure figure={marketValue} name={t('managed')} />
          </FigureBlock>
          <Trend history={household.valueHistory} currency={marketValue.currency} />
        </div>
        <BasisLine figure={marketValue} className="mt-1" />
      </div>
      <QualityNote figure={marketValue} />
      <div className="flex flex-wrap gap-x-8 gap-y-3 border-y border-line-strong py-3">
        <FigureBlock label={t('cash')}>
          <MoneyFigure figure={household.cash} name={t('cash')} />
        </FigureBlock>
        <FigureBlock label={t('cashShare')} secondary>
          <Figure kind="percent" value={household.cashShare} digits={1} />
        </FigureBlock>
        <FigureBlock label={t('openItems')} secondary>
          <Figure kind="count" value={String(household.openItems)} />
        </FigureBlock>
      </div>
      <Accounts household={household} />
      {work ? <OpenItems work={work} /> : null}
    </div>
  )
}

function Trend({ history, currency }: { history: Household['valueHistory']; currency: string }) {
  const { locale } = useEnvironment()
  const { privacy } = usePreferences()
  const known = history.filter((point) => point.value !== null)
  const from = known[0]?.value
  const to = known[known.length - 1]?.value
  if (privacy || !from || !to) return null
  return <Sparkline values={history.map((point) => point.value)} from={formatMoney(locale, from, { currency })} to={formatMoney(locale, to, { currency })} />
}

function Accounts({ household }: { household: Household }) {
  return (
    <section aria-label={t('accountsHeading')}>
      <SectionHeading level={3}>{t('accountsHeading')}</SectionHeading>
      <table className="w-full">
        <tbody>
          {household.accounts.edges.map(({ node }) => (
            <tr key={node.id} className="h-8 border-b border-line">
              <th scope="row" className="max-w-0 truncate text-left font-normal">
                <Link to="/accounts/$id" params={{ id: node.id }} className="hover:underline">
                  <AccountName name={node.name} last4={node.accountNumberLast4} />
                </Link>
              </th>
              <td className="w-36 text-right">
                <Figure kind="money" value={node.marketValue.value} currency={node.marketValue.currency} reasons={node.marketValue.reasons} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="h-8 border-t border-line-strong font-semibold">
            <th scope="row" className="text-left">
              {t('total')}
            </th>
            <td className="text-right">
              <MoneyFigure figure={household.marketValue} name={t('total')} />
            </td>
          </tr>
        </tfoot>
      </table>
      {household.accounts.pageInfo.hasNextPage ? <p className="pt-1 text-12 text-text-3">{t('moreAccounts')}</p> : null}
    </section>
  )
}

function OpenItems({ work }: { work: HouseholdPeekQuery['workItems'] }) {
  return (
    <section aria-label={t('openItemsHeading')}>
      <SectionHeading level={3} aside={work.totalCount ?? null}>
        {t('openItemsHeading')}
      </SectionHeading>
      {work.edges.length === 0 ? <p className="py-2 text-text-2">{t('noOpenItems')}</p> : null}
      <ul>
        {work.edges.map(({ node }) => (
          <li key={node.id} className="flex min-h-8 items-center gap-2 border-b border-line">
            <StatusShape is={node.severity === 'INFO' ? 'waiting' : SEVERITY_STATUS[node.severity]} />
            <span className="min-w-0 flex-1 truncate">{node.title}</span>
            <PathLink to={node.actionPath} label={`${node.actionLabel}: ${node.title}`} className="text-12 font-medium text-accent hover:underline">
              {node.actionLabel}
            </PathLink>
          </li>
        ))}
      </ul>
    </section>
  )
}
