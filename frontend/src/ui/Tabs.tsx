import { useEffect, useRef, type ReactNode } from 'react'
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

/** So much of the next tab is seen that one knows of it. */
const GAP = 24

/** Tabs that are places: each is a link with its own address. */
export function TabNav({ label, tabs, link, look = 'places', className }: TabNavProps) {
  const nav = useRef<HTMLElement>(null)
  const current = tabs.find((tab) => tab.current)?.id
  // On a phone the tabs are wider than the page: where one is stays in sight.
  useEffect(() => {
    const row = nav.current
    const here = current === undefined ? null : row?.querySelector('[data-current]')
    if (!row || !here) return
    const { left, right } = row.getBoundingClientRect()
    const place = here.getBoundingClientRect()
    if (place.left < left) row.scrollLeft += place.left - left
    else if (place.right > right) row.scrollLeft += place.right - right + GAP
  }, [current])
  return (
    <nav ref={nav} aria-label={label} className={cx('flex gap-6 overflow-x-auto border-b border-line', className)}>
      {tabs.map((tab) => (
        <div key={tab.id} data-current={tab.current || undefined} className={cx('shrink-0', look === 'views' && 'py-2')}>
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
