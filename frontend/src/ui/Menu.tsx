import Check from 'lucide-react/icons/check'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement, RefObject } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Icon } from './Icon'
import { MENU_ITEM_CLASS } from './menuItem'
import { words } from './words'

export interface MenuAction {
  id: string
  label: string
  icon?: LucideIcon
  run: () => void
  isDisabled?: boolean
  /** The choice in force, marked with a check. */
  isCurrent?: boolean
}

interface AnchoredMenuProps {
  anchor: RefObject<HTMLElement | null>
  actions: readonly MenuAction[]
  label: string
  onClose: () => void
}

/** The same list opened by a control of its own; loaded on demand where the menu is rarely wanted. */
export function AnchoredMenu({ anchor, actions, label, onClose }: AnchoredMenuProps) {
  return (
    <Popover
      triggerRef={anchor}
      isOpen
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      offset={4}
      className="min-w-48 rounded-surface bg-raised p-1 shadow-overlay"
    >
      <MenuList label={label} actions={actions} onClose={onClose} />
    </Popover>
  )
}

function MenuList({ label, actions, onClose }: { label: string; actions: readonly MenuAction[]; onClose?: () => void }) {
  return (
    <AriaMenu
      aria-label={label}
      autoFocus="first"
      className="outline-none"
      onAction={(key) => {
        onClose?.()
        actions.find((action) => action.id === key)?.run()
      }}
    >
      {actions.map((action) => (
        <MenuItem key={action.id} id={action.id} textValue={action.label} isDisabled={action.isDisabled ?? false} className={MENU_ITEM_CLASS}>
          {action.icon ? <Icon of={action.icon} className="text-text-2" /> : null}
          <span className="flex-1">{action.label}</span>
          {action.isCurrent ? <Icon of={Check} className="text-accent" label={words('current')} /> : null}
        </MenuItem>
      ))}
    </AriaMenu>
  )
}

/** A button that opens a short list of actions. `trigger` is a Button or an IconButton. */
export function ActionMenu({ trigger, actions, label }: { trigger: ReactElement; actions: readonly MenuAction[]; label: string }) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover offset={4} className="min-w-48 rounded-surface bg-raised p-1 shadow-overlay">
        <MenuList label={label} actions={actions} />
      </Popover>
    </MenuTrigger>
  )
}
