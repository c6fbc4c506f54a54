import type { ReactNode } from 'react'
import { cx } from './cx'

/**
 * fine: circle. attention: triangle. breach: square. progress: half circle. waiting: ring. fact: diamond. cancelled: cross.
 * The shape carries the colour; the word beside it stays text.
 */
export type StatusKind = 'fine' | 'attention' | 'breach' | 'progress' | 'waiting' | 'fact' | 'cancelled'

const COLOURS: Record<StatusKind, string> = {
  fine: 'text-positive',
  attention: 'text-warning',
  breach: 'text-negative',
  progress: 'text-accent',
  waiting: 'text-text-3',
  fact: 'text-text-3',
  cancelled: 'text-text-3',
}

const SHAPES: Record<StatusKind, ReactNode> = {
  fine: <circle cx="4" cy="4" r="4" fill="currentColor" />,
  attention: <path d="M4 .4 8 7.6H0Z" fill="currentColor" />,
  breach: <rect x=".25" y=".25" width="7.5" height="7.5" fill="currentColor" />,
  progress: (
    <>
      <circle cx="4" cy="4" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M4 .75a3.25 3.25 0 0 1 0 6.5Z" fill="currentColor" />
    </>
  ),
  waiting: <circle cx="4" cy="4" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  fact: <path d="M4 0 8 4 4 8 0 4Z" fill="currentColor" />,
  cancelled: <path d="M1 1l6 6M7 1 1 7" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />,
}

export function StatusShape({ is, className }: { is: StatusKind; className?: string }) {
  return (
    <svg aria-hidden="true" width="8" height="8" viewBox="0 0 8 8" data-shape={is} className={cx('inline-block shrink-0', COLOURS[is], className)}>
      {SHAPES[is]}
    </svg>
  )
}

interface StatusProps {
  is: StatusKind
  children: ReactNode
  className?: string
}

/** Word and shape, never one without the other. */
export function Status({ is, children, className }: StatusProps) {
  return (
    <span className={cx('inline-flex items-center gap-1.5 align-bottom whitespace-nowrap', className)}>
      <StatusShape is={is} />
      <span>{children}</span>
    </span>
  )
}
