import type { BreakRowFragment } from '@/generated/graphql'
import { AccountName } from '@/ui/AccountName'
import type { GridColumn } from '@/ui/DataGrid'
import { Figure } from '@/ui/Figure'
import { SEVERITY_STATUS } from '@/ui/Findings'
import { Status, StatusShape, type StatusKind } from '@/ui/Status'
import { t } from './words'

/** Units for securities, money for cash and values; a side that says nothing says so. */
export function Side({ row, value, strong = false }: { row: Pick<BreakRowFragment, 'kind' | 'currency'>; value: string | null; strong?: boolean }) {
  const money = row.kind === 'CASH' || row.kind === 'MARKET_VALUE'
  return <Figure kind={money ? 'money' : 'quantity'} value={value} currency={row.currency} absent={t('none')} className={strong ? 'font-medium' : ''} />
}

export function Difference({ row }: { row: BreakRowFragment }) {
  const money = row.kind === 'CASH' || row.kind === 'MARKET_VALUE'
  return <Figure kind={money ? 'money' : 'quantity'} value={row.difference} currency={row.currency} sign="always" className="font-medium" />
}

export const nameOf = (row: Pick<BreakRowFragment, 'security' | 'currency'>) => row.security?.symbol ?? row.security?.name ?? row.currency

export function stateOf(row: BreakRowFragment): { shape: StatusKind; word: string } {
  if (row.state === 'CLEARED') return { shape: 'fine', word: t('stCleared') }
  if (row.state === 'SIGNED_OFF') return { shape: 'fine', word: t('stSignedOff') }
  return row.waitingFor ? { shape: 'progress', word: t('stWaiting') } : { shape: SEVERITY_STATUS[row.severity], word: t('stOpen') }
}

export function breakColumns(): GridColumn<BreakRowFragment>[] {
  return [
    {
      id: 'account',
      header: t('account'),
      cell: (row) => (
        <span className="inline-flex max-w-full items-center gap-2">
          <StatusShape is={stateOf(row).shape} />
          <span className="truncate">
            <AccountName name={row.account.name} last4={row.account.last4} />
          </span>
        </span>
      ),
      width: '2fr',
      minWidth: 172,
      primary: true,
      copy: (row) => row.account.name,
    },
    { id: 'custodian', header: t('custodian'), cell: (row) => row.custodian ?? '', width: '1fr', minWidth: 112, secondary: true, from: 1260 },
    { id: 'kind', header: t('kind'), cell: (row) => t(`kind${row.kind}`), width: 104, secondary: true, from: 620 },
    { id: 'about', header: t('about'), cell: nameOf, width: 84, from: 480 },
    { id: 'day', header: t('day'), cell: (row) => <Figure kind="date" value={row.day} dateStyle="short" />, width: 68, align: 'right', secondary: true, from: 1130 },
    { id: 'ours', header: t('ours'), cell: (row) => <Side row={row} value={row.ours} />, width: 116, align: 'right', from: 800, copy: (row) => row.ours ?? '' },
    { id: 'theirs', header: t('theirs'), cell: (row) => <Side row={row} value={row.theirs} />, width: 116, align: 'right', from: 800, copy: (row) => row.theirs ?? '' },
    { id: 'difference', header: t('difference'), cell: (row) => <Difference row={row} />, width: 120, align: 'right', copy: (row) => row.difference },
    {
      id: 'worth',
      header: t('worth'),
      cell: (row) => <Figure kind="money" value={row.worth} currency={row.currency} absent={t('notPriced')} />,
      width: 116,
      align: 'right',
      from: 940,
      copy: (row) => row.worth ?? '',
    },
    { id: 'age', header: t('age'), cell: (row) => t('sessions', { count: row.ageSessions }), width: 92, align: 'right', secondary: true, from: 1040 },
    { id: 'owner', header: t('owner'), cell: (row) => row.owner?.name ?? '', width: 112, secondary: true, from: 1390 },
    {
      id: 'state',
      header: t('status'),
      cell: (row) => <Status is={stateOf(row).shape}>{stateOf(row).word}</Status>,
      width: 124,
      secondary: true,
      from: 1530,
    },
  ]
}
