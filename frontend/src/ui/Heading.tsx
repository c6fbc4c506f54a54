import type { ReactNode } from 'react'
import { cx } from './cx'

/** A 32 px heading row over one strong rule. */
export function SectionHeading({ children, aside, level = 2, className }: { children: ReactNode; aside?: ReactNode; level?: 2 | 3; className?: string }) {
  const Tag = level === 2 ? 'h2' : 'h3'
  return (
    <div className={cx('flex min-h-8 flex-wrap items-center justify-between gap-x-4 border-b border-line-strong pb-2', className)}>
      <Tag className="text-14 font-semibold">{children}</Tag>
      {aside ? <div className="text-12 text-text-3">{aside}</div> : null}
    </div>
  )
}

/** The page title, one sentence under it, actions at the right. */
export function PageHeading({ children, sub, actions }: { children: ReactNode; sub?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-24 font-semibold display" tabIndex={-1} data-page-title="">
          {children}
        </h1>
        {sub ? <p className="mt-0.5 text-14 text-text-2">{sub}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-2 pt-0.5">{actions}</div> : null}
    </div>
  )
}
