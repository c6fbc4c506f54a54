import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useMay, useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { can } from '@/domain/permissions'
import { NotesPanel } from '@/desk/NotesPanel'
import { TagLine } from '@/desk/TagLine'
import { PartyDocument, type PartyQuery } from '@/generated/graphql'
import { PortalAccess } from '@/sharing/PortalAccess'
import { WhoSees } from '@/sharing/WhoSees'
import { AnswerView } from '@/ui/AnswerView'
import { AsOfPicker } from '@/ui/AsOfPicker'
import { useEnvironment } from '@/ui/environment'
import { BasisLine, MoneyFigure } from '@/ui/Figure'
import { KycBadge, RiskBadge } from '@/ui/party/Badges'
import { partyWord } from '@/ui/party/words'
import { QualityNote } from '@/ui/QualityNote'
import { SectionHeading } from '@/ui/Heading'
import { Skeleton, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { PartyDialogs, PartyMenu, type PartyAct } from './PartyActions'
import { PartyFacts } from './PartyFacts'
import { PartyHoldings } from './PartyHoldings'
import { partyRoute } from './routes'
import { t } from './words'

const Timeline = lazy(() => import('@/desk/Timeline').then((m) => ({ default: m.Timeline })))

export type Party = NonNullable<PartyQuery['party']>

function crumbsOf(party: Party | null | undefined) {
  const book = { label: t('book'), to: '/book' }
  const household = party?.households[0]?.household
  return household ? [book, { label: household.name, to: `/households/${encodeURIComponent(household.id)}` }] : [book]
}

/** Everything the firm knows of a person or an entity: who it is, what it owns, who owns it, and what was noted. */
export function PartyPage() {
  const { id } = partyRoute.useParams()
  const { asOf } = partyRoute.useSearch()
  const readsGrants = useMay('grants.read')
  const readsUsers = useMay('users.read')
  const { data, loading, failure, reload } = useRead(PartyDocument, { id, asOf: asOf ?? null })
  useBookChanged(reload)
  const [act, setAct] = useState<PartyAct | null>(null)
  usePageTitle(data?.party?.name ?? t('party'), crumbsOf(data?.party))
  return (
    <AnswerView
      value={data?.party}
      loading={loading}
      failure={failure}
      onRetry={reload}
      isPage
      skeleton={<PartyOutline />}
      forbidden={t('forbidden')}
      missing={{
        title: t('missing'),
        hint: t('missingHint'),
        action: (
          <Link to="/book" search={{}} className="font-medium text-accent hover:underline">
            {t('missingAction')}
          </Link>
        ),
      }}
    >
      {(party) => (
        <>
          <PartyHead party={party} onChanged={reload} onAct={setAct} />
          <div className="grid min-w-0 gap-x-10 gap-y-8 px-8 py-5 max-sm:px-4 lg:grid-cols-[minmax(0,1fr)_340px]">
            <div className="grid min-w-0 content-start gap-8">
              <QualityNote figure={party.netWorth} />
              <PartyHoldings party={party} search={asOf ? { asOf } : {}} onAct={setAct} />
              {readsGrants ? <WhoSees key={`sees ${party.id}`} subject={{ id: party.id, label: party.name, kind: 'party' }} /> : null}
              <NotesPanel key={party.id} subjectId={party.id} name={party.name} mayWrite={can(party, 'WRITE_NOTE')} />
              <section aria-label={t('timeline')}>
                <SectionHeading className="mb-3">{t('timeline')}</SectionHeading>
                <Suspense fallback={<SkeletonRows rows={4} />}>
                  <Timeline key={party.id} subjectId={party.id} name={party.name} />
                </Suspense>
              </section>
            </div>
            <div className="grid min-w-0 content-start gap-8">
              <PartyFacts key={party.id} party={party} search={asOf ? { asOf } : {}} onAct={setAct} />
              {party.kind === 'PERSON' && readsUsers ? <PortalAccess key={`portal ${party.id}`} id={party.id} /> : null}
            </div>
          </div>
          <PartyDialogs party={party} act={act} onClose={() => setAct(null)} />
        </>
      )}
    </AnswerView>
  )
}

function PartyOutline() {
  return (
    <div className="px-8 pt-4 max-sm:px-4">
      <Skeleton className="h-7 w-64" />
      <Skeleton className="mt-2 w-96 max-w-full" />
      <SkeletonRows rows={8} className="mt-10" />
    </div>
  )
}

function PartyHead({ party, onChanged, onAct }: { party: Party; onChanged: () => void; onAct: (act: PartyAct) => void }) {
  const { businessDate } = useEnvironment()
  const { asOf } = partyRoute.useSearch()
  const navigate = useNavigate()
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3 border-b border-line px-8 pt-4 pb-3 max-sm:px-4">
      <div className="grid min-w-0 flex-1 basis-80 gap-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-20 font-semibold display" tabIndex={-1} data-page-title="">
            {party.name}
          </h1>
          <PartyMenu party={party} onAct={onAct} />
          <span className="flex flex-wrap gap-x-3 text-12">
            <KycBadge party={party} asOf={party.asOf} />
            <RiskBadge profile={party.riskProfile} />
            {party.status === 'ACTIVE' ? null : <Status is="fact">{partyWord('status', party.status)}</Status>}
          </span>
        </div>
        <p className="flex flex-wrap gap-x-3 text-12 text-text-2">
          <span>{partyWord('kind', party.kind)}</span>
          {party.households.length === 0 ? <span>{t('noHousehold')}</span> : null}
          {party.households.map(({ household, role }) => (
            <Link key={household.id} to="/households/$id" params={{ id: household.id }} search={asOf ? { asOf } : {}} className="text-accent hover:underline">
              {t('inHousehold', { role: partyWord('member', role), name: household.name })}
            </Link>
          ))}
          <span>
            {t('reference')} <span className="identifier">{party.externalId}</span>
          </span>
          <Link to="/parties/$id/performance" params={{ id: party.id }} search={asOf ? { asOf } : {}} className="text-accent hover:underline">
            {t('performance')}
          </Link>
        </p>
        <TagLine subjectId={party.id} name={party.name} tags={party.tags} mayTag={can(party, 'TAG')} onChanged={onChanged} />
      </div>
      <div className="flex flex-wrap items-start gap-5">
        <div className="text-right max-sm:text-left">
          <div className="text-12 text-text-2">{t('netWorth')}</div>
          <div className="text-20 font-semibold display">
            <MoneyFigure figure={party.netWorth} name={t('netWorth')} />
          </div>
          <BasisLine figure={party.netWorth} />
        </div>
        {businessDate ? (
          <AsOfPicker
            value={asOf ?? null}
            latest={businessDate}
            onChange={(day) => void navigate({ to: '/parties/$id', params: { id: party.id }, search: day ? { asOf: day } : {}, replace: true })}
          />
        ) : null}
      </div>
    </header>
  )
}
