import { useNavigate } from '@tanstack/react-router'
import UserPlus from 'lucide-react/icons/user-plus'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { useMay, usePages } from '@/data'
import { formatInstant } from '@/domain/dates'
import { UserListDocument, type UserRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { MenuChip } from '@/ui/MenuChip'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { Status, type StatusKind } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { usePageTitle } from '@/ui/title'
import { Toolbar } from '@/ui/Toolbar'
import { Guard } from './Guard'
import { usersRoute } from './routes'
import { compact, ROLES, STATUSES, userFilter, type UsersSearch } from './search'
import { roleName, t } from './words'

const InviteDialog = lazy(() => import('./InviteDialog').then((m) => ({ default: m.InviteDialog })))
const UserPanel = lazy(() => import('./UserPanel').then((m) => ({ default: m.UserPanel })))

const CRUMBS = [{ label: t('title'), to: '/settings' }]
const PAGE = 50
const TYPING_MS = 250
export const USER_SHAPES: Record<UserRowFragment['status'], StatusKind> = { INVITED: 'waiting', ACTIVE: 'fine', DEACTIVATED: 'cancelled' }

/** Status, and above it what matters more: a lock. */
export function UserStatus({ user }: { user: Pick<UserRowFragment, 'status' | 'lockedUntil'> }) {
  const { locale, timeZone, now } = useEnvironment()
  if (user.lockedUntil && Date.parse(user.lockedUntil) > now().getTime()) {
    return <Status is="breach">{t('locked', { when: formatInstant(locale, user.lockedUntil, timeZone) })}</Status>
  }
  return <Status is={USER_SHAPES[user.status]}>{t(user.status)}</Status>
}

function LastSignIn({ at }: { at: string | null }) {
  const { locale, timeZone } = useEnvironment()
  return <>{at ? formatInstant(locale, at, timeZone) : t('never')}</>
}

function columns(): GridColumn<UserRowFragment>[] {
  return [
    { id: 'person', header: t('person'), cell: (row) => row.name, width: '1fr', minWidth: 132, primary: true, copy: (row) => row.name },
    { id: 'email', header: t('email'), cell: (row) => row.email, width: '1.6fr', minWidth: 140, secondary: true, from: 640, copy: (row) => row.email },
    { id: 'roles', header: t('roles'), cell: (row) => row.roles.map(roleName).join(', '), width: '1fr', minWidth: 120, secondary: true, from: 480 },
    { id: 'status', header: t('status'), cell: (row) => <UserStatus user={row} />, width: 120, secondary: true },
    {
      id: 'mfa',
      header: t('secondFactor'),
      cell: (row) => (row.mfaEnrolled ? <Status is="fine">{t('mfa')}</Status> : <Status is="attention">{t('noMfa')}</Status>),
      width: 176,
      secondary: true,
      from: 1000,
    },
    { id: 'last', header: t('lastSignIn'), cell: (row) => <LastSignIn at={row.lastSignInAt} />, width: 144, align: 'right', secondary: true, from: 820 },
  ]
}

export function UsersPage() {
  usePageTitle(t('usersTitle'), CRUMBS)
  return (
    <Guard permission="users.read">
      <Users />
    </Guard>
  )
}

/** Everybody of the firm and its clients; a row opens the person beside the list. */
function Users() {
  const search = usersRoute.useSearch()
  const navigate = useNavigate()
  const invites = useMay('users.invite')
  const [inviting, setInviting] = useState(false)
  const { q, role, status, kind } = search
  const filter = useMemo(() => userFilter({ q, role, status, kind }), [q, role, status, kind])
  const pages = usePages({ document: UserListDocument, variables: { first: PAGE, filter }, connection: (data) => data.users })
  const grid = useMemo(() => columns(), [])
  const change = useCallback((next: UsersSearch) => void navigate({ to: '/settings/users', search: compact(next), replace: true }), [navigate])
  const open = (user: string | undefined) => change({ ...search, user })
  const filtered = Boolean(q ?? role ?? status ?? kind)
  return (
    // The open person pushes the list, as a peek does everywhere.
    <div className={search.user ? 'xl:mr-[380px]' : undefined}>
      <PageHeading
        sub={pages.totalCount === null ? null : t('usersSub', { count: pages.totalCount })}
        actions={
          invites ? (
            <Button look="primary" icon={UserPlus} onPress={() => setInviting(true)}>
              {t('invite')}
            </Button>
          ) : null
        }
      >
        {t('usersTitle')}
      </PageHeading>
      <div className="mt-4 mb-2">
        <UserFilters search={search} onChange={change} filtered={filtered} />
      </div>
      {pages.failure ? (
        <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} />
      ) : pages.loading ? (
        <SkeletonRows />
      ) : (
        <DataGrid
          label={t('usersList')}
          rows={pages.rows}
          rowId={(row) => row.id}
          rowName={(row) => row.name}
          columns={grid}
          totalRows={pages.totalCount ?? undefined}
          scroll="page"
          current={search.user ?? null}
          onPeek={(row) => open(row.id)}
          onOpen={(row) => open(row.id)}
          loadingMore={pages.loadingMore}
          empty={
            filtered ? (
              <EmptyState kind="none" title={t('usersNone')} action={<Button onPress={() => change({})}>{t('clear')}</Button>}>
                {t('usersNoneHint')}
              </EmptyState>
            ) : (
              <EmptyState kind="first" title={t('usersFirst')}>
                {t('usersFirstHint')}
              </EmptyState>
            )
          }
        />
      )}
      {pages.more ? (
        <Button className="mt-3" onPress={pages.more}>
          {t('more')}
        </Button>
      ) : null}
      <Suspense fallback={null}>
        {search.user ? <UserPanel key={search.user} id={search.user} onClose={() => open(undefined)} onChanged={pages.reload} /> : null}
        {inviting ? <InviteDialog onClose={() => setInviting(false)} onInvited={pages.reload} /> : null}
      </Suspense>
    </div>
  )
}

function UserFilters({ search, onChange, filtered }: { search: UsersSearch; onChange: (next: UsersSearch) => void; filtered: boolean }) {
  const [typed, setTyped] = useState(search.q ?? '')
  const [known, setKnown] = useState(search.q)
  if (search.q !== known) {
    setKnown(search.q)
    if ((search.q ?? '') !== typed.trim()) setTyped(search.q ?? '')
  }
  const wanted = typed.trim() || undefined
  useEffect(() => {
    if (wanted === search.q) return
    const timer = setTimeout(() => onChange({ ...search, q: wanted }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [wanted, search, onChange])
  return (
    <Toolbar label={t('filters')}>
      <TextField label={t('nameContains')} hideLabel type="search" size="sm" placeholder={t('nameContains')} value={typed} onChange={setTyped} maxLength={100} inputClassName="h-6! w-44 text-12!" />
      <MenuChip
        label={t('role')}
        value={search.role?.toUpperCase() ?? ''}
        active={search.role !== undefined}
        choices={[{ value: '', label: t('any') }, ...ROLES.map((each) => ({ value: each as string, label: roleName(each) }))]}
        onChange={(value) => onChange({ ...search, role: value.toLowerCase() || undefined })}
      />
      <MenuChip
        label={t('status')}
        value={search.status?.toUpperCase() ?? ''}
        active={search.status !== undefined}
        choices={[{ value: '', label: t('any') }, ...STATUSES.map((each) => ({ value: each as string, label: t(each) }))]}
        onChange={(value) => onChange({ ...search, status: value.toLowerCase() || undefined })}
      />
      <MenuChip
        label={t('kind')}
        value={search.kind?.toUpperCase() ?? ''}
        active={search.kind !== undefined}
        choices={[
          { value: '', label: t('any') },
          { value: 'STAFF', label: t('STAFF') },
          { value: 'CLIENT', label: t('CLIENTS') },
        ]}
        onChange={(value) => onChange({ ...search, kind: value.toLowerCase() || undefined })}
      />
      {filtered ? (
        <Button size="sm" look="link" onPress={() => onChange({ user: search.user })}>
          {t('clear')}
        </Button>
      ) : null}
    </Toolbar>
  )
}
