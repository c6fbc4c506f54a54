import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { usePages } from '@/data'
import { SecurityHoldersDocument, type SecurityHoldersQuery } from '@/generated/graphql'
import { AccountName } from '@/ui/AccountName'
import { AnswerView } from '@/ui/AnswerView'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { Figure, MoneyFigure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { t } from './words'

type Holder = NonNullable<SecurityHoldersQuery['security']>['holders']['edges'][number]['node']

const PAGE = 50
const NONE = { edges: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 }

const COLUMNS: GridColumn<Holder>[] = [
  {
    id: 'account',
    header: t('account'),
    cell: ({ account }) => (
      <Link to="/accounts/$id" params={{ id: account.id }} className="hover:underline">
        <AccountName name={account.name} last4={account.last4} />
      </Link>
    ),
    width: '2fr',
    minWidth: 140,
    primary: true,
    copy: ({ account }) => account.name,
  },
  { id: 'quantity', header: t('quantity'), cell: (row) => <Figure kind="quantity" value={row.quantity} />, width: 120, align: 'right', from: 440, copy: (row) => row.quantity },
  {
    id: 'value',
    header: t('worth'),
    cell: (row) => <MoneyFigure figure={row.marketValue} name={row.account.name} className="font-medium" />,
    width: 148,
    align: 'right',
    copy: (row) => row.marketValue.value ?? '',
  },
]

/** The accounts that hold it, as far as this person may see them. */
export function Holders({ id, name }: { id: string; name: string }) {
  const navigate = useNavigate()
  const pages = usePages({ document: SecurityHoldersDocument, variables: { id, first: PAGE }, connection: (data) => data.security?.holders ?? NONE })
  const label = useMemo(() => t('holdersLabel', { name }), [name])
  return (
    <section aria-label={t('holders')} className="min-w-0">
      <SectionHeading aside={pages.totalCount}>{t('holders')}</SectionHeading>
      <AnswerView
        value={pages.loading || (pages.failure && pages.rows.length === 0) ? null : pages.rows}
        loading={pages.loading}
        failure={pages.failure}
        onRetry={pages.reload}
        skeleton={<SkeletonRows rows={5} />}
        forbidden={t('holdersForbidden')}
      >
        {(rows) => (
          <DataGrid
            label={label}
            rows={rows}
            rowId={(row) => row.account.id}
            rowName={(row) => row.account.name}
            columns={COLUMNS}
            scroll="page"
            onOpen={(row) => void navigate({ to: '/accounts/$id', params: { id: row.account.id } })}
            onEnd={pages.more}
            loadingMore={pages.loadingMore}
            empty={
              <EmptyState kind="none" title={t('noHolders')} className="py-4">
                {t('noHoldersHint')}
              </EmptyState>
            }
          />
        )}
      </AnswerView>
    </section>
  )
}
