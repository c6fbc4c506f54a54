import ChevronDown from 'lucide-react/icons/chevron-down'
import type { LucideIcon } from 'lucide-react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { CHIP } from './Chip'
import { cx } from './cx'
import { Icon } from './Icon'
import { MENU_ITEM_CLASS, type Choice } from './menuItem'

interface MenuChipProps<V extends string> {
  label: string
  icon?: LucideIcon
  value: V | null
  choices: readonly Choice<V>[]
  onChange: (value: V) => void
  /** Tinted when the filter is in use. */
  active?: boolean
}

/** "Advisor any": the name of a filter and its present value, opening the choices. */
export function MenuChip<V extends string>({ label, icon, value, choices, onChange, active }: MenuChipProps<V>) {
  const shown = choices.find((choice) => choice.value === value)?.label
  return (
    <MenuTrigger>
      <AriaButton className={cx(CHIP, active ? 'border-accent-line bg-accent-soft text-accent' : 'border-line-strong text-text-2 hover:bg-hover')}>
        {icon ? <Icon of={icon} size={14} /> : null}
        <span>{label}</span>
        {shown ? <span className={cx('font-semibold', !active && 'text-text')}>{shown}</span> : null}
        <Icon of={ChevronDown} size={12} />
      </AriaButton>
      <Popover offset={4} className="min-w-40 rounded-surface bg-raised p-1 shadow-overlay">
        <Menu
          items={choices as Choice<V>[]}
          selectionMode="single"
          selectedKeys={value === null ? [] : [value]}
          onAction={(key) => onChange(key as V)}
          className="max-h-80 overflow-auto outline-none"
        >
          {(choice: Choice<V>) => (
            <MenuItem id={choice.value} textValue={choice.label} className={MENU_ITEM_CLASS}>
              {choice.label}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
