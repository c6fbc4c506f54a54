import type { ReactNode } from 'react'
import { cx } from './cx'

export const CHIP = 'inline-flex h-6 items-center gap-1.5 rounded-chip border px-2 text-12 whitespace-nowrap select-none'

/** A fact with a border; `tone` tints it when it needs attention. */
export function Chip({ children, tone = 'plain', className }: { children: ReactNode; tone?: 'plain' | 'accent' | 'warning' | 'breach'; className?: string }) {
  const tones = {
    plain: 'border-line text-text-2',
    accent: 'border-accent-line bg-accent-soft text-accent',
    warning: 'border-warning-line bg-warning-soft text-text-2',
    breach: 'border-negative-line bg-negative-soft text-text-2',
  }
  return <span className={cx(CHIP, tones[tone], className)}>{children}</span>
}

interface FilterChipProps {
  children: ReactNode
  isSelected: boolean
  onChange: (selected: boolean) => void
  count?: ReactNode
}

/** A filter that is on or off. */
export function FilterChip({ children, isSelected, onChange, count }: FilterChipProps) {
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      onClick={() => onChange(!isSelected)}
      className={cx(CHIP, 'cursor-pointer', isSelected ? 'border-accent-line bg-accent-soft text-accent' : 'border-line-strong text-text-2 hover:bg-hover')}
    >
      {children}
      {count === undefined ? null : <span className={cx('font-semibold', !isSelected && 'text-text')}>{count}</span>}
    </button>
  )
}
