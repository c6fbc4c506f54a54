import type { ReactNode } from 'react'
import { cx } from './cx'
import { StatusShape } from './Status'
import { words } from './words'

interface EmptyStateProps {
  /** first: nothing yet, say the next step. none: no result, offer to clear. forbidden: say who to ask. */
  kind: 'first' | 'none' | 'forbidden'
  title: string
  children: ReactNode
  action?: ReactNode
  /** The state is the whole page: its title is the page's heading. */
  isPage?: boolean
  className?: string
}

export function EmptyState({ kind, title, children, action, isPage, className }: EmptyStateProps) {
  const Title = isPage ? 'h1' : 'p'
  return (
    <div data-empty={kind} className={cx('flex max-w-prose flex-col items-start gap-2 py-8', className)}>
      <Title className="flex items-center gap-2 text-16 font-semibold">
        <StatusShape is={kind === 'forbidden' ? 'breach' : kind === 'none' ? 'waiting' : 'fact'} />
        {title}
      </Title>
      <p className="text-14 text-text-2">{children}</p>
      {action ? <div className="pt-2">{action}</div> : null}
    </div>
  )
}

interface ErrorStateProps {
  title?: string
  /** What went wrong, in the server's words. */
  message: string
  /** read: nothing changed. refused: the change was not applied. unknown: it may have been. */
  applied?: 'read' | 'refused' | 'unknown'
  requestId?: string | null
  onRetry?: () => void
  isPage?: boolean
  className?: string
}

/** Says what went wrong, what is safe, whether a change was applied, and the request to quote. */
export function ErrorState({ title, message, applied = 'read', requestId, onRetry, isPage, className }: ErrorStateProps) {
  const Title = isPage ? 'h1' : 'p'
  const safe = { read: 'errorSafe', refused: 'errorNotApplied', unknown: 'errorUnknownApplied' } as const
  return (
    <div role="alert" className={cx('rounded-surface border border-negative-line bg-negative-soft p-4', className)}>
      <Title className="flex items-center gap-2 font-semibold">
        <StatusShape is="breach" />
        {title ?? words('errorTitle')}
      </Title>
      <p className="mt-1 text-text-2">{message}</p>
      <p className="mt-1 text-text-2">{words(safe[applied])}</p>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        {onRetry ? (
          <button type="button" onClick={onRetry} className="h-7 rounded-control border border-line-strong bg-canvas px-2.5 text-14 font-medium hover:bg-hover max-sm:h-11 max-sm:px-4">
            {words('tryAgain')}
          </button>
        ) : null}
        {requestId && !message.includes(requestId) ? <span className="identifier text-12 text-text-2">{words('requestId', { id: requestId })}</span> : null}
      </div>
    </div>
  )
}

/** A grey bar that appears only after 150 ms, so that a quick answer never flashes. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx('skeleton block h-4', className)} />
}

const ROWS = Array.from({ length: 24 }, (_, index) => index)
const WIDTHS = ['w-48', 'w-36', 'w-56', 'w-40', 'w-44', 'w-52']

/** The outline of a grid while its rows are on the way. */
export function SkeletonRows({ rows = 8, className }: { rows?: number; className?: string }) {
  return (
    <div role="status" className={className}>
      <span className="sr-only">{words('loading')}</span>
      {ROWS.slice(0, rows).map((row) => (
        <div key={row} aria-hidden="true" className="appear-late flex h-(--row) items-center justify-between gap-4 border-b border-line">
          <Skeleton className={WIDTHS[row % WIDTHS.length] ?? ''} />
          <Skeleton className="w-24" />
        </div>
      ))}
    </div>
  )
}
