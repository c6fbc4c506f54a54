import { toPosition } from '@/domain/decimal'

/** A share of a whole as a 4 px bar. The percentage beside it is the figure; this only shows its size. */
export function WeightBar({ share, className }: { share: string | null; className?: string }) {
  const width = share === null ? 0 : Math.max(0, Math.min(1, Math.abs(toPosition(share)))) * 100
  return (
    <span aria-hidden="true" className={`block h-1 overflow-hidden rounded-full bg-line ${className ?? 'w-full'}`}>
      <span className="block h-full rounded-full bg-accent" style={{ width: `${width}%` }} />
    </span>
  )
}
