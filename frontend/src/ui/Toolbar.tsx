import type { ReactNode } from 'react'

/**
 * Filters and 28 px controls above a grid. Each is a stop of the Tab key: in a toolbar by the book the arrow keys would move
 * between the controls and be lost to the text and date fields among them.
 */
export function Toolbar({ label, children, aside }: { label: string; children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div role="group" aria-label={label} className="flex flex-wrap items-center gap-2">
        {children}
      </div>
      {aside ? <div className="flex items-center gap-2 text-12 text-text-3">{aside}</div> : null}
    </div>
  )
}
