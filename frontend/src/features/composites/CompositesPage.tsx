import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '@/data'
import { useViewer } from '@/data/viewer'
import { may } from '@/domain/permissions'
import { CompositesDocument, type CompositesQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { Figure } from '@/ui/Figure'
import { PageHeading } from '@/ui/Heading'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { CreateCompositeDialog } from './CompositeDialogs'
import { t } from './words'

type Row = CompositesQuery['composites'][number]

/** Every composite with its currency, minimum and how many accounts it has. */
export function CompositesPage() {
  const { data, loading, failure, reload } = useRead(CompositesDocument, {})
  const viewer = useViewer()
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  usePageTitle(t('title'))
  return (
    <div className="min-w-0 px-8 py-5 max-sm:px-4">
      <PageHeading
        sub={t('sub')}
        actions={
          may(viewer, 'performance.manage') ? (
            <Button look="primary" onPress={() => setCreating(true)}>
              {t('create')}
            </Button>
          ) : null
        }
      >
        {t('title')}
      </PageHeading>
      <AnswerView value={data?.composites} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={6} />} forbidden={t('forbidden')}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState kind="first" title={t('first')}>
              {t('firstHint')}
            </EmptyState>
          ) : (
            <List rows={rows} />
          )
        }
      </AnswerView>
      {creating ? (
        <CreateCompositeDialog
          onClose={() => setCreating(false)}
          onCreated={(id) => {
            reload()
            void navigate({ to: '/composites/$id', params: { id } })
          }}
        />
      ) : null}
    </div>
  )
}

const HEAD = 'h-9 font-medium'
const CELL = 'py-2 align-top'

function List({ rows }: { rows: readonly Row[] }) {
  return (
    <table className="mt-4 w-full text-14">
      <caption className="sr-only">{t('grid')}</caption>
      <thead className="text-12 text-text-2">
        <tr className="border-b border-line-strong">
          <th scope="col" className={`${HEAD} text-left`}>{t('name')}</th>
          <th scope="col" className={`${HEAD} pl-4 text-left max-sm:hidden`}>{t('currency')}</th>
          <th scope="col" className={`${HEAD} pl-4 text-right max-sm:hidden`}>{t('minimum')}</th>
          <th scope="col" className={`${HEAD} pl-4 text-right`}>{t('members')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-t border-line first:border-t-0">
            <th scope="row" className={`${CELL} text-left font-normal`}>
              <Link to="/composites/$id" params={{ id: row.id }} className="font-semibold text-accent hover:underline">
                {row.name}
              </Link>
              <p className="max-w-prose text-12 text-text-2">{row.description}</p>
            </th>
            <td className={`${CELL} pl-4 max-sm:hidden`}>{row.currency}</td>
            <td className={`${CELL} pl-4 text-right max-sm:hidden`}>
              {row.minimumAssets === null ? t('anyValue') : <Figure kind="money" value={row.minimumAssets} currency={row.currency} />}
            </td>
            <td className={`${CELL} pl-4 text-right`}>
              <Figure kind="count" value={String(row.memberCount)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
