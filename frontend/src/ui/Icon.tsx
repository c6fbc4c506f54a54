import type { LucideIcon } from 'lucide-react'
import { cx } from './cx'

interface IconProps {
  of: LucideIcon
  size?: number
  className?: string
  /** Spoken when the icon stands without a word beside it. */
  label?: string
}

/** A 16 px line icon, 1.5 px stroke. Import icons one by one: `lucide-react/icons/house`. */
export function Icon({ of: Shape, size = 16, className, label }: IconProps) {
  return (
    <Shape
      size={size}
      strokeWidth={1.5}
      absoluteStrokeWidth
      className={cx('shrink-0', className)}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  )
}
