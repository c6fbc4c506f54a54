import { Link, useNavigate } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { useMay, useRead } from '@/data'
import { useViewer } from '@/data/viewer'
import { BenchmarkListDocument } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { PageHeading } from '@/ui/Heading'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { CreateBenchmarkDialog } from './BenchmarkDialogs'
import { b } from './blend'
import { Guard } from './Guard'
import { t as settingsWords } from './words'

const CRUMBS = [{ label: settingsWords('title'), to: '/settings' }]

export function BenchmarksPage() {
  usePageTitle(b('title'), CRUMBS)
  return (
    <Guard permission="findings.read">
      <Benchmarks />
    </Guard>
  )
}

/** By name; each opens to what it is made of, its levels, and whom it stands beside. */
function Benchmarks() {
  const { data, loading, failure, reload } = useRead(BenchmarkListDocument, {})
  const viewer = useViewer()
  const manages = useMay('performance.manage') && viewer.scope === 'FIRM'
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  return (
    <>
      <PageHeading
        sub={b('sub')}
        actions={
          manages ? (
            <Button look="primary" icon={Plus} onPress={() => setCreating(true)}>
              {b('create')}
            </Button>
          ) : null
        }
      >
        {b('title')}
      </PageHeading>
      <AnswerView value={data?.benchmarks} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={6} />} forbidden={b('forbidden')}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState kind="first" title={b('none')}>
              {b('noneHint')}
            </EmptyState>
          ) : (
            <ul aria-label={b('list')} className="mt-4 border-t border-line-strong">
              {rows.map((row) => (
                <li key={row.id} className="border-b border-line">
                  <Link to="/settings/benchmarks/$id" params={{ id: row.id }} className="flex min-h-9 items-center py-1.5 font-medium text-accent hover:underline">
                    {row.name}
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </AnswerView>
      {creating ? (
        <CreateBenchmarkDialog
          onClose={() => setCreating(false)}
          onCreated={(id) => {
            reload()
            void navigate({ to: '/settings/benchmarks/$id', params: { id } })
          }}
        />
      ) : null}
    </>
  )
}
