import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useClient } from 'urql'
import { useMay, useViewer } from '@/data'
import { PastImportsDocument } from '@/generated/graphql'
import { PageHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { EmptyState } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { Drafts } from './Drafts'
import { Exports } from './Exports'
import { ImportFlow } from './ImportFlow'
import { PAST_SHOWN, PastImports } from './PastImports'
import { importsRoute } from './routes'
import { t } from './words'

const CRUMBS = [{ label: t('settings'), to: '/settings' }]

/** A bundle sent, checked, judged and written, and the imports before it. */
export function ImportsPage() {
  usePageTitle(t('title'), CRUMBS)
  const { scope } = useViewer()
  const imports = useMay('imports.run')
  if (!imports) {
    return (
      <Page>
        <EmptyState kind="forbidden" isPage title={t('forbidden')}>
          {scope === 'LIMITED' ? t('forbiddenLimited') : t('forbiddenHint', { permission: 'imports.run' })}
        </EmptyState>
      </Page>
    )
  }
  return <Imports />
}

function Imports() {
  const search = importsRoute.useSearch()
  const navigate = useNavigate()
  const follow = useCallback(
    (next: { job?: string; upload?: string }) => {
      void navigate({ to: '/imports', search: next, replace: true })
    },
    [navigate],
  )
  const client = useClient()
  const ended = useCallback(() => {
    void client.query(PastImportsDocument, { first: PAST_SHOWN }, { requestPolicy: 'network-only' }).toPromise()
  }, [client])
  return (
    <Page className="max-w-[896px]">
      <PageHeading sub={t('sub')}>{t('title')}</PageHeading>
      <ImportFlow jobId={search.job ?? null} uploadId={search.upload ?? null} onFollow={follow} onEnded={ended} />
      <Drafts />
      <PastImports />
      <Exports />
    </Page>
  )
}
