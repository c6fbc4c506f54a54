import type { ReactNode } from 'react'
import { Toolbar as AriaToolbar } from 'react-aria-components'

/** Filters and 28 px controls above a grid; arrow keys move between them. */
export function Toolbar({ label, children, aside }: { label: string; children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <AriaToolbar aria-label={label} className="flex flex-wrap items-center gap-2">
        {children}
      </AriaToolbar>
      {aside ? <div className="flex items-center gap-2 text-12 text-text-3">{aside}</div> : null}
    </div>
  )
}
