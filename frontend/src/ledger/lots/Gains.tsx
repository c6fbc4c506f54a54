import { useMemo, useState, type ReactNode } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { formatMoney, formatQuantity } from '@/domain/format'
import { RealisedGainsDocument, type GainRowFragment, type RealisedGainsQuery } from '@/generated/graphql'
import { AccountName } from '@/ui/AccountName'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { codeName } from '@/ui/codeWords'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock, FigureRow, MoneyFigure } from '@/ui/Figure'
import { MenuChip } from '@/ui/MenuChip'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status, StatusShape } from '@/ui/Status'
import { Toolbar } from '@/ui/Toolbar'
import type { LotOwner } from './OpenLots'
import { SecurityCell } from './SecurityCell'
import { t, termWord, type Term } from './words'

const PAGE = 100
const ALL = 'all'

export interface GainSearch {
  year: number | undefined
  term: Term | undefined
}

interface GainsProps {
  owner: LotOwner
  search: GainSearch
  onSearch: (search: GainSearch) => void
}

type Answer = RealisedGainsQuery['realisedGains']

/** What sales realised, lot by lot, of a tax year and a term; the sums are of everything that is chosen. */
export function Gains({ owner, search, onSearch }: GainsProps) {
  const question = `${owner.id} ${owner.asOf ?? ''} ${owner.knownAt ?? ''} ${search.year ?? ''} ${search.term ?? ''}`
  return <GainPages key={question} owner={owner} search={search} onSearch={onSearch} />
}

function GainPages(props: GainsProps) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {cursors.map((after, index) => (
        <GainPage key={after ?? ''} {...props} after={after} onMore={index === cursors.length - 1 ? (next) => setCursors([...cursors, next]) : undefined} />
      ))}
    </div>
  )
}

function GainPage({ owner, search, onSearch, after, onMore }: GainsProps & { after: string | null; onMore: ((cursor: string) => void) | undefined }) {
  const { data, loading, failure, reload } = useRead(RealisedGainsDocument, {
    accountId: owner.kind === 'account' ? owner.id : null,
    householdId: owner.kind === 'household' ? owner.id : null,
    taxYear: search.year ?? null,
    term: search.term ?? null,
    asOf: owner.asOf ?? null,
    knownAt: owner.knownAt ?? null,
    first: PAGE,
    after,
  })
  useChanged('ledger', reload)
  return (
    <AnswerView value={data?.realisedGains} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={12} />} forbidden={t('forbidden')}>
      {(gains) => (
        <>
          {after === null ? (
            <>
              <Filters gains={gains} search={search} onSearch={onSearch} />
              <Sums gains={gains} />
            </>
          ) : null}
          {gains.totalCount === 0 ? (
            <EmptyState kind="none" title={t('noGains')}>
              {t('noGainsHint')}
            </EmptyState>
          ) : (
            <GainGrid gains={gains} isHousehold={owner.kind === 'household'} />
          )}
          {gains.pageInfo.hasNextPage && gains.pageInfo.endCursor && onMore ? (
            <p>
              <Button onPress={() => gains.pageInfo.endCursor && onMore(gains.pageInfo.endCursor)}>{t('moreGains')}</Button>
            </p>
          ) : null}
          {onMore ? <p className="text-12 text-text-3">{t('notAdvice')}</p> : null}
        </>
      )}
    </AnswerView>
  )
}

function Filters({ gains, search, onSearch }: { gains: Answer; search: GainSearch; onSearch: (search: GainSearch) => void }) {
  const years = [{ value: ALL, label: t('allYears') }, ...gains.taxYears.map((year) => ({ value: String(year), label: String(year) }))]
  const terms = [{ value: ALL, label: t('allTerms') }, ...(['SHORT', 'LONG'] as const).map((term) => ({ value: term as string, label: t(term) }))]
  return (
    <Toolbar label={t('filters')}>
      <MenuChip
        label={t('taxYear')}
        value={search.year === undefined ? ALL : String(search.year)}
        choices={years}
        active={search.year !== undefined}
        onChange={(year) => onSearch({ ...search, year: year === ALL ? undefined : Number(year) })}
      />
      <MenuChip
        label={t('term')}
        value={search.term ?? ALL}
        choices={terms}
        active={search.term !== undefined}
        onChange={(term) => onSearch({ ...search, term: term === 'SHORT' || term === 'LONG' ? term : undefined })}
      />
    </Toolbar>
  )
}

const isZero = (value: string | null) => value === null || /^-?0(\.0*)?$/.test(value)

/** Recognised gains of taxable accounts by term, with what is disallowed and the custodian's number; beside them what others realised. */
function Sums({ gains }: { gains: Answer }) {
  const { locale } = useEnvironment()
  if (gains.totals.length === 0) return null
  const money = (figure: { value: string | null; currency: string }, sign: 'auto' | 'always' = 'auto') => formatMoney(locale, figure.value ?? '0', { currency: figure.currency, sign })
  return (
    <FigureRow>
      {gains.totals.map((total) => {
        const isTaxed = total.taxStatus === 'TAXABLE'
        const name = isTaxed ? t('recognisedOf', { term: termWord(total.term) }) : t('untaxedOf', { status: codeName(total.taxStatus) })
        const lines = [
          isZero(total.economicDisallowed.value) ? null : t('disallowedLine', { amount: money(total.economicDisallowed) }),
          isZero(total.economicLost.value) ? null : t('lostLine', { amount: money(total.economicLost) }),
          total.custodianRecognised.value === total.economicRecognised.value || total.custodianRecognised.value === null ? null : t('custodianLine', { amount: money(total.custodianRecognised, 'always') }),
          total.missingCount > 0 ? t('missing', { count: total.missingCount }) : null,
          t('lotCount', { count: total.lotCount }),
        ].filter((line) => line !== null)
        return (
          <FigureBlock key={`${total.currency} ${total.taxStatus} ${total.term ?? ''}`} label={name} sub={lines.join(' · ')}>
            <MoneyFigure figure={isTaxed ? total.economicRecognised : total.gain} name={name} sign="always" tone="gain" absent={t('unknown')} />
          </FigureBlock>
        )
      })}
    </FigureRow>
  )
}

/** The mark of a wash sale: a shape with its amount; nothing where there is none. */
function WashMark({ row }: { row: GainRowFragment }) {
  const { locale } = useEnvironment()
  const money = (value: string | null) => formatMoney(locale, value ?? '0', { currency: row.currency })
  if (!isZero(row.economic.lost.value)) return <Status is="breach">{t('washLost', { amount: money(row.economic.lost.value) })}</Status>
  if (!isZero(row.economic.disallowed.value)) return <Status is="attention">{t('washOf', { amount: money(row.economic.disallowed.value) })}</Status>
  if (row.washes.some(({ effect }) => effect === 'WARNING')) return <Status is="fact">{t('warned')}</Status>
  return null
}

function gainColumns(isHousehold: boolean): GridColumn<GainRowFragment>[] {
  const account: GridColumn<GainRowFragment> = { id: 'account', header: t('account'), cell: (row) => <AccountName name={row.account.name} last4={row.account.last4} />, width: '1fr', minWidth: 96, secondary: true, from: 1000 }
  return [
    { id: 'disposed', header: t('disposed'), cell: (row) => <Figure kind="date" value={row.disposedOn} />, width: 92, secondary: true, copy: (row) => row.disposedOn },
    {
      id: 'security',
      header: t('security'),
      cell: (row) => <SecurityCell security={row.security} isBrief />,
      width: '1fr',
      minWidth: 64,
      primary: true,
      copy: (row) => row.security.symbol ?? row.security.name,
    },
    ...(isHousehold ? [account] : []),
    { id: 'quantity', header: t('quantity'), cell: (row) => <Figure kind="quantity" value={row.quantity} />, width: 80, align: 'right', from: 720, copy: (row) => row.quantity },
    { id: 'acquired', header: t('acquired'), cell: (row) => <Figure kind="date" value={row.acquiredOn} absent={t('unknownDay')} />, width: 104, align: 'right', secondary: true, from: 820, copy: (row) => row.acquiredOn ?? '' },
    { id: 'proceeds', header: t('proceeds'), cell: (row) => <MoneyFigure figure={row.proceeds} name={t('proceeds')} absent={t('unknown')} />, width: 108, align: 'right', from: 900, copy: (row) => row.proceeds.value ?? '' },
    { id: 'cost', header: t('cost'), cell: (row) => <MoneyFigure figure={row.cost} name={t('cost')} absent={t('unknown')} />, width: 108, align: 'right', from: 900, copy: (row) => row.cost.value ?? '' },
    { id: 'gain', header: t('gain'), cell: (row) => <MoneyFigure figure={row.gain} name={t('gain')} sign="always" tone="gain" absent={t('unknown')} />, width: 112, align: 'right', from: 560, copy: (row) => row.gain.value ?? '' },
    {
      id: 'recognised',
      header: t('recognised'),
      cell: (row) => (
        <span className="inline-flex items-center gap-1.5">
          {isZero(row.economic.disallowed.value) ? null : <StatusShape is={isZero(row.economic.lost.value) ? 'attention' : 'breach'} />}
          <MoneyFigure figure={row.economic.recognised} name={t('recognised')} sign="always" tone="gain" absent={t('unknown')} className="font-medium" />
        </span>
      ),
      width: 112,
      align: 'right',
      copy: (row) => row.economic.recognised.value ?? '',
    },
    { id: 'term', header: t('term'), cell: (row) => termWord(row.term), width: 88, secondary: true, from: 640 },
    { id: 'wash', header: t('wash'), cell: (row) => <WashMark row={row} />, width: 264, from: 1400 },
  ]
}

function GainGrid({ gains, isHousehold }: { gains: Answer; isHousehold: boolean }) {
  const rows = useMemo(() => gains.edges.map(({ node }) => node), [gains])
  const columns = useMemo(() => gainColumns(isHousehold), [isHousehold])
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  return (
    <DataGrid
      label={t('gainsOf')}
      rows={rows}
      rowId={(row) => row.id}
      rowName={(row) => `${row.security.name} ${row.disposedOn}`}
      columns={columns}
      totalRows={gains.totalCount ?? undefined}
      scroll="page"
      expanded={expanded}
      onExpand={setExpanded}
      renderExpanded={(row) => <GainDetail row={row} />}
    />
  )
}

/** The three views side by side, what replaced the loss, and the currency's part. */
function GainDetail({ row }: { row: GainRowFragment }) {
  const { locale } = useEnvironment()
  const money = (value: string | null) => formatMoney(locale, value ?? '0', { currency: row.currency, sign: 'always' })
  return (
    <div className="grid gap-3 py-1 pl-9 max-sm:pl-0">
      <p className="flex flex-wrap gap-x-6 text-12 text-text-2">
        <AccountName name={row.account.name} last4={row.account.last4} />
        <WashMark row={row} />
        {row.entry ? <span>{t('entry', { id: row.entry.externalId })}</span> : null}
        <span>
          {t('broughtBy')} <span className="identifier">{row.openedBy}</span>
        </span>
        <span>
          {t('quantity')} <Figure kind="quantity" value={row.quantity} />, {t('acquired')} <Figure kind="date" value={row.acquiredOn} absent={t('unknownDay')} />
        </span>
        {row.fx.localCurrency === row.currency ? null : <span>{t('fx', { price: money(row.fx.priceEffect.value), currency: money(row.fx.fxEffect.value) })}</span>}
      </p>
      <ViewsTable row={row} />
      {row.washes.length > 0 ? (
        <section aria-label={t('partners')}>
          <p className="text-12 text-text-3">{t('partners')}</p>
          <ul className="grid gap-1">
            {row.washes.map((wash) => (
              <li key={`${wash.view} ${wash.account.id} ${wash.security.id} ${wash.boughtOn} ${wash.quantity} ${wash.disallowed.value ?? ''}`}>
                {wash.security.symbol ?? wash.security.name}:{' '}
                {t(`partner_${wash.effect}`, {
                  quantity: formatQuantity(locale, wash.quantity),
                  date: formatDate(locale, wash.boughtOn),
                  account: wash.account.name,
                  view: t(wash.view),
                  amount: formatMoney(locale, wash.disallowed.value ?? '0', { currency: row.currency }),
                })}
                {wash.judgedBy ? <span className="text-12 text-text-3"> {t('judged', { by: wash.judgedBy })}</span> : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {row.reasons.map((reason) => (
        <p key={reason.code} className="text-12 text-text-2">
          <Status is="attention" className="whitespace-normal!">{reason.message}</Status>
        </p>
      ))}
    </div>
  )
}

function ViewsTable({ row }: { row: GainRowFragment }) {
  const head = 'px-2 py-1 text-right text-12 font-normal text-text-3'
  const cell = 'px-2 py-1 text-right'
  const line = (name: string, values: readonly ReactNode[]) => (
    <tr key={name} className="border-t border-line">
      <th scope="row" className="py-1 pr-2 text-left font-normal whitespace-nowrap">
        {name}
      </th>
      {values.map((value, at) => (
        // The columns are fixed: basis, gain, disallowed, recognised.
        // eslint-disable-next-line react/no-array-index-key
        <td key={at} className={cell}>
          {value}
        </td>
      ))}
    </tr>
  )
  return (
    <div className="overflow-x-auto">
      <table className="max-w-3xl min-w-96">
        <thead>
          <tr>
            <th scope="col" className="py-1 pr-2 text-left text-12 font-normal text-text-3">
              {t('view')}
            </th>
            {(['basis', 'gain', 'disallowed', 'recognised'] as const).map((name) => (
              <th key={name} scope="col" className={head}>
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {line(t('BOOK'), [
            <MoneyFigure key="b" figure={row.cost} absent={t('unknown')} />,
            <MoneyFigure key="g" figure={row.gain} sign="always" tone="gain" absent={t('unknown')} />,
            null,
            null,
          ])}
          {(['CUSTODIAN', 'ECONOMIC'] as const).map((view) => {
            const of = view === 'CUSTODIAN' ? row.custodian : row.economic
            return line(t(view), [
              <MoneyFigure key="b" figure={of.basis} absent={t('unknown')} />,
              <MoneyFigure key="g" figure={of.gain} sign="always" absent={t('unknown')} />,
              <MoneyFigure key="d" figure={of.disallowed} absent={t('unknown')} />,
              <MoneyFigure key="r" figure={of.recognised} name={t('recognised')} sign="always" tone="gain" absent={t('unknown')} />,
            ])
          })}
        </tbody>
      </table>
    </div>
  )
}
