import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx'
import { Icon } from './Icon'

export interface BottomNavItem {
  id: string
  label: string
  icon: LucideIcon
  current: boolean
  /** Only for what needs the person. */
  badge?: number
}

interface BottomNavProps {
  label: string
  items: readonly BottomNavItem[]
  /** Draws the link or button itself. */
  link: (item: BottomNavItem, className: string, content: ReactNode) => ReactNode
  className?: string
}

/** Places at the foot of a phone: icon 24 and a word, 44 px to touch, above the safe area. */
export function BottomNav({ label, items, link, className }: BottomNavProps) {
  return (
    <nav aria-label={label} className={cx('flex h-[calc(64px+env(safe-area-inset-bottom))] shrink-0 border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)]', className)}>
      {items.map((item) => (
        <div key={item.id} className="flex min-w-11 flex-auto">
          {link(
            item,
            cx('relative flex flex-1 flex-col items-center justify-center gap-1 text-12 focus-visible:-outline-offset-2', item.current ? 'font-medium text-accent' : 'text-text-2'),
            <>
              <span className="relative">
                <Icon of={item.icon} size={24} />
                {item.badge ? (
                  <span className="absolute -top-1 -right-2 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-12 leading-none font-semibold text-on-accent">
                    {item.badge}
                  </span>
                ) : null}
              </span>
              {item.label}
            </>,
          )}
        </div>
      ))}
    </nav>
  )
}
