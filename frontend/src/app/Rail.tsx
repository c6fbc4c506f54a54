import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import LogOut from 'lucide-react/icons/log-out'
import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import Sun from 'lucide-react/icons/sun'
import UserRound from 'lucide-react/icons/user-round'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useRef, useState } from 'react'
import { useFirm } from '@/data/context'
import type { Room } from '@/data/routes'
import { session } from '@/data/session'
import { useViewer } from '@/data/viewer'
import { initials } from '@/domain/permissions'
import { Avatar, FirmLogo } from '@/ui/Brand'
import { PlainIconButton } from '@/ui/PlainIconButton'
import { cx } from '@/ui/cx'
import { Icon } from '@/ui/Icon'
import type { MenuAction } from '@/ui/Menu'
import { setPrivacy, setScheme, usePreferences } from '@/ui/preferences'
import { roomAt } from './roomAt'
import { roleWords, t } from './words'

const AnchoredMenu = lazy(() => import('@/ui/Menu').then((m) => ({ default: m.AnchoredMenu })))

export function Rail({ rooms }: { rooms: readonly Room[] }) {
  const firm = useFirm()
  const { pathname } = useLocation()
  const current = roomAt(pathname, rooms)
  return (
    <aside className="flex w-14 shrink-0 flex-col border-r border-line bg-rail max-sm:hidden lg:w-[216px]">
      <Link to="/" className="flex h-13 items-center gap-2 px-4 focus-visible:-outline-offset-2 lg:pr-1.5 lg:pl-4">
        <FirmLogo size={24} />
        <span title={firm.name} className="truncate font-semibold max-lg:sr-only">
          {firm.name}
        </span>
      </Link>
      <nav aria-label={t('rooms')} className="flex-1 overflow-y-auto px-3 pt-2">
        <ul className="grid gap-0.5">
          {rooms.map((room) => (
            <li key={room.id}>
              <RailLink room={room} current={room.id === current?.id} />
            </li>
          ))}
        </ul>
      </nav>
      <UserBlock />
    </aside>
  )
}

function RailLink({ room, current }: { room: Room; current: boolean }) {
  return (
    <Link
      to={room.path}
      aria-current={current ? 'page' : undefined}
      title={room.label()}
      className={cx(
        'flex h-8 items-center gap-2.5 rounded-control px-2',
        current ? 'bg-accent-mid font-semibold text-accent' : 'text-text-2 hover:bg-sunken hover:text-text',
      )}
    >
      <Icon of={room.icon} />
      <span className="flex-1 truncate max-lg:sr-only">{room.label()}</span>
      {room.Count ? (
        <span className="text-12 max-lg:sr-only">
          <room.Count />
        </span>
      ) : null}
    </Link>
  )
}

/** Appearance, profile and the way out; used by the rail and by the phone's menu. */
export function useUserActions(): MenuAction[] {
  const navigate = useNavigate()
  const { scheme } = usePreferences()
  const schemes: MenuAction[] = [
    { id: 'system', label: t('themeSystem'), icon: Monitor, run: () => setScheme('system'), isCurrent: scheme === 'system' },
    { id: 'light', label: t('themeLight'), icon: Sun, run: () => setScheme('light'), isCurrent: scheme === 'light' },
    { id: 'dark', label: t('themeDark'), icon: Moon, run: () => setScheme('dark'), isCurrent: scheme === 'dark' },
  ]
  return [
    { id: 'profile', label: t('profile'), icon: UserRound, run: () => void navigate({ href: PROFILE_PATH }) },
    ...schemes,
    { id: 'sign-out', label: t('signOut'), icon: LogOut, run: () => void session.signOut() },
  ]
}

const PROFILE_PATH = '/settings/profile'

export function PrivacyButton({ size = 'sm' }: { size?: 'sm' | 'xl' }) {
  const { privacy } = usePreferences()
  return <PlainIconButton icon={privacy ? EyeOff : Eye} label={t(privacy ? 'showAmounts' : 'hideAmounts')} size={size} onPress={() => setPrivacy(!privacy)} />
}

function UserBlock() {
  const viewer = useViewer()
  const actions = useUserActions()
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <div className="flex items-center gap-1 border-t border-line p-2 max-lg:flex-col lg:h-15 lg:px-3">
      <button
        ref={anchor}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        className="flex min-w-0 flex-1 items-center gap-2.5 rounded-control p-1.5 text-left hover:bg-sunken lg:pl-2"
      >
        <Avatar initials={initials(viewer.name)} />
        <span className="sr-only">{t('account')}, </span>
        <span className="min-w-0 flex-1 max-lg:sr-only">
          <span className="block truncate leading-4 font-medium">{viewer.name}</span>
          <span className="block truncate text-12 text-text-2">{viewer.roles.map(roleWords).join(', ')}</span>
        </span>
      </button>
      {open ? (
        <Suspense fallback={null}>
          <AnchoredMenu anchor={anchor} actions={actions} label={t('account')} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
      <PrivacyButton />
    </div>
  )
}
