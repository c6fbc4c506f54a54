import Menu from 'lucide-react/icons/menu'
import Search from 'lucide-react/icons/search'
import { Link, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useFirm } from '@/data/context'
import type { Room } from '@/data/routes'
import { BottomNav } from '@/ui/BottomNav'
import { FirmLogo } from '@/ui/Brand'
import { PlainIconButton } from '@/ui/PlainIconButton'
import { useCurrentTitle } from '@/ui/title'
import { PrivacyButton } from './Rail'
import { roomAt } from './roomAt'
import { t } from './words'

const PLACES = 4
const MoreSheet = lazy(() => import('./MoreSheet').then((m) => ({ default: m.MoreSheet })))

/** The top bar of a phone. */
export function PhoneBar({ onSearch }: { onSearch: () => void }) {
  const { title } = useCurrentTitle()
  const firm = useFirm()
  return (
    <header className="flex h-13 shrink-0 items-center gap-2.5 border-b border-line px-4 sm:hidden">
      <Link to="/" aria-label={firm.name} className="flex rounded-control">
        <FirmLogo size={28} />
      </Link>
      <span className="min-w-0 flex-1 truncate text-16 font-semibold">{title || firm.name}</span>
      <PlainIconButton icon={Search} label={t('search')} size="xl" onPress={onSearch} />
      <span className="-mr-3">
        <PrivacyButton size="xl" />
      </span>
    </header>
  )
}

/** The rooms at the foot of a phone; what does not fit, and the person, are behind "More". */
export function PhoneNav({ rooms }: { rooms: readonly Room[] }) {
  const { pathname } = useLocation()
  const [open, setOpen] = useState(false)
  const current = roomAt(pathname, rooms)
  const placed = rooms.slice(0, PLACES)
  return (
    <>
      <BottomNav
        className="sm:hidden"
        label={t('rooms')}
        items={[
          ...placed.map((room) => ({ id: room.path, label: room.label(), icon: room.icon, current: room.id === current?.id })),
          { id: '', label: t('more'), icon: Menu, current: current !== undefined && !placed.includes(current) },
        ]}
        link={(item, className, content) =>
          item.id === '' ? (
            <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)} className={className}>
              {content}
            </button>
          ) : (
            <Link to={item.id} aria-current={item.current ? 'page' : undefined} className={className}>
              {content}
            </Link>
          )
        }
      />
      {open ? (
        <Suspense fallback={null}>
          <MoreSheet rooms={rooms.slice(PLACES)} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
