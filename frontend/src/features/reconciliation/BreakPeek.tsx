import { Link } from '@tanstack/react-router'
import SquareArrowOutUpRight from 'lucide-react/icons/square-arrow-out-up-right'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { startRead, useData, useMay, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate, formatInstant } from '@/domain/dates'
import { plain } from '@/domain/decimal'
import { minorPlaces } from '@/domain/format'
import { emptyEntry, TRANSACTION_TYPES, type TransactionEntry } from '@/domain/ledger'
import { can } from '@/domain/permissions'
import { NotesPanel } from '@/desk/NotesPanel'
import { BreakEvidenceDocument, BreakPeekDocument, type BreakEvidenceQuery, type BreakPeekQuery, type BreakRowFragment } from '@/generated/graphql'
import { AccountName } from '@/ui/AccountName'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { Drawer } from '@/ui/Drawer'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { Icon } from '@/ui/Icon'
import { Skeleton, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { BreakActs } from './BreakActs'
import { Difference, nameOf, Side, stateOf } from './columns'
import { t } from './words'

const PostDialog = lazy(() => import('@/ledger/PostDialog').then((m) => ({ default: m.PostDialog })))

type Peeked = Extract<NonNullable<BreakPeekQuery['node']>, { __typename: 'ReconciliationBreak' }>
type Cause = Peeked['causes'][number]
type Evidence = NonNullable<NonNullable<BreakEvidenceQuery['account']>['custodianPositions']>

interface BreakPeekProps {
  id: string
  rows: readonly { id: string }[]
  total: number | null
  onMove: (id: string | null) => void
}

/** One difference beside the list: both sides, what may lie behind it, and what can be done. */
export function BreakPeek({ id, rows, total, onMove }: BreakPeekProps) {
  const { data, loading, failure, reload } = useRead(BreakPeekDocument, { id })
  const { client } = useData()
  useEffect(() => startRead(client, BreakPeekDocument, { id }), [client, id])
  useChanged('reconciliation', reload)
  const at = rows.findIndex((row) => row.id === id)
  const previous = at > 0 ? rows[at - 1] : undefined
  const next = at >= 0 ? rows[at + 1] : undefined
  const close = useCallback(() => onMove(null), [onMove])
  const found = data?.node?.__typename === 'ReconciliationBreak' ? data.node : undefined
  return (
    <Drawer
      label={found ? t('peek', { name: found.account.name }) : t('peekLoading')}
      onClose={close}
      onPrevious={previous ? () => onMove(previous.id) : undefined}
      onNext={next ? () => onMove(next.id) : undefined}
      {...(at >= 0 ? { position: { at: at + 1, of: total } } : {})}
      open={
        found ? (
          <Link
            to="/accounts/$id/custodian"
            params={{ id: found.account.id }}
            aria-label={t('openAccount')}
            className="inline-flex size-7 items-center justify-center rounded-control hover:bg-hover"
          >
            <Icon of={SquareArrowOutUpRight} />
          </Link>
        ) : null
      }
      foot={found ? <BreakActs row={found} /> : null}
    >
      <AnswerView
        value={found}
        loading={loading}
        failure={failure}
        onRetry={reload}
        skeleton={
          <div className="grid gap-4">
            <Skeleton className="h-7 w-56" />
            <SkeletonRows rows={6} />
          </div>
        }
        missing={{ title: t('peekMissing'), hint: t('peekMissingHint') }}
      >
        {(row) => <PeekBody row={row} />}
      </AnswerView>
    </Drawer>
  )
}

function PeekBody({ row }: { row: Peeked }) {
  const state = stateOf(row)
  const mayNote = useMay('notes.write')
  return (
    <div className="grid gap-4">
      <div>
        <h2 className="text-20 font-semibold display">
          <Link to="/accounts/$id" params={{ id: row.account.id }} className="hover:underline">
            <AccountName name={row.account.name} last4={row.account.last4} />
          </Link>
        </h2>
        <p className="flex flex-wrap gap-x-3 text-12 text-text-2">
          <Status is={state.shape}>{state.word}</Status>
          <span>{t(`kind${row.kind}`)}</span>
          {row.custodian ? <span>{row.custodian}</span> : null}
          <span>{t('sessions', { count: row.ageSessions })}</span>
        </p>
      </div>
      <div className="flex flex-wrap gap-x-8 gap-y-3 border-y border-line-strong py-3">
        <FigureBlock label={t('difference')} size="lg" sub={nameOf(row)}>
          <Difference row={row} />
        </FigureBlock>
        <FigureBlock label={t('worth')} secondary>
          <Figure kind="money" value={row.worth} currency={row.currency} absent={t('notPriced')} />
        </FigureBlock>
        <FigureBlock label={t('owner')} secondary>
          {row.owner?.name ?? t('nobody')}
        </FigureBlock>
      </div>
      <Standing row={row} />
      <BothSides row={row} />
      {row.state === 'OPEN' ? <Causes row={row} /> : null}
      <NotesPanel subjectId={noted(row.id)} name={row.message} mayWrite={mayNote} />
    </div>
  )
}

/** What can be noted on is named by its bare key. */
const noted = (id: string) => btoa(`Subject:${atob(id).split(':')[1] ?? ''}`)

function Standing({ row }: { row: BreakRowFragment }) {
  const { locale, timeZone } = useEnvironment()
  if (row.state === 'CLEARED') return <p className="text-text-2">{t('clearedWords')}</p>
  if (row.state === 'SIGNED_OFF' && row.decidedAt) {
    return (
      <p className="text-text-2">
        {t('signedOffBy', { name: row.decidedBy?.name ?? '', when: formatInstant(locale, row.decidedAt, timeZone), reason: row.reason ?? '' })}
      </p>
    )
  }
  if (!row.waitingFor) return null
  return (
    <p className="text-text-2">
      {t('waitsFor', { name: row.waitingFor.askedBy, when: formatInstant(locale, row.waitingFor.askedAt, timeZone) })}{' '}
      <Link to="/approvals/$id" params={{ id: row.waitingFor.approvalId }} className="font-medium text-accent hover:underline">
        {t('openApproval')}
      </Link>
    </p>
  )
}

function BothSides({ row }: { row: Peeked }) {
  const { locale, timeZone } = useEnvironment()
  const { data } = useRead(BreakEvidenceDocument, { accountId: row.account.id, asOf: row.day })
  const evidence = data?.account?.custodianPositions
  const here = evidence?.rows.find((each) => (row.security ? each.security?.id === row.security.id : each.security === null && each.currency === row.currency))
  return (
    <section aria-label={t('bothSides', { date: formatDate(locale, row.day) })}>
      <SectionHeading level={3} aside={evidence ? t('received', { when: formatInstant(locale, evidence.receivedAt, timeZone) }) : null}>
        {t('bothSides', { date: formatDate(locale, row.day) })}
      </SectionHeading>
      <table className="w-full">
        <thead className="text-12 text-text-2">
          <tr className="h-8 border-b border-line">
            <th scope="col">
              <span className="sr-only">{t('about')}</span>
            </th>
            <th scope="col" className="text-right font-medium">
              {t('sideOurs')}
            </th>
            <th scope="col" className="text-right font-medium">
              {t('sideTheirs')}
            </th>
          </tr>
        </thead>
        <tbody>
          <SideRow label={row.kind === 'LOTS' ? t('kindLOTS') : row.kind === 'CASH' ? t('kindCASH') : row.kind === 'QUANTITY' ? t('kindQUANTITY') : t('kindMARKET_VALUE')}>
            <Side row={row} value={row.ours} strong />
            <Side row={row} value={row.theirs} strong />
          </SideRow>
          {here && row.security ? <Rest row={row} here={here} /> : null}
        </tbody>
      </table>
      {here?.custodianKey ? <p className="pt-1 text-12 text-text-3">{t('calledThere', { key: here.custodianKey })}</p> : null}
      <OtherRows row={row} evidence={evidence} />
    </section>
  )
}

function Rest({ row, here }: { row: Peeked; here: Evidence['rows'][number] }) {
  return (
    <>
      {row.kind === 'QUANTITY' ? null : (
        <SideRow label={t('kindQUANTITY')}>
          <Figure kind="quantity" value={here.ours} absent={t('none')} />
          <Figure kind="quantity" value={here.theirs} absent={t('none')} />
        </SideRow>
      )}
      <SideRow label={t('price')}>
        <Figure kind="price" value={here.ourPrice} absent={t('notPriced')} />
        <Figure kind="price" value={here.theirPrice} absent={t('none')} />
      </SideRow>
      {row.kind === 'MARKET_VALUE' ? null : (
        <SideRow label={t('value')}>
          <Figure kind="money" value={here.ourValue} currency={here.currency} absent={t('notPriced')} />
          <Figure kind="money" value={here.theirValue} currency={here.currency} absent={t('none')} />
        </SideRow>
      )}
    </>
  )
}

function SideRow({ label, children }: { label: string; children: [React.ReactNode, React.ReactNode] }) {
  return (
    <tr className="h-8 border-b border-line">
      <th scope="row" className="text-left font-normal text-text-2">
        {label}
      </th>
      <td className="text-right">{children[0]}</td>
      <td className="text-right">{children[1]}</td>
    </tr>
  )
}

/** What else of the account differs on the day: two differences are often one event. */
function OtherRows({ row, evidence }: { row: Peeked; evidence: Evidence | null | undefined }) {
  const others = (evidence?.rows ?? []).filter((each) => each.breaks.length > 0 && (row.security ? each.security?.id !== row.security.id : each.security !== null))
  if (others.length === 0) return null
  return (
    <div className="pt-3">
      <h4 className="text-12 font-medium text-text-2">{t('others')}</h4>
      <ul>
        {others.map((each) => (
          <li key={`${each.security?.id ?? ''} ${each.currency}`} className="flex min-h-8 items-center justify-between gap-3 border-b border-line">
            <span className="truncate">{each.security?.symbol ?? each.security?.name ?? `${t('kindCASH')} ${each.currency}`}</span>
            <Figure kind={each.security ? 'quantity' : 'money'} value={each.difference} currency={each.currency} sign="always" />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Causes({ row }: { row: Peeked }) {
  return (
    <section aria-label={t('causes')}>
      <SectionHeading level={3}>{t('causes')}</SectionHeading>
      {row.causes.length === 0 ? (
        <div className="py-2 text-text-2">
          <p className="font-medium text-text">{t('noCauses')}</p>
          <p>{t('noCausesHint')}</p>
        </div>
      ) : (
        <ul className="grid gap-3 pt-2">
          {row.causes.map((cause) => (
            <CauseItem key={`${cause.code} ${cause.message}`} row={row} cause={cause} />
          ))}
        </ul>
      )}
    </section>
  )
}

function CauseItem({ row, cause }: { row: Peeked; cause: Cause }) {
  const [posting, setPosting] = useState(false)
  const [posted, setPosted] = useState(false)
  const { data } = useRead(BreakEvidenceDocument, { accountId: row.account.id, asOf: row.day })
  const account = data?.account
  const { entry } = cause
  const may = entry !== null && account !== undefined && account !== null && can(account, 'POST_TRANSACTION')
  const close = () => setPosting(false)
  return (
    <li className="rounded-surface border border-line p-3">
      <p className="font-semibold">{t(`cause${cause.code}`)}</p>
      <p className="text-text-2">{cause.message}</p>
      <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
        {posted ? (
          <p role="status" className="text-text-2">
            {t('posted')}
          </p>
        ) : may ? (
          <Button size="sm" onPress={() => setPosting(true)}>
            {t('postIt')}
          </Button>
        ) : null}
        {cause.transactionIds.length > 0 || cause.code === 'UNBOOKED_SPLIT' ? (
          <Link to="/accounts/$id/activity" params={{ id: row.account.id }} className="inline-flex h-7 items-center font-medium text-accent hover:underline">
            {t('seeActivity')}
          </Link>
        ) : null}
        {cause.code === 'PRICE' && row.security ? (
          <Link to="/prices" search={{ security: row.security.id }} className="inline-flex h-7 items-center font-medium text-accent hover:underline">
            {t('seePrices')}
          </Link>
        ) : null}
      </div>
      {posting && entry && account ? (
        <Suspense fallback={null}>
          <PostCause account={account} entry={entry} message={cause.message} onClose={close} onPosted={() => setPosted(true)} />
        </Suspense>
      ) : null}
    </li>
  )
}

interface PostCauseProps {
  account: { id: string; name: string; currency: string }
  entry: NonNullable<Cause['entry']>
  message: string
  onClose: () => void
  onPosted: () => void
}

function PostCause({ account, entry, onClose, onPosted }: PostCauseProps) {
  const prefilled = useMemo(() => entryOf(entry, account.currency), [entry, account.currency])
  const security = entry.security ? { id: entry.security.id, label: entry.security.symbol ?? entry.security.name, detail: entry.security.name } : null
  return <PostDialog account={account} prefilled={prefilled} security={security} onClose={onClose} onPosted={onPosted} />
}

/** The suggestion as the dialog takes it: every value stays to be changed. */
export function entryOf(entry: NonNullable<Cause['entry']>, currency: string): TransactionEntry {
  const type = TRANSACTION_TYPES.find((each) => each === entry.type)
  return {
    ...emptyEntry(entry.tradeDate),
    ...(type ? { type } : {}),
    externalId: entry.externalId,
    tradeDate: entry.tradeDate,
    securityId: entry.security?.id ?? null,
    quantity: entry.quantity === null ? '' : plain(entry.quantity),
    price: entry.price === null ? '' : plain(entry.price, minorPlaces(currency)),
    amount: plain(entry.amount, minorPlaces(currency)),
  }
}
