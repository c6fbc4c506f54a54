import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import House from 'lucide-react/icons/house'
import Menu from 'lucide-react/icons/menu'
import { lazy, Suspense, useEffect, useState } from 'react'
import { PORTAL_PATHS } from '@/auth/paths'
import { useLostSince } from '@/data/connection'
import { useFirm } from '@/data/context'
import { useRead } from '@/data/hooks'
import { session, useSessionState } from '@/data/session'
import { PortalHomeDocument } from '@/generated/graphql'
import { BottomNav } from '@/ui/BottomNav'
import { FirmLogo } from '@/ui/Brand'
import { Icon } from '@/ui/Icon'
import { setPrivacy, usePreferences } from '@/ui/preferences'
import { ReconnectBanner } from '@/ui/ReconnectBanner'
import { EmptyState, ErrorState } from '@/ui/States'
import { Toasts } from '@/ui/Toast'
import { Home, HomeOutline } from './Home'
import { PortalLink } from './path'
import { t } from './words'

const More = lazy(() => import('./More').then((m) => ({ default: m.More })))
const SessionSheet = lazy(() => import('@/auth/SessionSheet').then((m) => ({ default: m.SessionSheet })))

/** One column, a thumb's reach: what the client owns, and the way out. */
export function PortalShell({ path }: { path: string }) {
  const { data, failure, reload } = useRead(PortalHomeDocument, {})
  const lostSince = useLostSince()
  const viewer = data?.viewer
  useEffect(() => {
    if (viewer) session.identify(viewer.id)
  }, [viewer])
  return (
    <div className="flex h-dvh flex-col text-16">
      <PortalBar />
      <ReconnectBanner lostSince={lostSince} />
      <main className="mx-auto w-full max-w-[640px] min-h-0 flex-1 overflow-y-auto px-4 pt-4 pb-8">
        {failure && !data ? <ErrorState message={failure.message} requestId={failure.requestId} onRetry={reload} /> : null}
        {!data && !failure ? <HomeOutline /> : null}
        {data?.viewer.kind === 'STAFF' ? <StaffGuest /> : null}
        {data && data.viewer.kind === 'CLIENT' ? <Place path={path} data={data} /> : null}
      </main>
      <PortalNav path={path} />
      <ExpiredSheet email={viewer?.email} />
      <Toasts />
    </div>
  )
}

function Place({ path, data }: { path: string; data: Parameters<typeof Home>[0]['data'] }) {
  if (path === '/') return <Home data={data} />
  if (path === '/more') {
    return (
      <Suspense fallback={null}>
        <More />
      </Suspense>
    )
  }
  return (
    <EmptyState
      isPage
      kind="none"
      title={t('notFoundTitle')}
      action={
        <PortalLink to="/" className="font-medium text-accent">
          {t('goHome')}
        </PortalLink>
      }
    >
      {t('notFoundHint')}
    </EmptyState>
  )
}

function PortalBar() {
  const firm = useFirm()
  const { privacy } = usePreferences()
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-4">
      <FirmLogo size={28} />
      <span className="min-w-0 flex-1 truncate text-16 font-semibold">{firm.name}</span>
      <button
        type="button"
        aria-label={t(privacy ? 'showAmounts' : 'hideAmounts')}
        onClick={() => setPrivacy(!privacy)}
        className="-mr-3 inline-flex size-11 items-center justify-center rounded-control text-text-2"
      >
        <Icon of={privacy ? EyeOff : Eye} size={20} />
      </button>
    </header>
  )
}

function PortalNav({ path }: { path: string }) {
  return (
    <BottomNav
      label={t('places')}
      items={[
        { id: '/', label: t('home'), icon: House, current: path === '/' },
        { id: '/more', label: t('more'), icon: Menu, current: path === '/more' },
      ]}
      link={(item, className, content) => (
        <PortalLink to={item.id} current={item.current} className={className}>
          {content}
        </PortalLink>
      )}
    />
  )
}

function StaffGuest() {
  return (
    <EmptyState
      isPage
      kind="forbidden"
      title={t('staffTitle')}
      action={
        <a href="/" className="font-medium text-accent">
          {t('openStaff')}
        </a>
      }
    >
      {t('staffHint')}
    </EmptyState>
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
