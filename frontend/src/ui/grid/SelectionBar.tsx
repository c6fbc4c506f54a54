import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import { IconButton } from '../Button'
import { words } from '../words'

interface SelectionBarProps {
  count: number
  /** A sum from the server, never added up here. */
  sum?: ReactNode
  actions?: ReactNode
  onClear: () => void
}

/** Count, sum, one primary action, close. */
export function SelectionBar({ count, sum, actions, onClear }: SelectionBarProps) {
  return (
    <div role="region" aria-label={words('selected', { count })} className="relative flex min-h-12 max-w-full flex-wrap items-center gap-2 rounded-surface bg-raised py-2 pr-2 pl-4 shadow-overlay max-sm:pr-12">
      <span className="pr-2 max-sm:basis-full">
        <span className="font-semibold">{words('selected', { count })}</span> {sum}
      </span>
      {actions}
      <IconButton icon={X} label={words('clearSelection')} onPress={onClear} className="max-sm:absolute max-sm:top-2 max-sm:right-2" />
    </div>
  )
}
