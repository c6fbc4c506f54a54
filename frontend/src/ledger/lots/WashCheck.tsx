import { useMemo, useRef, useState } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import type { LotSearch } from '@/domain/lots'
import { WashAccountDocument, WashCheckDocument, WashFamilyDocument, WashOwnersDocument, WashSecurityDocument } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import type { Found } from '@/ui/SearchPicker'
import { EmptyState, Skeleton, SkeletonRows } from '@/ui/States'
import { useNarrow } from '@/ui/useNarrow'
import type { LotOwner } from './OpenLots'
import { WashForm, type Trade } from './WashForm'
import { WashOutcome, type OwnersOf } from './WashOutcome'
import { w } from './washWords'

interface WashCheckProps {
  owner: LotOwner
  search: LotSearch
  onSearch: (trade: Trade) => void
}

const NO_ACCOUNTS: readonly Found[] = []

/** What a trade would wash before it is made: the form at the left, the answer to what the address names at the right. */
export function WashCheck({ owner, search, onSearch }: WashCheckProps) {
  const { accounts, ownersOf, loading, failure, reload } = useFamily(owner)
  const security = useSecurity(search.security).data?.security
  const account = owner.kind === 'account' ? owner.id : search.account
  // The form begins with what the address says and is its own from then on: asking takes nothing out of it.
  const [first] = useState({ ...search, account })
  const begun = useSecurity(first.security)
  const outcome = useRef<HTMLElement>(null)
  const narrow = useNarrow()
  const send = (trade: Trade) => {
    onSearch(trade)
    // Below the form nobody would see that the answer is there.
    if (narrow) outcome.current?.scrollIntoView({ block: 'start' })
  }
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] items-start gap-x-10 gap-y-6 lg:grid-cols-[280px_minmax(0,1fr)]">
      <section aria-label={w('form')} className="grid gap-4">
        <p className="text-text-2">{w('intro')}</p>
        <AnswerView value={begun.loading ? null : accounts} loading={loading || begun.loading} failure={failure} onRetry={reload} skeleton={<FormOutline />}>
          {(known) => <WashForm accounts={owner.kind === 'household' ? known : null} initial={first} initialSecurity={begun.data?.security ? foundOf(begun.data.security) : null} onSend={send} />}
        </AnswerView>
      </section>
      <section ref={outcome} aria-label={w('outcome')} className="min-w-0 scroll-mt-4 max-lg:min-h-96" aria-live="polite">
        {account && search.security && search.units ? (
          <Answer
            trade={{ account, security: search.security, side: search.side ?? 'SELL', units: search.units, price: search.price, day: search.day }}
            securityName={security ? foundOf(security).label : ''}
            priceCurrency={security?.currency ?? null}
            accounts={accounts ?? NO_ACCOUNTS}
            ownersOf={ownersOf}
          />
        ) : (
          <EmptyState kind="first" title={w('nothingAsked')} className="lg:pt-0">
            {w('nothingAskedHint')}
          </EmptyState>
        )}
      </section>
    </div>
  )
}

const useSecurity = (id: string | undefined) => useRead(WashSecurityDocument, { id: id ?? '' }, { pause: id === undefined })

const foundOf = ({ id, symbol, name }: { id: string; symbol: string | null; name: string }): Found => ({ id, label: symbol ?? name, detail: name })

function FormOutline() {
  return (
    <div className="grid gap-4">
      {['side', 'security', 'units', 'day'].map((field) => (
        <Skeleton key={field} className="h-9" />
      ))}
    </div>
  )
}

interface AnswerProps {
  trade: Trade
  securityName: string
  accounts: readonly Found[]
  ownersOf: OwnersOf
  priceCurrency: string | null
}

function Answer({ trade, ...known }: AnswerProps) {
  const { data, loading, failure, reload } = useRead(WashCheckDocument, {
    accountId: trade.account,
    securityId: trade.security,
    type: trade.side,
    quantity: trade.units,
    price: trade.price ?? null,
    tradeDate: trade.day ?? null,
  })
  useChanged('ledger', reload)
  const accountName = known.accounts.find(({ id }) => id === trade.account)?.label ?? ''
  return (
    <AnswerView value={data?.washSaleCheck} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={6} />} forbidden={w('forbidden')}>
      {(check) => <WashOutcome check={check} accountName={accountName} {...known} />}
    </AnswerView>
  )
}

/** The accounts a trade may be in, and whose they are: of the household, or of the account's own one. */
function useFamily(owner: LotOwner) {
  const own = useRead(WashAccountDocument, { id: owner.id }, { pause: owner.kind !== 'account' })
  const householdId = owner.kind === 'household' ? owner.id : (own.data?.account?.households[0]?.id ?? null)
  const family = useRead(WashFamilyDocument, { id: householdId ?? '' }, { pause: householdId === null })
  // Who may not know the owners is told the accounts alone.
  const owners = useRead(WashOwnersDocument, { id: householdId ?? '' }, { pause: householdId === null })
  const edges = family.data?.household?.accounts.edges
  const account = own.data?.account
  const accounts = useMemo(() => {
    const known = edges?.flatMap(({ node }) => (node.closedOn === null ? [{ id: node.id, label: node.name, detail: node.accountNumberLast4 }] : []))
    if (owner.kind === 'household') return known
    return account ? [{ id: account.id, label: account.name, detail: account.accountNumberLast4 }, ...(known ?? []).filter(({ id }) => id !== account.id)] : undefined
  }, [edges, account, owner.kind])
  const owned = owners.data?.household?.accounts.edges
  const ownersOf = useMemo<OwnersOf>(() => new Map(owned?.map(({ node }) => [node.id, namesOf(node.owners)])), [owned])
  const first = owner.kind === 'household' ? family : own
  return { accounts, ownersOf, loading: first.loading, failure: first.failure, reload: first.reload }
}

const OWNS: ReadonlySet<string> = new Set(['OWNER', 'JOINT_SURVIVORSHIP', 'JOINT_COMMON', 'MINOR', 'GRANTOR'])

function namesOf(owners: readonly { role: string; party: { name: string } }[]): string {
  return owners
    .filter(({ role }) => OWNS.has(role))
    .map(({ party }) => party.name)
    .join(', ')
}
