import { Figure } from './Figure'
import { words } from './words'

interface ProgressProps {
  label: string
  done: string
  total: string | null
}

/** How far long work is: a bar with its counts in words. Without a total only the count is said. */
export function Progress({ label, done, total }: ProgressProps) {
  const share = total === null || Number(total) === 0 ? null : Math.max(0, Math.min(1, Number(done) / Number(total)))
  return (
    <div className="grid gap-1">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <span aria-hidden="true" className="block h-full rounded-full bg-accent" style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      <p className="text-12 text-text-3">
        <Figure kind="count" value={done} />
        {total === null ? null : (
          <>
            {' '}
            {words('progressOf')} <Figure kind="count" value={total} />
          </>
        )}
      </p>
    </div>
  )
}
