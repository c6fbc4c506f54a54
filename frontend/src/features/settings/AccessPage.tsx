import { lazy, Suspense, useMemo, useState } from 'react'
import { useMay, usePages, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatInstant } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { AccessPersonDocument, AccessPreviewDocument, type AccessPersonQuery, type GrantRowFragment } from '@/generated/graphql'
import { somebody } from '@/sharing/search'
import { wayOf, type AccessPath } from '@/sharing/ways'
import { kindWord, relationshipWord, t } from '@/sharing/words'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { PathLink } from '@/ui/PathLink'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { useNarrow } from '@/ui/useNarrow'
import { Guard } from './Guard'
import { accessRoute } from './routes'
import { t as words } from './words'

const GrantDialog = lazy(() => import('@/sharing/GrantDialog').then((m) => ({ default: m.GrantDialog })))
const RevokeGrantDialog = lazy(() => import('@/sharing/RevokeGrantDialog').then((m) => ({ default: m.RevokeGrantDialog })))

const CRUMBS = [
  { label: words('title'), to: '/settings' },
  { label: words('grantsTitle'), to: '/settings/grants' },
]
const PAGE = 100
const PLACES: Readonly<Record<string, string>> = { household: '/households/', party: '/parties/', account: '/accounts/' }

type Person = NonNullable<AccessPersonQuery['user']>
type Row = AccessPath & { id: string }

export function AccessPage() {
  return (
    <Guard permission="grants.read">
      <Access />
    </Guard>
  )
}

function Access() {
  const { id } = accessRoute.useParams()
  const { data, loading, failure, reload } = useRead(AccessPersonDocument, { id })
  useChanged('people', reload)
  usePageTitle(data?.user ? t('previewTitle', { name: data.user.name }) : t('previewLoading'), CRUMBS)
  return (
    <AnswerView value={data?.user} loading={loading} failure={failure} onRetry={reload} missing={{ title: t('previewMissing'), hint: t('previewMissingHint') }}>
      {(person) => <Seen person={person} count={data?.accessPreview.subjectCount ?? 0} onChanged={reload} />}
    </AnswerView>
  )
}

/** What one person sees through grants now, the way to each thing, and until when; more of it, or less. */
function Seen({ person, count, onChanged }: { person: Person; count: number; onChanged: () => void }) {
  const manages = useMay('grants.manage')
  const [granting, setGranting] = useState(false)
  const [revoking, setRevoking] = useState<GrantRowFragment | null>(null)
  const isFirmWide = person.kind === 'STAFF' && person.scope === 'FIRM'
  const pages = usePages({
    document: AccessPreviewDocument,
    variables: { first: PAGE, principalId: person.id },
    connection: ({ accessPreview }) => ({
      edges: accessPreview.subjects.map((path) => ({ node: { ...path, id: `${path.grant.id} ${path.via.map(({ kind, subject }) => `${kind} ${subject.id}`).join(' ')}` } })),
      pageInfo: accessPreview.pageInfo,
    }),
    pause: isFirmWide,
  })
  const columns = useMemo(() => columnsOf(setRevoking), [])
  const isNarrow = useNarrow()
  const changed = () => {
    pages.reload()
    onChanged()
  }
  return (
    <>
      <PageHeading
        sub={isFirmWide ? null : t('previewSub', { count })}
        actions={
          manages && !isFirmWide && person.status !== 'DEACTIVATED' ? (
            <Button look="primary" onPress={() => setGranting(true)}>
              {t('grantTitle')}
            </Button>
          ) : null
        }
      >
        {t('previewTitle', { name: person.name })}
      </PageHeading>
      <div className="mt-2">
        {isFirmWide ? (
          <EmptyState kind="first" title={t('previewFirm', { name: person.name })}>
            {t('previewFirmHint')}
          </EmptyState>
        ) : pages.failure ? (
          <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} />
        ) : pages.loading && pages.rows.length === 0 ? (
          <SkeletonRows />
        ) : isNarrow && pages.rows.length > 0 ? (
          <ul aria-label={t('previewList', { name: person.name })}>
            {pages.rows.map((row) => (
              <SeenLine key={row.id} row={row} onRevoke={setRevoking} />
            ))}
          </ul>
        ) : (
          <DataGrid
            label={t('previewList', { name: person.name })}
            rows={pages.rows}
            rowId={(row) => row.id}
            rowName={(row) => row.subject.label}
            columns={columns}
            scroll="page"
            loadingMore={pages.loadingMore}
            empty={
              <EmptyState kind="first" title={t('previewNone')}>
                {t('previewNoneHint', { name: person.name })}
              </EmptyState>
            }
          />
        )}
      </div>
      {pages.more ? (
        <Button className="mt-3" onPress={pages.more}>
          {t('more')}
        </Button>
      ) : null}
      <Suspense fallback={null}>
        {granting ? <GrantDialog who={somebody(person)} onClose={() => setGranting(false)} onChanged={changed} /> : null}
        {revoking ? <RevokeGrantDialog grant={revoking} onClose={() => setRevoking(null)} onChanged={changed} /> : null}
      </Suspense>
    </>
  )
}

function Subject({ of: { id, kind, label } }: { of: AccessPath['subject'] }) {
  const place = PLACES[kind]
  if (!place) return <>{label}</>
  return (
    <PathLink to={`${place}${encodeURIComponent(id)}`} className="hover:text-accent hover:underline">
      {label}
    </PathLink>
  )
}

function Until({ at }: { at: string | null }) {
  const { locale, timeZone } = useEnvironment()
  return <>{at ? formatInstant(locale, at, timeZone) : t('openEnd')}</>
}

const wayWords = (row: Row) => t('asRelationship', { way: wayOf(row), relationship: relationshipWord(row.grant.relationship).toLowerCase() })

function RevokeButton({ grant, onRevoke }: { grant: Row['grant']; onRevoke: (grant: GrantRowFragment) => void }) {
  if (!can(grant, 'MANAGE_GRANTS')) return null
  return (
    <Button size="sm" look="link" aria-label={t('revokeOf', { who: grant.principal.name, what: grant.subject.label })} onPress={() => onRevoke(grant)}>
      {t('revoke')}
    </Button>
  )
}

/** The same on a phone: every word of what and why. */
function SeenLine({ row, onRevoke }: { row: Row; onRevoke: (grant: GrantRowFragment) => void }) {
  return (
    <li className="flex items-start justify-between gap-3 border-b border-line py-2.5">
      <div className="min-w-0">
        <p className="font-medium">
          <Subject of={row.subject} />
        </p>
        <p className="text-12 break-words text-text-2">{wayWords(row)}</p>
        <p className="text-12 text-text-3">
          {kindWord(row.subject.kind)} · {t(row.mayWrite ? 'mayWrite' : 'mayRead')} · {t('until')}: <Until at={row.expiresAt} />
        </p>
      </div>
      <RevokeButton grant={row.grant} onRevoke={onRevoke} />
    </li>
  )
}

function columnsOf(onRevoke: (grant: GrantRowFragment) => void): GridColumn<Row>[] {
  return [
    { id: 'subject', header: t('subject'), cell: (row) => <Subject of={row.subject} />, width: '1fr', minWidth: 104, primary: true, copy: (row) => row.subject.label },
    { id: 'kind', header: t('kind'), cell: (row) => kindWord(row.subject.kind), width: 116, secondary: true, from: 1100 },
    {
      id: 'way',
      header: t('way'),
      cell: wayWords,
      width: '2fr',
      minWidth: 120,
      secondary: true,
      copy: (row) => wayOf(row),
    },
    { id: 'may', header: t('may'), cell: (row) => t(row.mayWrite ? 'mayWrite' : 'mayRead'), width: 124, secondary: true, from: 700 },
    { id: 'until', header: t('until'), cell: (row) => <Until at={row.expiresAt} />, width: 132, secondary: true, from: 520 },
    { id: 'reason', header: t('reason'), cell: (row) => row.grant.reason, width: '1fr', minWidth: 96, secondary: true, from: 1000 },
    {
      id: 'revoke',
      header: t('revoke'),
      hideHeader: true,
      cell: (row) => <RevokeButton grant={row.grant} onRevoke={onRevoke} />,
      width: 64,
      align: 'right',
    },
  ]
}
