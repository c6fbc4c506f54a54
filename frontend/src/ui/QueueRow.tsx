import type { ReactNode } from 'react'
import { cx } from './cx'
import { useEnvironment } from './environment'
import { Figure } from './Figure'
import { Status, type StatusKind } from './Status'
import { ageWords } from './words'

interface QueueRowProps {
  count: number
  name: string
  detail?: ReactNode
  status: StatusKind
  /** When the oldest of them appeared. */
  oldestAt: string | null
  /** One text action, a link that opens the same list filtered. */
  action: ReactNode
  className?: string
}

/** One kind of waiting work: how many, what, how old, and the way to it. */
export function QueueRow({ count, name, detail, status, oldestAt, action, className }: QueueRowProps) {
  const { now } = useEnvironment()
  return (
    <li className={cx('grid min-h-12 grid-cols-[44px_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line py-1.5 sm:grid-cols-[44px_minmax(0,1fr)_80px_136px] sm:gap-x-4', className)}>
      <span className="text-right text-20 font-semibold display">
        <Figure kind="count" value={String(count)} />
      </span>
      <span className="min-w-0">
        <span className="font-medium">{name}</span>
        {detail ? <span className="ml-3 text-text-3 max-sm:ml-0 max-sm:block max-sm:text-12">{detail}</span> : null}
        {oldestAt ? (
          <span className="block text-12 text-text-2 sm:hidden">
            <Status is={status}>{ageWords(oldestAt, now())}</Status>
          </span>
        ) : null}
      </span>
      <span className="text-text-2 max-sm:hidden">{oldestAt ? <Status is={status}>{ageWords(oldestAt, now())}</Status> : null}</span>
      <span className="text-right font-medium text-accent">{action}</span>
    </li>
  )
}
