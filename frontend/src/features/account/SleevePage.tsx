import { Link, useNavigate } from '@tanstack/react-router'
import Pencil from 'lucide-react/icons/pencil'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { AccountDocument, AccountSleevesDocument, SleeveDocument, type SleeveQuery } from '@/generated/graphql'
import { PerformanceScreen } from '@/performance/PerformanceScreen'
import { AnswerView } from '@/ui/AnswerView'
import { Button, IconButton } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { HoldingsGrid } from '@/ui/ledger/HoldingsGrid'
import { ActionMenu } from '@/ui/Menu'
import { SkeletonRows } from '@/ui/States'
import { accountRoute, accountSleeveRoute } from './routes'
import { s } from './sleeveWords'

const SleeveDialog = lazy(() => import('./SleeveDialogs').then((m) => ({ default: m.SleeveDialog })))
const CloseSleeveDialog = lazy(() => import('./SleeveDialogs').then((m) => ({ default: m.CloseSleeveDialog })))
const SleeveJournalDialog = lazy(() => import('./SleeveJournalDialog').then((m) => ({ default: m.SleeveJournalDialog })))

type Sleeve = NonNullable<SleeveQuery['sleeve']>
const PAGE = 200

/** One sleeve: what it is worth and holds, and what it earned. */
export function SleevePage() {
  const { id } = accountRoute.useParams()
  const { sleeveId } = accountSleeveRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  const search = accountSleeveRoute.useSearch()
  const navigate = useNavigate()
  const { data, loading, failure, reload } = useRead(SleeveDocument, { id: sleeveId, asOf: asOf ?? null, first: PAGE, after: null })
  useBookChanged(reload)
  const scope = useMemo(() => ({ sleeveId }), [sleeveId])
  return (
    <AnswerView value={data?.sleeve} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={12} />} forbidden={s('forbidden')} missing={{ title: s('missing'), hint: s('missingHint') }}>
      {(sleeve) => (
        <div className="grid min-w-0 gap-6">
          <SleeveHead id={id} sleeve={sleeve} asOf={asOf} />
          <SleeveHoldings sleeve={sleeve} />
          <section aria-label={s('performance', { name: sleeve.name })} className="grid min-w-0 gap-4">
            <SectionHeading>{s('performance', { name: sleeve.name })}</SectionHeading>
            <PerformanceScreen
              key={sleeveId}
              scope={scope}
              asOf={asOf ?? null}
              knownAt={search.knownAt ?? null}
              benchmarkId={search.benchmark ?? null}
              report={search.report ?? null}
              search={search}
              onSearch={(change) => void navigate({ to: '/accounts/$id/sleeves/$sleeveId', params: { id, sleeveId }, search: (before) => ({ ...before, ...change }), replace: true })}
            />
          </section>
        </div>
      )}
    </AnswerView>
  )
}

function SleeveHead({ id, sleeve, asOf }: { id: string; sleeve: Sleeve; asOf: string | undefined }) {
  const { locale } = useEnvironment()
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
      <div className="grid min-w-0 gap-1">
        <Link to="/accounts/$id/sleeves" params={{ id }} search={asOf ? { asOf } : {}} className="text-12 text-accent hover:underline">
          {s('backTo', { name: sleeve.account.name })}
        </Link>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="text-16 font-semibold">{sleeve.name}</h2>
          <SleeveActions id={id} sleeve={sleeve} asOf={asOf} />
        </div>
        <p className="flex flex-wrap gap-x-3 text-12 text-text-2">
          {sleeve.strategy ? <span>{sleeve.strategy}</span> : null}
          {sleeve.isDefault ? <span>{s('custodianSleeve')}</span> : null}
          {sleeve.openedOn ? <span>{s('began', { date: formatDate(locale, sleeve.openedOn) })}</span> : null}
          {sleeve.closedOn ? <span>{s('closedOn', { date: formatDate(locale, sleeve.closedOn) })}</span> : null}
        </p>
      </div>
      <div className="flex flex-wrap gap-x-8 gap-y-2 sm:text-right">
        <FigureBlock label={s('cash')} secondary>
          <MoneyFigure figure={sleeve.cash} name={s('cash')} />
        </FigureBlock>
        <FigureBlock label={s('settledCash')} secondary>
          <MoneyFigure figure={sleeve.settledCash} name={s('settledCash')} />
        </FigureBlock>
        <FigureBlock label={s('share')} secondary>
          <Figure kind="percent" value={sleeve.share} />
        </FigureBlock>
        <FigureBlock label={s('value')}>
          <MoneyFigure figure={sleeve.marketValue} name={s('value')} />
        </FigureBlock>
      </div>
    </header>
  )
}

function SleeveActions({ id, sleeve, asOf }: { id: string; sleeve: Sleeve; asOf: string | undefined }) {
  const [doing, setDoing] = useState<'edit' | 'close' | 'journal' | null>(null)
  const { data } = useRead(AccountSleevesDocument, { id, asOf: asOf ?? null })
  const head = useRead(AccountDocument, { id, asOf: asOf ?? null })
  const account = head.data?.account
  const sleeves = data?.account?.sleeves ?? []
  const done = () => setDoing(null)
  const held = sleeve.positions.edges.map(({ node }) => ({ id: node.security.id, label: node.security.name, detail: node.security.symbol }))
  if (!account) return null
  return (
    <>
      {can(sleeve, 'POST_TRANSACTION') && sleeve.closedOn === null && sleeves.length > 1 ? (
        <Button size="sm" onPress={() => setDoing('journal')}>
          {s('journal')}
        </Button>
      ) : null}
      {can(sleeve, 'EDIT_OWNERS') ? (
        <ActionMenu
          label={s('change')}
          trigger={<IconButton icon={Pencil} label={s('change')} />}
          actions={[
            { id: 'edit', label: s('edit'), run: () => setDoing('edit') },
            ...(sleeve.isDefault ? [] : [{ id: 'close', label: s(sleeve.closedOn ? 'reopen' : 'close'), run: () => setDoing('close') }]),
          ]}
        />
      ) : null}
      <Suspense fallback={null}>
        {doing === 'edit' ? <SleeveDialog account={account} sleeve={sleeve} onClose={done} /> : null}
        {doing === 'close' ? <CloseSleeveDialog sleeve={sleeve} onClose={done} /> : null}
        {doing === 'journal' ? <SleeveJournalDialog account={account} sleeves={sleeves} from={sleeve.id} held={held} onClose={done} /> : null}
      </Suspense>
    </>
  )
}

function SleeveHoldings({ sleeve }: { sleeve: Sleeve }) {
  const rows = sleeve.positions.edges.map(({ node }) => node)
  return (
    <section aria-label={s('holdings', { name: sleeve.name })} className="min-w-0">
      <HoldingsGrid
        label={s('holdings', { name: sleeve.name })}
        holdings={rows}
        cash={sleeve.cash}
        cashWeight={sleeve.cashShare}
        valueOf={undefined}
        total={sleeve.marketValue}
        accrued={sleeve.accruedInterest}
        totalLabel={sleeve.name}
        lotsPath={(holding) => `/accounts/${encodeURIComponent(holding.accountId)}/lots`}
      />
      {sleeve.positions.pageInfo.hasNextPage ? <p className="pt-3 text-12 text-text-3">{s('shownOf', { count: rows.length, total: String(sleeve.positionCount) })}</p> : null}
    </section>
  )
}
