import { useLocation } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { plain, signOf } from '@/domain/decimal'
import { formatMoney, formatQuantity } from '@/domain/format'
import { checkPath } from '@/domain/lots'
import { AccountLotsDocument, HouseholdLotsDocument, type LotFindingPartsFragment, type LotListFragment, type LotRowFragment, type LotsBesidePartsFragment } from '@/generated/graphql'
import { AccountName } from '@/ui/AccountName'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, Figure, FigureBlock, FigureRow, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { PathLink } from '@/ui/PathLink'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { SecurityCell } from './SecurityCell'
import { t, termWord } from './words'

/** Whose lots: one account's or all of a household. */
export interface LotOwner {
  kind: 'account' | 'household'
  id: string
  asOf: string | undefined
  /** The moment whose knowledge is shown; undefined: now. */
  knownAt: string | undefined
}

const PAGE = 100
const FINDINGS_SHOWN = 5

/** Open lots a page at a time; the sums are of all of them. */
export function OpenLots({ owner }: { owner: LotOwner }) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {cursors.map((after, index) => (
        <LotsPage key={`${after ?? ''} ${owner.knownAt ?? ''}`} owner={owner} after={after} onMore={index === cursors.length - 1 ? (next) => setCursors([...cursors, next]) : undefined} />
      ))}
    </div>
  )
}

interface PageProps {
  owner: LotOwner
  after: string | null
  onMore: ((cursor: string) => void) | undefined
}

function useLots({ kind, id, asOf, knownAt }: LotOwner, after: string | null) {
  const variables = { id, asOf: asOf ?? null, knownAt: knownAt ?? null, first: PAGE, after }
  const account = useRead(AccountLotsDocument, variables, { pause: kind !== 'account' })
  const household = useRead(HouseholdLotsDocument, variables, { pause: kind !== 'household' })
  const read = kind === 'account' ? account : household
  return { ...read, value: kind === 'account' ? account.data?.account : household.data?.household }
}

function LotsPage({ owner, after, onMore }: PageProps) {
  const { value, loading, failure, reload } = useLots(owner, after)
  useChanged('ledger', reload)
  return (
    <AnswerView value={value} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={12} />} forbidden={t('forbidden')}>
      {({ lots, lotFindings }) => (
        <>
          {after === null ? <LotHead lots={lots} findings={lotFindings} /> : null}
          {lots.totalCount === 0 ? (
            <EmptyState kind="none" title={t('noLots')}>
              {t('noLotsHint')}
            </EmptyState>
          ) : (
            <LotGrid lots={lots} isHousehold={owner.kind === 'household'} />
          )}
          {lots.pageInfo.hasNextPage && lots.pageInfo.endCursor && onMore ? (
            <p>
              <Button onPress={() => lots.pageInfo.endCursor && onMore(lots.pageInfo.endCursor)}>{t('more')}</Button>
            </p>
          ) : null}
          {after === null && lots.differences.length > 0 ? <Differences rows={lots.differences} isHousehold={owner.kind === 'household'} /> : null}
        </>
      )}
    </AnswerView>
  )
}

function LotHead({ lots, findings }: { lots: LotListFragment; findings: readonly LotFindingPartsFragment[] }) {
  const first = lots.totals[0]
  return (
    <>
      {first ? (
        <div>
          <FigureRow>
            {lots.totals.map((total) => (
              <FigureBlock
                key={`${total.currency} ${total.term ?? ''}`}
                label={t('totalOf', { term: termWord(total.term) })}
                sub={[t('lotCount', { count: total.lotCount }), total.missingCount > 0 ? t('missing', { count: total.missingCount }) : null].filter(Boolean).join(', ')}
              >
                <MoneyFigure figure={total.unrealised} name={t('totalOf', { term: termWord(total.term) })} sign="always" tone="gain" absent={t('unknown')} />
              </FigureBlock>
            ))}
          </FigureRow>
          <BasisLine figure={first.unrealised} className="pt-1" />
        </div>
      ) : null}
      {findings.length > 0 ? <Doubtful findings={findings} /> : null}
    </>
  )
}

/** What of the lots is not fully known, in a sentence each. */
function Doubtful({ findings }: { findings: readonly LotFindingPartsFragment[] }) {
  const { locale } = useEnvironment()
  const [all, setAll] = useState(false)
  const shown = all ? findings : findings.slice(0, FINDINGS_SHOWN)
  return (
    <section aria-label={t('doubtful')}>
      <SectionHeading aside={findings.length}>{t('doubtful')}</SectionHeading>
      <ul>
        {shown.map((finding) => (
          <li key={`${finding.code} ${finding.message} ${finding.account.id} ${finding.day}`} className="flex flex-wrap gap-x-3 border-b border-line py-1.5">
            <Status is="attention" className="whitespace-normal!">
              {finding.message}
            </Status>
            <span className="text-12 text-text-3">
              {finding.account.name}, {formatDate(locale, finding.day)}
            </span>
          </li>
        ))}
      </ul>
      {shown.length < findings.length ? (
        <Button look="link" onPress={() => setAll(true)}>
          {t('doubtfulMore', { count: findings.length - shown.length })}
        </Button>
      ) : null}
    </section>
  )
}

/** Long-term, or how long it still takes. */
function TermCell({ lot }: { lot: LotRowFragment }) {
  if (lot.term === null) return <span className="text-text-3">{t('NONE')}</span>
  if (lot.term === 'LONG' || lot.daysToLongTerm === null) return <>{t(lot.term)}</>
  return <>{t('longIn', { days: lot.daysToLongTerm })}</>
}

function CustodianCell({ lot }: { lot: LotRowFragment }) {
  if (lot.custodianLot === null) return <span className="text-text-3">{t('silent')}</span>
  const agrees = lot.custodianLot.difference === 'AGREES'
  return <Status is={agrees ? 'fine' : 'attention'}>{agrees ? t('agrees') : t(`DIFF_${lot.custodianLot.difference}`)}</Status>
}

function lotColumns(isHousehold: boolean): GridColumn<LotRowFragment>[] {
  const account: GridColumn<LotRowFragment> = {
    id: 'account',
    header: t('account'),
    cell: (row) => <AccountName name={row.account.name} last4={row.account.last4} />,
    width: '1fr',
    minWidth: 96,
    secondary: true,
    from: 860,
  }
  return [
    { id: 'security', header: t('security'), cell: (row) => <SecurityCell security={row.security} isBrief={isHousehold} />, width: '1fr', minWidth: 72, primary: true, copy: (row) => row.security.symbol ?? row.security.name },
    ...(isHousehold ? [account] : []),
    { id: 'acquired', header: t('acquired'), cell: (row) => <Figure kind="date" value={row.acquiredOn} absent={t('unknownDay')} />, width: 104, align: 'right', secondary: true, from: 420, copy: (row) => row.acquiredOn ?? '' },
    { id: 'quantity', header: t('quantity'), cell: (row) => <Figure kind="quantity" value={row.quantity} />, width: 104, align: 'right', from: 640, copy: (row) => row.quantity },
    { id: 'cost', header: t('cost'), cell: (row) => <MoneyFigure figure={row.cost} name={t('cost')} absent={t('unknown')} />, width: 124, align: 'right', from: 560, copy: (row) => row.cost.value ?? '' },
    { id: 'value', header: t('value'), cell: (row) => <MoneyFigure figure={row.marketValue} name={t('value')} absent={t('unknown')} />, width: 124, align: 'right', from: 740, copy: (row) => row.marketValue.value ?? '' },
    {
      id: 'unrealised',
      header: t('unrealised'),
      cell: (row) => <MoneyFigure figure={row.unrealised} name={t('unrealised')} sign="always" tone="gain" absent={t('unknown')} className="font-medium" />,
      width: 124,
      align: 'right',
      copy: (row) => row.unrealised.value ?? '',
    },
    { id: 'term', header: t('term'), cell: (row) => <TermCell lot={row} />, width: 160, secondary: true, from: isHousehold ? 1080 : 980 },
    { id: 'custodian', header: t('custodian'), cell: (row) => <CustodianCell lot={row} />, width: 128, secondary: true, from: isHousehold ? 1220 : 1140 },
  ]
}

function LotGrid({ lots, isHousehold }: { lots: LotListFragment; isHousehold: boolean }) {
  const rows = useMemo(() => lots.edges.map(({ node }) => node), [lots])
  const columns = useMemo(() => lotColumns(isHousehold), [isHousehold])
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  return (
    <DataGrid
      label={t('lotsOf')}
      rows={rows}
      rowId={(row) => `${row.id} ${row.account.id} ${row.security.id}`}
      rowName={(row) => `${row.security.name} ${row.acquiredOn ?? ''}`}
      columns={columns}
      totalRows={lots.totalCount ?? undefined}
      scroll="page"
      expanded={expanded}
      onExpand={setExpanded}
      renderExpanded={(row) => <LotDetail lot={row} />}
    />
  )
}

function Term({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-12 text-text-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** The three views of its basis, where it came from, and what the custodian says of its day. */
function LotDetail({ lot }: { lot: LotRowFragment }) {
  const { locale } = useEnvironment()
  const { pathname } = useLocation()
  const theirs = lot.custodianLot
  return (
    <div className="grid gap-3 py-1 pl-9 max-sm:pl-0">
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        <Term name={t('account')}>
          <AccountName name={lot.account.name} last4={lot.account.last4} />
        </Term>
        <Term name={t('portfolio')}>{lot.portfolioName}</Term>
        <Term name={t('quantity')}>
          <Figure kind="quantity" value={lot.quantity} />
        </Term>
        <Term name={t('acquired')}>
          <Figure kind="date" value={lot.acquiredOn} absent={t('unknownDay')} />
        </Term>
        <Term name={t('heldFrom')}>
          <Figure kind="date" value={lot.heldFrom} absent={t('unknownDay')} />
        </Term>
        <Term name={t('term')}>
          <TermCell lot={lot} />
        </Term>
        <Term name={t('broughtBy')}>
          {t(`origin_${lot.origin}`)} <span className="identifier text-text-2">{lot.openedBy}</span>
        </Term>
      </dl>
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        <Term name={t('bookBasis')}>
          <MoneyFigure figure={lot.cost} name={t('bookBasis')} absent={t('unknown')} />
        </Term>
        <Term name={t('custodianBasis')}>
          <MoneyFigure figure={lot.custodianBasis} name={t('custodianBasis')} absent={t('unknown')} />
        </Term>
        <Term name={t('economicBasis')}>
          <MoneyFigure figure={lot.economicBasis} name={t('economicBasis')} absent={t('unknown')} />
        </Term>
        {theirs ? (
          <Term name={t('theirs')}>
            {t('theirsLine', {
              quantity: theirs.theirQuantity === null ? t('unknown') : formatQuantity(locale, theirs.theirQuantity),
              cost: theirs.theirBasis === null ? t('unknown') : formatMoney(locale, theirs.theirBasis, { currency: lot.currency }),
              date: formatDate(locale, theirs.reportedOn),
            })}
          </Term>
        ) : null}
      </dl>
      {lot.reasons.map((reason) => (
        <p key={reason.code} className="text-12 text-text-2">
          <Status is="attention" className="whitespace-normal!">
            {reason.message}
          </Status>
        </p>
      ))}
      <p className="flex flex-wrap gap-x-6 gap-y-1">
        <PathLink to={`/securities/${encodeURIComponent(lot.security.id)}`} className="font-medium text-accent hover:underline">
          {lot.security.name}
        </PathLink>
        {signOf(lot.quantity) > 0 ? (
          <PathLink to={checkPath(pathname, { account: lot.account.id, security: lot.security.id, side: 'SELL', units: plain(lot.quantity) })} className="font-medium text-accent hover:underline">
            {t('checkSale')}
          </PathLink>
        ) : null}
      </p>
    </div>
  )
}

/** Lots of a day of acquisition that the two sides do not have alike. */
function Differences({ rows, isHousehold }: { rows: readonly LotsBesidePartsFragment[]; isHousehold: boolean }) {
  const columns = useMemo<GridColumn<LotsBesidePartsFragment>[]>(
    () => [
      { id: 'security', header: t('security'), cell: (row) => <SecurityCell security={row.security} isBrief={isHousehold} />, width: '1fr', minWidth: 72, primary: true },
      ...(isHousehold ? [{ id: 'account', header: t('account'), cell: (row: LotsBesidePartsFragment) => row.account.name, width: '1fr' as const, minWidth: 96, secondary: true, from: 860 }] : []),
      { id: 'acquired', header: t('acquired'), cell: (row) => <Figure kind="date" value={row.acquiredOn} absent={t('unknownDay')} />, width: 104, align: 'right', secondary: true },
      { id: 'ours', header: t('ours'), cell: (row) => <Figure kind="quantity" value={row.ourQuantity} absent={t('unknown')} />, width: 104, align: 'right', from: 560 },
      { id: 'theirs', header: t('custodian'), cell: (row) => <Figure kind="quantity" value={row.theirQuantity} absent={t('unknown')} />, width: 104, align: 'right', from: 560 },
      { id: 'ourBasis', header: t('ourBasis'), cell: (row) => <Figure kind="money" value={row.ourBasis} currency={row.currency} absent={t('unknown')} />, width: 124, align: 'right', from: 760 },
      { id: 'theirBasis', header: t('theirBasis'), cell: (row) => <Figure kind="money" value={row.theirBasis} currency={row.currency} absent={t('unknown')} />, width: 124, align: 'right', from: 760 },
      { id: 'state', header: t('state'), cell: (row) => <Status is="attention">{t(`DIFF_${row.difference}`)}</Status>, width: 148, secondary: true },
    ],
    [isHousehold],
  )
  return (
    <section aria-label={t('differences')} className="min-w-0">
      <SectionHeading aside={rows.length}>{t('differences')}</SectionHeading>
      <DataGrid label={t('differences')} rows={rows} rowId={(row) => `${row.account.id} ${row.security.id} ${row.acquiredOn ?? ''}`} rowName={(row) => row.security.name} columns={columns} scroll="page" />
    </section>
  )
}
