import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { STAFF_PATHS } from '@/auth/paths'
import { StepUpProvider } from '@/auth/StepUp'
import { useFirm } from '@/data/context'
import { useRead } from '@/data/hooks'
import type { Room } from '@/data/routes'
import { session, useSessionState } from '@/data/session'
import { ViewerProvider } from '@/data/viewer'
import { may, type Viewer } from '@/domain/permissions'
import { ShellDocument } from '@/generated/graphql'
import { EmptyState, ErrorState, Skeleton } from '@/ui/States'
import { Toasts } from '@/ui/Toast'
import { PhoneBar, PhoneNav } from './Phone'
import { Rail } from './Rail'
import { ReconnectBanner } from './ReconnectBanner'
import { roomAt } from './roomAt'
import { rooms } from './rooms'
import { TopBar } from './TopBar'
import { t } from './words'

const Palette = lazy(() => import('./Palette').then((m) => ({ default: m.Palette })))
const SessionSheet = lazy(() => import('@/auth/SessionSheet').then((m) => ({ default: m.SessionSheet })))

/** Who is signed in decides everything else, so it is read with the first page and waited for only here. */
export function Shell() {
  const { data, failure, reload } = useRead(ShellDocument, {})
  if (data?.viewer.kind === 'CLIENT') return <ClientGuest />
  if (data) return <SignedInShell viewer={data.viewer} />
  if (failure) {
    return (
      <main className="mx-auto max-w-xl p-8">
        <ErrorState message={failure.message} requestId={failure.requestId} onRetry={reload} />
      </main>
    )
  }
  return <ShellOutline />
}

function SignedInShell({ viewer }: { viewer: Viewer }) {
  const [searching, setSearching] = useState(false)
  const sessionState = useSessionState()
  const [sheetWanted, setSheetWanted] = useState(false)
  if (sessionState === 'expired' && !sheetWanted) setSheetWanted(true)
  useEffect(() => session.identify(viewer.id), [viewer.id])
  usePaletteKey(() => setSearching(true))
  const shown = rooms.filter((room) => may(viewer, room.shownFor ?? room.permission))
  return (
    <ViewerProvider value={viewer}>
      <StepUpProvider>
        <a href="#content" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-control focus:bg-raised focus:px-3 focus:py-2 focus:shadow-overlay">
          {t('skip')}
        </a>
        <div className="flex h-dvh overflow-hidden">
          <Rail rooms={shown} />
          <div className="flex min-w-0 flex-1 flex-col">
            <TopBar onSearch={() => setSearching(true)} />
            <PhoneBar onSearch={() => setSearching(true)} />
            <ReconnectBanner />
            <Content viewer={viewer} />
            <PhoneNav rooms={shown} />
          </div>
        </div>
        <Suspense fallback={null}>
          {searching ? <Palette rooms={shown} onClose={() => setSearching(false)} /> : null}
          {sheetWanted ? <SessionSheet email={viewer.email} paths={STAFF_PATHS} /> : null}
        </Suspense>
        <Toasts />
      </StepUpProvider>
    </ViewerProvider>
  )
}

function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      open()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
}

function Content({ viewer }: { viewer: Viewer }) {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const shownPath = useRef(pathname)
  useEffect(() => {
    // After a move to another page the keyboard starts at its content, not where the last page left it.
    if (shownPath.current === pathname) return
    shownPath.current = pathname
    main.current?.focus({ preventScroll: true })
    main.current?.scrollTo(0, 0)
  }, [pathname])
  const room = roomAt(pathname, rooms)
  return (
    <main ref={main} id="content" tabIndex={-1} className="relative flex min-h-0 flex-1 flex-col overflow-y-auto outline-none focus-visible:outline-none">
      {room && !may(viewer, room.permission) ? <Forbidden room={room} /> : <Outlet />}
    </main>
  )
}

function Forbidden({ room }: { room: Room }) {
  const firm = useFirm()
  return (
    <EmptyState kind="forbidden" isPage title={t('forbiddenTitle', { room: room.label() })} className="px-8">
      {t('forbiddenHint', { permission: room.permission ?? '', firm: firm.name })}
    </EmptyState>
  )
}

function ClientGuest() {
  useEffect(() => location.replace('/portal'), [])
  return (
    <main className="p-8">
      <EmptyState
        kind="forbidden"
        title={t('clientTitle')}
        action={
          <a href="/portal" className="font-medium text-accent hover:underline">
            {t('openPortal')}
          </a>
        }
      >
        {t('clientHint')}
      </EmptyState>
    </main>
  )
}

function ShellOutline() {
  return (
    <div className="flex h-dvh" role="status" aria-busy="true">
      <div className="appear-late w-14 border-r border-line bg-rail max-sm:hidden lg:w-[216px]" />
      <div className="appear-late min-w-0 flex-1">
        <div className="h-13 border-b border-line" />
        <div className="grid gap-3 px-8 py-6">
          <Skeleton className="h-8 w-64" />
          <Skeleton className="w-96 max-w-full" />
        </div>
      </div>
    </div>
  )
}
