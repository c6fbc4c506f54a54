import { useNavigate } from '@tanstack/react-router'
import { useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { ratio, signOf } from '@/domain/decimal'
import { formatPercent } from '@/domain/format'
import { HouseholdBalanceDocument, type HouseholdBalanceQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Switch } from '@/ui/Checkbox'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, FigureBlock, FigureRow, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { EmptyState, Skeleton, SkeletonRows } from '@/ui/States'
import { Status, StatusShape } from '@/ui/Status'
import { BalanceLines } from './BalanceLines'
import { b } from './balanceWords'
import { OwnerMatrix } from './OwnerMatrix'
import { balanceRoute } from './routes'

export type Sheet = NonNullable<HouseholdBalanceQuery['household']>['balanceSheet']
export type Line = Sheet['assets'][number]

/** What the household has and owes on the day, and whose it is; look-through is in the address. */
export function BalanceTab() {
  const { id } = balanceRoute.useParams()
  const { asOf, lookThrough = false } = balanceRoute.useSearch()
  const navigate = useNavigate()
  const { data, loading, failure, reload } = useRead(HouseholdBalanceDocument, { id, asOf: asOf ?? null, lookThrough })
  useBookChanged(reload)
  const turn = (on: boolean) =>
    void navigate({ to: '/households/$id/balance-sheet', params: { id }, search: { ...(asOf ? { asOf } : {}), ...(on ? { lookThrough: true } : {}) }, replace: true })
  return (
    <AnswerView value={data?.household} loading={loading} failure={failure} onRetry={reload} skeleton={<BalanceOutline />} forbidden={b('forbidden')}>
      {({ balanceSheet: sheet }) =>
        sheet.assets.length + sheet.liabilities.length === 0 ? (
          <EmptyState kind="first" title={b('empty')}>
            {b('emptyHint')}
          </EmptyState>
        ) : (
          <div className="grid gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
            <div className="grid min-w-0 content-start gap-6 xl:order-2">
              <div className="grid gap-1">
                <Switch isSelected={lookThrough} onChange={turn}>
                  {b('lookThrough')}
                </Switch>
                <p className="flex items-baseline gap-1.5 text-12 text-text-2">
                  <StatusShape is="fact" />
                  {b(lookThrough ? 'lookThroughOn' : 'lookThroughOff')}
                </p>
              </div>
              <Totals sheet={sheet} />
              <OwnerMatrix sheet={sheet} search={asOf ? { asOf } : {}} />
            </div>
            <BalanceSection sheet={sheet} search={asOf ? { asOf } : {}} />
          </div>
        )
      }
    </AnswerView>
  )
}

function BalanceOutline() {
  return (
    <div className="grid gap-8 xl:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
      <SkeletonRows rows={14} />
      <div>
        <Skeleton className="h-6 w-64" />
        <SkeletonRows rows={6} className="mt-6" />
      </div>
    </div>
  )
}

function Totals({ sheet }: { sheet: Sheet }) {
  const { locale } = useEnvironment()
  const { netWorth, totalAssets, totalLiabilities } = sheet
  const share = totalAssets.value && totalLiabilities.value && signOf(totalLiabilities.value) !== 0 ? ratio(totalLiabilities.value, totalAssets.value) : null
  return (
    <FigureRow>
      <FigureBlock label={b('netWorth')} size="lg">
        <MoneyFigure figure={netWorth} name={b('netWorth')} />
      </FigureBlock>
      <FigureBlock label={b('assets')} secondary sub={b('sources', { count: sheet.assets.length })}>
        <MoneyFigure figure={totalAssets} name={b('totalAssets')} />
      </FigureBlock>
      <FigureBlock label={b('liabilities')} secondary sub={share ? b('ofAssets', { share: formatPercent(locale, share, 1, 'never') }) : null}>
        <MoneyFigure figure={totalLiabilities} name={b('totalLiabilities')} />
      </FigureBlock>
      <BasisLine figure={netWorth} className="basis-full" />
    </FigureRow>
  )
}

function BalanceSection({ sheet, search }: { sheet: Sheet; search: { asOf?: string } }) {
  const { locale } = useEnvironment()
  return (
    <section aria-label={b('title')} className="min-w-0">
      <SectionHeading aside={b('closeOf', { date: formatDate(locale, sheet.asOf), currency: sheet.currency })}>{b('title')}</SectionHeading>
      {sheet.reasons.length > 0 ? (
        <details open={sheet.reasons.length <= 3} className="my-3 rounded-surface border border-warning-line bg-warning-soft px-3 py-2">
          <summary className="cursor-pointer font-medium">
            <Status is="attention">{b('partial')}</Status>
          </summary>
          <ul className="mt-1 grid gap-0.5 text-text-2">
            {sheet.reasons.map((reason) => (
              <li key={`${reason.code} ${reason.message}`} className="first-letter:uppercase">
                {reason.message}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <BalanceLines sheet={sheet} search={search} />
    </section>
  )
}
