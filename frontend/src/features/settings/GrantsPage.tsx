import { Link, useNavigate } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useMay, usePages } from '@/data'
import { formatDate, formatInstant } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { GrantListDocument, type GrantRowFragment } from '@/generated/graphql'
import { relationshipWord } from '@/sharing/words'
import { Button } from '@/ui/Button'
import { FilterChip } from '@/ui/Chip'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { useNarrow } from '@/ui/useNarrow'
import { Toolbar } from '@/ui/Toolbar'
import { Guard } from './Guard'
import { grantsRoute } from './routes'
import { t } from './words'

const GrantDialog = lazy(() => import('@/sharing/GrantDialog').then((m) => ({ default: m.GrantDialog })))
const RevokeGrantDialog = lazy(() => import('@/sharing/RevokeGrantDialog').then((m) => ({ default: m.RevokeGrantDialog })))

const CRUMBS = [{ label: t('title'), to: '/settings' }]
const PAGE = 50

export function GrantsPage() {
  usePageTitle(t('grantsTitle'), CRUMBS)
  return (
    <Guard permission="grants.read">
      <Grants />
    </Guard>
  )
}

export function grantMay(permissions: readonly string[]): string {
  return t(permissions.includes('write') ? 'mayWrite' : 'mayRead')
}

function Day({ date }: { date: string | null }) {
  const { locale } = useEnvironment()
  return <>{date ? formatDate(locale, date) : t('open')}</>
}

/** The person, and the way to all that they see. */
function Grantee({ grant }: { grant: GrantRowFragment }) {
  const { id, name } = grant.principal
  if (!id || grant.revokedAt) return <>{name}</>
  return (
    <Link to="/settings/access/$id" params={{ id }} className="hover:text-accent hover:underline">
      {name}
    </Link>
  )
}

function Revoked({ at }: { at: string }) {
  const { locale, timeZone } = useEnvironment()
  return <Status is="cancelled">{t('revokedOn', { when: formatInstant(locale, at, timeZone) })}</Status>
}

function End({ row, onRevoke }: { row: GrantRowFragment; onRevoke: (row: GrantRowFragment) => void }) {
  if (row.revokedAt) return <Revoked at={row.revokedAt} />
  if (!can(row, 'MANAGE_GRANTS')) return null
  return (
    <Button size="sm" look="link" aria-label={`${t('revoke')}: ${row.principal.name}, ${row.subject.label ?? ''}`} onPress={() => onRevoke(row)}>
      {t('revoke')}
    </Button>
  )
}

/** The same on a phone: every word of who, what and why. */
function GrantLine({ row, onRevoke }: { row: GrantRowFragment; onRevoke: (row: GrantRowFragment) => void }) {
  return (
    <li className="flex items-start justify-between gap-3 border-b border-line py-2.5">
      <div className="min-w-0">
        <p className="font-medium">
          <Grantee grant={row} />
        </p>
        <p className="break-words">{row.subject.label ?? row.subject.kind}</p>
        <p className="text-12 text-text-2">
          {relationshipWord(row.relationship)} · {grantMay(row.permissions)} · {t('to')}: <Day date={row.effectiveTo} />
        </p>
        <p className="text-12 break-words text-text-3">{row.reason}</p>
      </div>
      <End row={row} onRevoke={onRevoke} />
    </li>
  )
}

function columns(onRevoke: (row: GrantRowFragment) => void): GridColumn<GrantRowFragment>[] {
  return [
    { id: 'who', header: t('grantee'), cell: (row) => <Grantee grant={row} />, width: '1fr', minWidth: 96, primary: true },
    { id: 'subject', header: t('subject'), cell: (row) => row.subject.label ?? row.subject.kind, width: '1fr', minWidth: 88 },
    { id: 'relationship', header: t('relationship'), cell: (row) => relationshipWord(row.relationship), width: 112, secondary: true, from: 560 },
    { id: 'may', header: t('permissions'), cell: (row) => grantMay(row.permissions), width: 144, secondary: true, from: 640 },
    { id: 'from', header: t('from'), cell: (row) => <Day date={row.effectiveFrom} />, width: 104, secondary: true, from: 760 },
    { id: 'to', header: t('to'), cell: (row) => <Day date={row.effectiveTo} />, width: 104, secondary: true, from: 760 },
    { id: 'reason', header: t('reason'), cell: (row) => row.reason, width: '1fr', minWidth: 96, secondary: true, from: 980 },
    {
      id: 'revoke',
      header: t('revoke'),
      hideHeader: true,
      cell: (row) => <End row={row} onRevoke={onRevoke} />,
      width: 96,
      align: 'right',
    },
  ]
}

/** Who sees what beyond their role, since when, why, and until when. */
function Grants() {
  const search = grantsRoute.useSearch()
  const navigate = useNavigate()
  const manages = useMay('grants.manage')
  const [granting, setGranting] = useState(false)
  const [revoking, setRevoking] = useState<GrantRowFragment | null>(null)
  const pages = usePages({ document: GrantListDocument, variables: { first: PAGE, principalId: search.person ?? null }, connection: (data) => data.accessGrants })
  const grid = useMemo(() => columns(setRevoking), [])
  const isNarrow = useNarrow()
  return (
    <>
      <PageHeading
        sub={t('grantsSub')}
        actions={
          manages ? (
            <Button look="primary" icon={Plus} onPress={() => setGranting(true)}>
              {t('grantNew')}
            </Button>
          ) : null
        }
      >
        {t('grantsTitle')}
      </PageHeading>
      {search.person ? (
        <div className="mt-4">
          <Toolbar label={t('filters')}>
            <FilterChip isSelected onChange={() => void navigate({ to: '/settings/grants', search: {}, replace: true })}>
              {t('onlyActor')}: {pages.rows[0]?.principal.name ?? t('person')}
            </FilterChip>
          </Toolbar>
        </div>
      ) : null}
      <div className="mt-2">
        {pages.failure ? (
          <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} />
        ) : pages.loading ? (
          <SkeletonRows />
        ) : isNarrow && pages.rows.length > 0 ? (
          <ul aria-label={t('grantsList')}>
            {pages.rows.map((row) => (
              <GrantLine key={row.id} row={row} onRevoke={setRevoking} />
            ))}
          </ul>
        ) : (
          <DataGrid
            label={t('grantsList')}
            rows={pages.rows}
            rowId={(row) => row.id}
            rowName={(row) => row.principal.name}
            columns={grid}
            totalRows={pages.totalCount ?? undefined}
            scroll="page"
            loadingMore={pages.loadingMore}
            empty={
              search.person ? (
                <EmptyState kind="none" title={t('grantsNone')}>
                  {t('grantsNoneHint')}
                </EmptyState>
              ) : (
                <EmptyState kind="first" title={t('grantsFirst')}>
                  {t('grantsFirstHint')}
                </EmptyState>
              )
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
        {granting ? <GrantDialog onClose={() => setGranting(false)} onChanged={pages.reload} /> : null}
        {revoking ? <RevokeGrantDialog grant={revoking} onClose={() => setRevoking(null)} onChanged={pages.reload} /> : null}
      </Suspense>
    </>
  )
}
