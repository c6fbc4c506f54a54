import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useRead } from '@/data'
import { PartyNameDocument } from '@/generated/graphql'
import { PerformanceScreen } from '@/performance/PerformanceScreen'
import { AnswerView } from '@/ui/AnswerView'
import { AsOfPicker } from '@/ui/AsOfPicker'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { usePageTitle } from '@/ui/title'
import { partyPerformanceRoute } from './routes'
import { t } from './words'

/** What a person or an entity earned: every account by the share in it, through trusts and companies. */
export function PartyPerformance() {
  const { id } = partyPerformanceRoute.useParams()
  const search = partyPerformanceRoute.useSearch()
  const navigate = useNavigate()
  const { businessDate } = useEnvironment()
  const { data, loading, failure, reload } = useRead(PartyNameDocument, { id, asOf: search.asOf ?? null })
  const name = data?.party?.name ?? t('party')
  usePageTitle(t('performance'), useMemo(() => [{ label: t('book'), to: '/book' }, { label: name, to: `/parties/${encodeURIComponent(id)}` }], [name, id]))
  const scope = useMemo(() => ({ partyId: id }), [id])
  const change = (part: object) => void navigate({ to: '/parties/$id/performance', params: { id }, search: (before) => ({ ...before, ...part }), replace: true })
  return (
    <Page>
      <AnswerView value={data?.party} loading={loading} failure={failure} onRetry={reload} isPage="framed" forbidden={t('forbidden')} missing={{ title: t('missing'), hint: t('missingHint') }}>
        {(party) => (
          <div className="grid gap-5">
            <PageHeading
              sub={t('performanceSub')}
              actions={businessDate ? <AsOfPicker value={search.asOf ?? null} latest={businessDate} onChange={(day) => change({ asOf: day ?? undefined })} /> : null}
            >
              {party.name}
            </PageHeading>
            <PerformanceScreen key={id} scope={scope} asOf={search.asOf ?? null} knownAt={search.knownAt ?? null} benchmarkId={search.benchmark ?? null} report={search.report ?? null} search={search} onSearch={change} />
          </div>
        )}
      </AnswerView>
    </Page>
  )
}
