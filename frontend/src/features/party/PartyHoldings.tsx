import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { formatDate } from '@/domain/dates'
import type { PartyShareFragment } from '@/generated/graphql'
import { can } from '@/domain/permissions'
import { AccountName } from '@/ui/AccountName'
import { codeName } from '@/ui/codeWords'
import { Button } from '@/ui/Button'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { Figure, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { partyWord } from '@/ui/party/words'
import { EmptyState } from '@/ui/States'
import { StatusShape } from '@/ui/Status'
import type { PartyAct } from './PartyActions'
import type { Party } from './PartyPage'
import { t } from './words'

type AccountRow = Party['accounts']['edges'][number]['node']
interface Dated {
  asOf?: string
}

function accountColumns(partyId: string, search: Dated): GridColumn<AccountRow>[] {
  const own = (row: AccountRow) => row.owners.filter((owner) => owner.party.id === partyId)
  return [
    {
      id: 'account',
      header: t('account'),
      cell: (row) => (
        <Link to="/accounts/$id" params={{ id: row.id }} search={search} className="hover:underline">
          <AccountName name={row.name} last4={row.accountNumberLast4} />
        </Link>
      ),
      width: '2fr',
      minWidth: 140,
      primary: true,
      copy: (row) => row.name,
    },
    { id: 'kind', header: t('kind'), cell: (row) => codeName(row.accountType), width: '1fr', minWidth: 160, secondary: true, from: 740 },
    { id: 'role', header: t('role'), cell: (row) => own(row).map((owner) => partyWord('owner', owner.role)).join(', '), width: '1fr', minWidth: 120, secondary: true, from: 440 },
    {
      id: 'share',
      header: t('share'),
      cell: (row) => {
        const share = own(row).find((owner) => owner.share !== null)?.share
        return share ? <Figure kind="percent" value={share} /> : null
      },
      width: 80,
      align: 'right',
      from: 520,
    },
    {
      id: 'value',
      header: t('value'),
      cell: (row) => (
        <span className="inline-flex items-center gap-1.5">
          {row.marketValue.quality === 'COMPLETE' ? null : <StatusShape is={row.marketValue.quality === 'UNAVAILABLE' ? 'waiting' : 'attention'} />}
          <MoneyFigure figure={row.marketValue} name={row.name} />
        </span>
      ),
      width: 148,
      align: 'right',
      copy: (row) => row.marketValue.value ?? '',
    },
  ]
}

/** Accounts, entities it owns, its owners and its debts. */
export function PartyHoldings({ party, search, onAct }: { party: Party; search: Dated; onAct: (act: PartyAct) => void }) {
  const navigate = useNavigate()
  const columns = useMemo(() => accountColumns(party.id, search), [party.id, search])
  const rows = useMemo(() => party.accounts.edges.map(({ node }) => node), [party])
  return (
    <>
      <section aria-label={t('accounts')} className="min-w-0">
        <SectionHeading aside={party.accounts.totalCount ?? rows.length}>{t('accounts')}</SectionHeading>
        <DataGrid
          label={t('accountsLabel', { name: party.name })}
          rows={rows}
          rowId={(row) => row.id}
          rowName={(row) => row.name}
          columns={columns}
          scroll="page"
          onOpen={(row) => void navigate({ to: '/accounts/$id', params: { id: row.id }, search })}
          empty={
            <EmptyState kind="none" title={t('noAccounts')} className="py-4">
              {t('noAccountsHint', { name: party.name })}
            </EmptyState>
          }
        />
        {party.accounts.pageInfo.hasNextPage ? <p className="pt-2 text-12 text-text-3">{t('moreAccounts', { count: rows.length })}</p> : null}
      </section>
      <Shares title={t('owns')} label={t('ownsLabel', { name: party.name })} shares={party.holdings} search={search} />
      {party.kind === 'PERSON' ? null : (
        <Shares
          title={t('ownedBy')}
          label={t('ownedByLabel', { name: party.name })}
          shares={party.ownerships}
          search={search}
          none={t('noOwners')}
          noneHint={t('noOwnersHint')}
          aside={
            can(party, 'EDIT_PARTY') ? (
              <Button look="link" size="sm" onPress={() => onAct('owners')}>
                {t('editOwners')}
              </Button>
            ) : null
          }
        />
      )}
      <Debts party={party} />
    </>
  )
}

interface SharesProps {
  title: string
  label: string
  shares: readonly PartyShareFragment[]
  search: Dated
  aside?: ReactNode
  /** What is said when there are none; without it the part is left out. */
  none?: string
  noneHint?: string
}

function Shares({ title, label, shares, search, aside, none, noneHint }: SharesProps) {
  const { locale } = useEnvironment()
  if (shares.length === 0 && !none) return null
  return (
    <section aria-label={title}>
      <SectionHeading aside={aside ?? shares.length}>{title}</SectionHeading>
      {shares.length === 0 && none ? (
        <EmptyState kind="first" title={none} className="py-4">
          {noneHint}
        </EmptyState>
      ) : null}
      <ul aria-label={label}>
        {shares.map(({ party, share, effectiveFrom, effectiveTo }) => (
          <li key={`${party.id} ${effectiveFrom}`} className="flex min-h-10 items-center justify-between gap-3 border-b border-line">
            <span className="min-w-0">
              <Link to="/parties/$id" params={{ id: party.id }} search={search} className="font-medium hover:underline">
                {party.name}
              </Link>
              <span className="ml-2 text-12 text-text-3">{partyWord('kind', party.kind)}</span>
            </span>
            <span className="text-right">
              <Figure kind="percent" value={share} className="font-medium" />
              <span className="ml-3 text-12 text-text-3">
                {t('since', { date: formatDate(locale, effectiveFrom) })}
                {effectiveTo ? ` ${t('until', { date: formatDate(locale, effectiveTo) })}` : ''}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Debts({ party }: { party: Party }) {
  const { locale } = useEnvironment()
  if (party.liabilities.length === 0) return null
  return (
    <section aria-label={t('debts')}>
      <SectionHeading aside={party.liabilities.length}>{t('debts')}</SectionHeading>
      <ul aria-label={t('debtsOf', { name: party.name })}>
        {party.liabilities.map((debt) => (
          <li key={debt.id} className="flex min-h-10 items-center justify-between gap-3 border-b border-line">
            <span className="min-w-0">
              <Link to="/debts/$id" params={{ id: debt.id }} className="font-medium hover:underline">
                {debt.name}
              </Link>
              <span className="ml-2 text-12 text-text-3">
                {debt.balanceDate ? t('balanceOn', { kind: partyWord('debt', debt.kind), date: formatDate(locale, debt.balanceDate) }) : partyWord('debt', debt.kind)}
              </span>
            </span>
            <MoneyFigure figure={debt.balance} name={debt.name} className="font-medium" />
          </li>
        ))}
      </ul>
    </section>
  )
}
