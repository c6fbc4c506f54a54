import { Link } from '@tanstack/react-router'
import UserPlus from 'lucide-react/icons/user-plus'
import { lazy, Suspense, useState } from 'react'
import { useMay, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatInstant } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { WhoSeesDocument, type GrantRowFragment, type WhoSeesQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { EmptyState } from '@/ui/States'
import { Status } from '@/ui/Status'
import type { Something } from './search'
import { t } from './words'

const GrantDialog = lazy(() => import('./GrantDialog').then((m) => ({ default: m.GrantDialog })))
const RevokeGrantDialog = lazy(() => import('./RevokeGrantDialog').then((m) => ({ default: m.RevokeGrantDialog })))

type Viewers = WhoSeesQuery['whoSees']
type Viewer = Viewers['people'][number]
const PAGE = 50
/** As many as the server lists at once. */
const PAGE_MAX = 200
const NAMED_MAX = 3

/** Everybody who sees a household, person or account, or parts of it: what, why and until when; share and revoke. */
export function WhoSees({ subject, level = 2 }: { subject: Something; level?: 2 | 3 }) {
  const manages = useMay('grants.manage')
  const [sharing, setSharing] = useState(false)
  const [revoking, setRevoking] = useState<GrantRowFragment | null>(null)
  const [page, setPage] = useState<{ first: number; after: string | null }>({ first: PAGE, after: null })
  const { data, loading, failure, reload } = useRead(WhoSeesDocument, { subjectId: subject.id, ...page })
  useChanged('people', reload)
  const seen = data?.whoSees
  return (
    <section aria-label={t('whoSees')}>
      <SectionHeading
        level={level}
        aside={
          manages ? (
            <Button size="sm" icon={UserPlus} onPress={() => setSharing(true)}>
              {t('share')}
            </Button>
          ) : null
        }
      >
        {t('whoSees')}
      </SectionHeading>
      <AnswerView value={seen} loading={loading} failure={failure} onRetry={reload} forbidden={t('whoSeesForbidden')} missing={{ title: t('whoSeesMissing'), hint: t('whoSeesMissingHint') }}>
        {(viewers) => (
          <>
            {viewers.people.length === 0 ? (
              <EmptyState kind="first" title={t('nobody')} className="py-4">
                {t('nobodyHint')}
              </EmptyState>
            ) : (
              <ul aria-label={t('viewersOf', { name: subject.label })}>
                {viewers.people.map((viewer) => (
                  <ViewerRow key={viewer.person.id} viewer={viewer} all={viewers.partCount} subject={subject} onRevoke={setRevoking} />
                ))}
              </ul>
            )}
            <p className="pt-2 text-12 text-text-3">{t('firmWideCount', { count: viewers.firmWideCount })}</p>
            {viewers.pageInfo.hasNextPage ? (
              <Button className="mt-3" onPress={() => setPage({ first: PAGE_MAX, after: page.first < PAGE_MAX ? null : viewers.pageInfo.endCursor })}>
                {t('more')}
              </Button>
            ) : null}
          </>
        )}
      </AnswerView>
      <Suspense fallback={null}>
        {sharing ? <GrantDialog what={subject} onClose={() => setSharing(false)} onChanged={reload} /> : null}
        {revoking ? <RevokeGrantDialog grant={revoking} onClose={() => setRevoking(null)} onChanged={reload} /> : null}
      </Suspense>
    </section>
  )
}

function ViewerRow({ viewer, all, subject, onRevoke }: { viewer: Viewer; all: number; subject: Something; onRevoke: (grant: GrantRowFragment) => void }) {
  const { locale, timeZone } = useEnvironment()
  const { person, grants } = viewer
  const facts = [
    person.status === 'INVITED' ? t('invitedOnly') : t(person.kind === 'STAFF' ? 'staff' : 'client'),
    t(viewer.mayWrite ? 'writes' : 'reads'),
  ]
  return (
    <li className="grid gap-x-6 gap-y-1 border-b border-line py-2.5 lg:grid-cols-[minmax(0,3fr)_minmax(0,3fr)_minmax(0,4fr)]">
      <div className="min-w-0">
        <p className="font-medium">{person.name}</p>
        <p className="text-12 break-all text-text-2">{person.email}</p>
        <p className="text-12 text-text-3">{facts.join(' · ')}</p>
      </div>
      <div className="min-w-0">
        <p>{seenWords(viewer, all)}</p>
        {viewer.partCount < all ? <p className="text-12 text-text-2">{partNames(viewer, subject.id)}</p> : null}
        <p className="text-12 text-text-3">
          {t('until')}: {viewer.expiresAt ? formatInstant(locale, viewer.expiresAt, timeZone) : t('openEnd')}
        </p>
        <Link to="/settings/access/$id" params={{ id: person.id }} className="text-12 text-accent hover:underline">
          {t('whatTheySeeOf', { name: person.name })}
        </Link>
      </div>
      <ul className="grid min-w-0 content-start gap-1">
        {grants.map((grant) => (
          <li key={grant.id} className="flex items-start justify-between gap-3">
            <div className="min-w-0">
              <p>{t('grantOf', { what: grant.subject.label || grant.subject.kind, relationship: t(grant.relationship).toLowerCase() })}</p>
              <p className="text-12 break-words text-text-2">{grant.reason}</p>
            </div>
            {can(grant, 'MANAGE_GRANTS') ? (
              <Button size="sm" look="link" aria-label={t('revokeOf', { who: person.name, what: grant.subject.label })} onPress={() => onRevoke(grant)}>
                {t('revoke')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </li>
  )
}

function seenWords(viewer: Viewer, all: number) {
  if (viewer.partCount >= all) return <Status is="fine">{t('seesAll')}</Status>
  return <Status is="progress">{t(viewer.seesAll ? 'seesAllPart' : 'seesPart', { count: viewer.partCount, all })}</Status>
}

function partNames(viewer: Viewer, subjectId: string): string {
  const others = viewer.parts.filter(({ subject }) => subject.id !== subjectId).map(({ subject }) => subject.label)
  const rest = viewer.partCount - (viewer.seesAll ? 1 : 0) - Math.min(others.length, NAMED_MAX)
  const named = others.slice(0, NAMED_MAX)
  if (rest > 0) named.push(t('andMore', { count: rest }))
  return named.join(', ')
}
