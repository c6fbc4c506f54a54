import Check from 'lucide-react/icons/check'
import { Link } from '@tanstack/react-router'
import type { Room } from '@/data/routes'
import { useViewer } from '@/data/viewer'
import { Icon } from '@/ui/Icon'
import { Sheet } from '@/ui/Overlay'
import { useUserActions } from './Rail'
import { AsOfChip } from './TopBar'
import { roleWords, t } from './words'

/** What the foot of a phone has no place for: further rooms, appearance, profile, the way out, the date. */
export function MoreSheet({ rooms, onClose }: { rooms: readonly Room[]; onClose: () => void }) {
  const viewer = useViewer()
  const actions = useUserActions()
  const line = 'flex min-h-11 w-full items-center gap-3 border-b border-line text-16 disabled:text-text-3'
  return (
    <Sheet isOpen onClose={onClose} title={t('menu')}>
      <p className="pb-3 text-text-2">
        {viewer.name}, {viewer.roles.map(roleWords).join(', ')}
      </p>
      {rooms.map((room) => (
        <Link key={room.id} to={room.path} onClick={onClose} className={line}>
          <Icon of={room.icon} size={20} />
          {room.label()}
        </Link>
      ))}
      {actions.map((action) => (
        <button
          key={action.id}
          type="button"
          aria-current={action.isCurrent || undefined}
          className={line}
          onClick={() => {
            onClose()
            action.run()
          }}
        >
          {action.icon ? <Icon of={action.icon} size={20} /> : null}
          <span className="flex-1 text-left">{action.label}</span>
          {action.isCurrent ? <Icon of={Check} size={20} className="text-accent" /> : null}
        </button>
      ))}
      <p className="pt-4">
        <AsOfChip />
      </p>
    </Sheet>
  )
}
