import type { ReactNode } from 'react'
import { cx } from './cx'

export interface TabLink {
  id: string
  label: ReactNode
  count?: number
  current: boolean
}

interface TabNavProps {
  label: string
  tabs: readonly TabLink[]
  /** Draws the link itself: the URL holds the tab, so each one is a real link. */
  link: (tab: TabLink, className: string, content: ReactNode) => ReactNode
  /** views: saved views above a grid, underlined close to the word. places: tabs that sit on the rule. */
  look?: 'places' | 'views'
  className?: string
}

/** Tabs that are places: each is a link with its own address. */
export function TabNav({ label, tabs, link, look = 'places', className }: TabNavProps) {
  return (
    <nav aria-label={label} className={cx('flex gap-6 overflow-x-auto border-b border-line', className)}>
      {tabs.map((tab) => (
        <div key={tab.id} className={cx('shrink-0', look === 'views' && 'py-2')}>
          {link(
            tab,
            cx(
              look === 'views' ? 'h-7' : 'h-10',
              'inline-flex items-center gap-2 border-b-2 text-14 whitespace-nowrap focus-visible:-outline-offset-2',
              tab.current ? 'border-accent font-semibold text-text' : 'border-transparent text-text-2 hover:text-text',
            ),
            <>
              {tab.label}
              {tab.count === undefined ? null : <span className="text-12 text-text-3">{tab.count}</span>}
            </>,
          )}
        </div>
      ))}
    </nav>
  )
}
