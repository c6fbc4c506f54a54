import type { ReactNode } from 'react'
import { cx } from './cx'
import { StatusShape, type StatusKind } from './Status'

interface BannerProps {
  status: StatusKind
  children: ReactNode
  action?: ReactNode
  /** Announced at once when it appears. */
  urgent?: boolean
}

const GROUNDS: Partial<Record<StatusKind, string>> = {
  attention: 'border-warning-line bg-warning-soft',
  breach: 'border-negative-line bg-negative-soft',
}

/** One line across the page, for what concerns all of it. */
export function Banner({ status, children, action, urgent }: BannerProps) {
  return (
    <div role={urgent ? 'alert' : 'status'} className={cx('flex min-h-9 items-center gap-2 border-b px-8 py-1.5 max-sm:px-4', GROUNDS[status] ?? 'border-line bg-sunken')}>
      <StatusShape is={status} />
      <span className="min-w-0 flex-1">{children}</span>
      {action}
    </div>
  )
}
