import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import House from 'lucide-react/icons/house'
import CircleUserRound from 'lucide-react/icons/circle-user-round'
import Landmark from 'lucide-react/icons/landmark'
import PieChart from 'lucide-react/icons/chart-pie'
import TrendingUp from 'lucide-react/icons/trending-up'
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react'
import { PORTAL_PATHS } from '@/auth/paths'
import { useLostSince } from '@/data/connection'
import { useFirm } from '@/data/context'
import { useRead } from '@/data/hooks'
import { session, useSessionState } from '@/data/session'
import { PortalHomeDocument } from '@/generated/graphql'
import { BottomNav, type BottomNavItem } from '@/ui/BottomNav'
import { FirmLogo } from '@/ui/Brand'
import { Icon } from '@/ui/Icon'
import { setPrivacy, usePreferences } from '@/ui/preferences'
import { ReconnectBanner } from '@/ui/ReconnectBanner'
import { ErrorState } from '@/ui/States'
import { Toasts } from '@/ui/Toast'
import { Home, HomeOutline, type Viewer } from './Home'
import { placeOf, PortalLink, useCapacity } from './path'
import { t } from './words'

const AccountsPage = lazy(() => import('./AccountsPage').then((m) => ({ default: m.AccountsPage })))
const AccountPage = lazy(() => import('./AccountPage').then((m) => ({ default: m.AccountPage })))
const DebtPage = lazy(() => import('./DebtPage').then((m) => ({ default: m.DebtPage })))
const MovementsPage = lazy(() => import('./Movements').then((m) => ({ default: m.MovementsPage })))
const PerformancePage = lazy(() => import('./Performance').then((m) => ({ default: m.PerformancePage })))
const HoldingsPage = lazy(() => import('./Holdings').then((m) => ({ default: m.HoldingsPage })))
const Profile = lazy(() => import('./Profile').then((m) => ({ default: m.Profile })))
const ReviewPage = lazy(() => import('./Details').then((m) => ({ default: m.ReviewPage })))
const NoSuchPage = lazy(() => import('./Nothing').then((m) => ({ default: m.NoSuchPage })))
const StaffGuest = lazy(() => import('./Nothing').then((m) => ({ default: m.StaffGuest })))
const SessionSheet = lazy(() => import('@/auth/SessionSheet').then((m) => ({ default: m.SessionSheet })))

/** One column in a thumb's reach on a phone, places at the side of a desk: what the client owns, and the way out. */
export function PortalShell({ path }: { path: string }) {
  const capacity = useCapacity()
  const variables = useMemo(() => ({ grantId: capacity }), [capacity])
  const { data, failure, reload } = useRead(PortalHomeDocument, variables)
  const lostSince = useLostSince()
  const viewer = data?.viewer
  useEffect(() => {
    if (viewer) session.identify(viewer.id)
  }, [viewer])
  // A page begins at its top and is read from there.
  useEffect(() => {
    document.querySelector('main')?.scrollTo(0, 0)
  }, [path])
  const items = navItems(path, viewer?.needs.length ?? 0)
  return (
    <div className="flex h-dvh flex-col text-16">
      <PortalBar />
      <ReconnectBanner lostSince={lostSince} />
      <div className="flex min-h-0 flex-1">
        <SideNav items={items} />
        <main className="min-h-0 min-w-0 flex-1 overflow-y-auto" tabIndex={-1}>
          <div className="mx-auto w-full max-w-[640px] px-4 pt-4 pb-8 min-[900px]:max-w-[1120px] min-[900px]:px-10 min-[900px]:pt-8">
            {!data && !failure ? <HomeOutline /> : null}
            <Suspense fallback={<HomeOutline />}>
              {failure && !data ? <PageFailure failure={failure} onRetry={reload} /> : null}
              {viewer?.kind === 'STAFF' ? <StaffGuest /> : null}
              {viewer?.kind === 'CLIENT' ? <Place path={path} viewer={viewer} capacity={capacity} onChanged={reload} /> : null}
            </Suspense>
          </div>
        </main>
      </div>
      <BottomNav label={t('places')} className="min-[900px]:hidden" items={items} link={navLink} />
      <ExpiredSheet email={viewer?.email} />
      <Toasts />
    </div>
  )
}

function navItems(path: string, needs: number): BottomNavItem[] {
  return [
    { id: '/', label: t('home'), icon: House, current: path === '/', ...(needs > 0 ? { badge: needs } : {}) },
    { id: '/performance', label: t('performance'), icon: TrendingUp, current: path === '/performance' },
    { id: '/holdings', label: t('holdings'), icon: PieChart, current: path === '/holdings' },
    { id: '/accounts', label: t('accounts'), icon: Landmark, current: /^\/(accounts|debts|movements)/.test(path) },
    { id: '/more', label: t('more'), icon: CircleUserRound, current: path === '/more' || path.startsWith('/review') },
  ]
}

function navLink(item: BottomNavItem, className: string, content: ReactNode) {
  return (
    <PortalLink to={item.id} current={item.current} className={className}>
      {content}
    </PortalLink>
  )
}

/** The same places beside the page, from about a tablet held sideways. */
function SideNav({ items }: { items: readonly BottomNavItem[] }) {
  return (
    <nav aria-label={t('places')} className="w-[216px] shrink-0 border-r border-line bg-rail p-3 max-[899px]:hidden">
      <ul className="grid gap-1">
        {items.map((item) => (
          <li key={item.id}>
            {navLink(
              item,
              `flex min-h-11 items-center gap-3 rounded-control px-3 ${item.current ? 'bg-accent-mid font-medium text-accent' : 'text-text-2 hover:bg-hover'}`,
              <>
                <Icon of={item.icon} size={20} />
                <span className="flex-1">{item.label}</span>
                {item.badge ? (
                  <span className="inline-flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1.5 text-12 font-semibold text-on-accent">{item.badge}</span>
                ) : null}
              </>,
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface PlaceProps {
  path: string
  viewer: Viewer
  capacity: string | null
  onChanged: () => void
}

function Place({ path, viewer, capacity, onChanged }: PlaceProps) {
  if (path === '/') return <Home viewer={viewer} capacity={capacity} onGap={onChanged} />
  return pageOf({ path, viewer, capacity, onChanged })
}

function pageOf({ path, viewer, capacity, onChanged }: PlaceProps): ReactNode {
  const asked = placeOf(path)
  if (!asked) return <NoSuchPage />
  const { place, id } = asked
  const ownId = viewer.party?.id ?? null
  if (place === 'accounts' && id) return <AccountPage key={id} id={id} ownId={ownId} />
  if (place === 'accounts') return <AccountsPage viewer={viewer} capacity={capacity} onGap={onChanged} />
  if (place === 'debts' && id) return <DebtPage key={id} id={id} ownId={ownId} />
  if (place === 'performance' && !id) return <PerformancePage viewer={viewer} capacity={capacity} />
  if (place === 'holdings' && !id) return <HoldingsPage viewer={viewer} capacity={capacity} />
  if (place === 'movements' && !id) return <MovementsPage viewer={viewer} capacity={capacity} />
  if (place === 'review' && id) return <ReviewPage key={id} id={id} isOwn={id === ownId} onChanged={onChanged} />
  if (place === 'more' && !id) return <Profile onChanged={onChanged} />
  return <NoSuchPage />
}

function PageFailure({ failure, onRetry }: { failure: { kind: string; message: string; requestId: string | null }; onRetry: () => void }) {
  // A capacity that has ended, or was mistyped: everything else is still there.
  if (failure.kind === 'missing') return <NoSuchPage />
  return <ErrorState isPage message={failure.message} requestId={failure.requestId} onRetry={onRetry} />
}

function PortalBar() {
  const firm = useFirm()
  const { privacy } = usePreferences()
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-4 min-[900px]:px-6">
      <FirmLogo size={28} />
      <span className="min-w-0 flex-1 truncate text-16 font-semibold">{firm.name}</span>
      <button
        type="button"
        aria-label={t(privacy ? 'showAmounts' : 'hideAmounts')}
        onClick={() => setPrivacy(!privacy)}
        className="-mr-3 inline-flex size-11 items-center justify-center rounded-control text-text-2 hover:bg-hover"
      >
        <Icon of={privacy ? EyeOff : Eye} size={20} />
      </button>
    </header>
  )
}

function ExpiredSheet({ email }: { email: string | undefined }) {
  const state = useSessionState()
  const [wanted, setWanted] = useState(false)
  if (state === 'expired' && !wanted) setWanted(true)
  if (!wanted || !email) return null
  return (
    <Suspense fallback={null}>
      <SessionSheet email={email} paths={PORTAL_PATHS} />
    </Suspense>
  )
}
