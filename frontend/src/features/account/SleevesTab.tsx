import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { periodIn, withPeriod, type PeriodName } from '@/domain/performance'
import { AccountDocument, AccountSleevesDocument, SleeveReturnDocument, type PerformanceScope, type SleevePartsFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Figure, MoneyFigure, type MoneyFigureValue } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { PeriodControl } from '@/ui/performance/PeriodControl'
import { ReturnFigure } from '@/ui/performance/ReturnFigure'
import { periodWord } from '@/ui/performance/words'
import { Sparkline } from '@/ui/Sparkline'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { accountRoute, accountSleevesRoute } from './routes'
import { s } from './sleeveWords'

const SleeveDialog = lazy(() => import('./SleeveDialogs').then((m) => ({ default: m.SleeveDialog })))
const SleeveJournalDialog = lazy(() => import('./SleeveJournalDialog').then((m) => ({ default: m.SleeveJournalDialog })))

/** The parts of the account that are run by themselves, beside the account, over one period. */
export function SleevesTab() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  const search = accountSleevesRoute.useSearch()
  const navigate = useNavigate()
  const { businessDate, now } = useEnvironment()
  const { period, from } = periodIn(search)
  const head = useRead(AccountDocument, { id, asOf: asOf ?? null })
  const { data, loading, failure, reload } = useRead(AccountSleevesDocument, { id, asOf: asOf ?? null })
  useBookChanged(reload)
  const [doing, setDoing] = useState<'add' | 'journal' | null>(null)
  const account = head.data?.account
  const go = (change: { period?: string | undefined; from?: string | undefined }) => void navigate({ to: '/accounts/$id/sleeves', params: { id }, search: (before) => ({ ...before, period: undefined, from: undefined, ...change }), replace: true })
  if (!account) return null
  const sleeves = data?.account?.sleeves
  return (
    <div className="grid min-w-0 gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PeriodControl period={period} from={from} latest={asOf ?? businessDate ?? now().toISOString().slice(0, 10)} onPeriod={(next) => go(withPeriod(next))} onFrom={(day) => go({ from: day })} />
        <span className="flex flex-wrap gap-2">
          {can(account, 'POST_TRANSACTION') && (sleeves?.filter(({ closedOn }) => closedOn === null).length ?? 0) > 1 ? (
            <Button onPress={() => setDoing('journal')}>{s('journal')}</Button>
          ) : null}
          {can(account, 'EDIT_OWNERS') ? <Button onPress={() => setDoing('add')}>{s('add')}</Button> : null}
        </span>
      </div>
      <AnswerView value={sleeves} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={4} />} forbidden={s('forbidden')}>
        {(found) => (
          <>
            <SleeveTable account={account} sleeves={found} asOf={asOf ?? null} period={period} from={from} />
            {found.length === 1 ? (
              <EmptyState kind="first" title={s('onlyOne')}>
                {s('onlyOneHint')}
              </EmptyState>
            ) : null}
          </>
        )}
      </AnswerView>
      <Suspense fallback={null}>
        {doing === 'add' ? <SleeveDialog account={account} onClose={() => setDoing(null)} /> : null}
        {doing === 'journal' && sleeves ? <SleeveJournalDialog account={account} sleeves={sleeves} onClose={() => setDoing(null)} /> : null}
      </Suspense>
    </div>
  )
}

interface TableProps {
  account: { id: string; name: string; marketValue: MoneyFigureValue; cash: MoneyFigureValue }
  sleeves: readonly SleevePartsFragment[]
  asOf: string | null
  period: PeriodName
  from: string | null
}

const HEAD = 'h-9 pl-4 text-right font-medium whitespace-nowrap'
const CELL = 'h-11 pl-4 text-right whitespace-nowrap'

function SleeveTable({ account, sleeves, asOf, period, from }: TableProps) {
  const { locale } = useEnvironment()
  return (
    <section aria-label={s('title', { name: account.name })}>
      <SectionHeading aside={sleeves.length}>{s('title', { name: account.name })}</SectionHeading>
      <div className="overflow-x-auto">
        <table className="w-full text-14">
          <thead>
            <tr className="border-b border-line text-12 text-text-3">
              <th scope="col" className="h-9 text-left font-medium">
                {s('sleeve')}
              </th>
              <th scope="col" className={HEAD}>
                {s('value')}
              </th>
              <th scope="col" className={HEAD}>
                {s('share')}
              </th>
              <th scope="col" className={HEAD}>
                {s('cash')}
              </th>
              <th scope="col" className={HEAD}>
                {s('return', { period: periodWord(period) })}
              </th>
              <th scope="col" className={HEAD}>
                {s('course')}
              </th>
            </tr>
          </thead>
          <tbody>
            {sleeves.map((sleeve) => (
              <tr key={sleeve.id} className="border-b border-line">
                <th scope="row" className="h-11 text-left font-normal">
                  <Link to="/accounts/$id/sleeves/$sleeveId" params={{ id: account.id, sleeveId: sleeve.id }} search={asOf ? { asOf } : {}} className="font-medium hover:underline">
                    {sleeve.name}
                  </Link>
                  <span className="block text-12 text-text-3">
                    {[sleeve.strategy, sleeve.isDefault ? s('custodianSleeve') : null, sleeve.openedOn ? s('began', { date: formatDate(locale, sleeve.openedOn) }) : null].filter(Boolean).join(', ')}
                    {sleeve.closedOn ? <Status is="cancelled">{s('closedOn', { date: formatDate(locale, sleeve.closedOn) })}</Status> : null}
                  </span>
                </th>
                <td className={CELL}>
                  <MoneyFigure figure={sleeve.marketValue} name={`${sleeve.name}, ${s('value')}`} />
                </td>
                <td className={CELL}>
                  <Figure kind="percent" value={sleeve.share} />
                </td>
                <td className={CELL}>
                  <MoneyFigure figure={sleeve.cash} name={`${sleeve.name}, ${s('cash')}`} />
                </td>
                <ReturnCells name={sleeve.name} scope={{ sleeveId: sleeve.id }} asOf={asOf} period={period} from={from} />
              </tr>
            ))}
            <TotalRow>
              <td className={CELL}>
                <MoneyFigure figure={account.marketValue} name={s('value')} />
              </td>
              <td className={CELL}>
                <Figure kind="percent" value="1" />
              </td>
              <td className={CELL}>
                <MoneyFigure figure={account.cash} name={s('cash')} />
              </td>
              <ReturnCells name={s('whole')} scope={{ accountId: account.id }} asOf={asOf} period={period} from={from} />
            </TotalRow>
          </tbody>
        </table>
      </div>
    </section>
  )
}

function TotalRow({ children }: { children: ReactNode }) {
  return (
    <tr className="border-b border-line-strong font-medium">
      <th scope="row" className="h-11 text-left font-medium">
        {s('whole')}
      </th>
      {children}
    </tr>
  )
}

/** The net return of the period and its course; each row asks for its own, so that none waits for another. */
function ReturnCells({ name, scope, asOf, period, from }: { name: string; scope: PerformanceScope; asOf: string | null; period: PeriodName; from: string | null }) {
  const { data } = useRead(SleeveReturnDocument, { scope, asOf, period, from })
  const found = data?.performance
  const net = found?.periods[0]?.net
  const days = found?.course.days ?? []
  return (
    <>
      <td className={CELL}>{net ? <ReturnFigure figure={net} name={s('return', { period: periodWord(period) })} tone="gain" /> : null}</td>
      <td className={CELL}>
        <span className="inline-flex justify-end">{days.length > 1 ? <Sparkline values={days.map((each) => each.growthNet)} height={28} from={name} to={net?.value ?? ''} /> : null}</span>
      </td>
    </>
  )
}
