import type { LucideIcon } from 'lucide-react'
import { cx } from './cx'
import { Icon } from './Icon'

interface PlainIconButtonProps {
  icon: LucideIcon
  label: string
  size?: 'sm' | 'xl'
  isPressed?: boolean
  onPress: () => void
  className?: string
}

/** The icon button of the frame around the pages: the browser's own, so that the first load carries no press handling. */
export function PlainIconButton({ icon, label, size = 'sm', isPressed, onPress, className }: PlainIconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isPressed}
      onClick={onPress}
      className={cx('inline-flex shrink-0 items-center justify-center rounded-control text-text hover:bg-sunken', size === 'xl' ? 'size-11' : 'size-7', className)}
    >
      <Icon of={icon} size={size === 'xl' ? 20 : 16} />
    </button>
  )
}
