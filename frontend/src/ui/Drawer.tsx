import ChevronDown from 'lucide-react/icons/chevron-down'
import ChevronUp from 'lucide-react/icons/chevron-up'
import X from 'lucide-react/icons/x'
import { useEffect, useRef, type ReactNode } from 'react'
import { IconButton } from './Button'
import { cx } from './cx'
import { words } from './words'

interface DrawerProps {
  label: string
  onClose: () => void
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  /** "1 of 412". */
  position?: { at: number; of: number | null }
  /** A link to the whole page. */
  open?: ReactNode
  children: ReactNode
  /** One primary action, pinned. */
  foot?: ReactNode
}

/** A peek beside the grid: it pushes, never covers. On a phone it takes the page. Esc closes. */
export function Drawer({ label, onClose, onPrevious, onNext, position, open, children, foot }: DrawerProps) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const narrow = window.matchMedia('(max-width: 1023px)').matches
    if (narrow) panel.current?.focus()
  }, [])
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose()
    }
    addEventListener('keydown', close)
    return () => removeEventListener('keydown', close)
  }, [onClose])
  return (
    <aside
      ref={panel}
      aria-label={label}
      tabIndex={-1}
      className="flex w-full shrink-0 flex-col border-l border-line bg-canvas outline-none max-lg:fixed max-lg:inset-0 max-lg:z-30 max-lg:border-l-0 lg:w-[396px]"
    >
      <div className="flex items-center gap-1 px-6 pt-4 pb-2">
        {onPrevious || onNext ? (
          <>
            <IconButton icon={ChevronUp} label={words('previous')} isDisabled={!onPrevious} onPress={() => onPrevious?.()} className="-ml-1.5" />
            <IconButton icon={ChevronDown} label={words('next')} isDisabled={!onNext} onPress={() => onNext?.()} />
          </>
        ) : null}
        {position ? (
          <span className="ml-2 text-12 text-text-3">
            {position.of === null ? position.at : words('positionOf', { position: position.at, total: position.of })}
          </span>
        ) : null}
        <span className="ml-auto flex items-center gap-1">
          {open}
          <IconButton icon={X} label={words('close')} onPress={onClose} className="-mr-1.5" />
        </span>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6">{children}</div>
      {foot ? <div className={cx('flex gap-2 px-6 pt-3 pb-4')}>{foot}</div> : null}
    </aside>
  )
}
