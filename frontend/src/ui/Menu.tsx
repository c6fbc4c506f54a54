import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Icon } from './Icon'
import { MENU_ITEM_CLASS } from './Select'

export interface MenuAction {
  id: string
  label: string
  icon?: LucideIcon
  run: () => void
  isDisabled?: boolean
}

/** A button that opens a short list of actions. `trigger` is a Button or an IconButton. */
export function ActionMenu({ trigger, actions, label }: { trigger: ReactElement; actions: readonly MenuAction[]; label: string }) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover offset={4} className="min-w-48 rounded-surface bg-raised p-1 shadow-overlay">
        <AriaMenu aria-label={label} className="outline-none" onAction={(key) => actions.find((action) => action.id === key)?.run()}>
          {actions.map((action) => (
            <MenuItem key={action.id} id={action.id} textValue={action.label} isDisabled={action.isDisabled ?? false} className={MENU_ITEM_CLASS}>
              {action.icon ? <Icon of={action.icon} className="text-text-2" /> : null}
              {action.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
