import Check from 'lucide-react/icons/check'
import ChevronDown from 'lucide-react/icons/chevron-down'
import type { ReactNode } from 'react'
import { Button, FieldError, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue } from 'react-aria-components'
import { cx } from './cx'
import { Icon } from './Icon'
import { MENU_ITEM_CLASS, type Choice } from './menuItem'

export { MENU_ITEM_CLASS, type Choice }

interface SelectProps<V extends string> {
  label: ReactNode
  hideLabel?: boolean
  choices: readonly Choice<V>[]
  value: V | null
  onChange: (value: V) => void
  placeholder?: string
  size?: 'sm' | 'md' | 'lg' | 'xl'
  isDisabled?: boolean
  error?: ReactNode
  name?: string
  className?: string
}

const SIZES = { sm: 'h-7 px-2.5', md: 'h-8 px-2.5', lg: 'h-9 px-3', xl: 'h-11 px-3' } as const

/** One of a few choices. */
export function Select<V extends string>({ label, hideLabel, choices, value, onChange, placeholder, size = 'lg', error, className, ...rest }: SelectProps<V>) {
  return (
    <AriaSelect
      {...rest}
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(key as V)
      }}
      isInvalid={Boolean(error)}
      className={cx('flex flex-col gap-1.5', className)}
    >
      <Label className={cx('text-14 font-medium', hideLabel && 'sr-only')}>{label}</Label>
      <Button
        className={cx(
          'flex w-full items-center justify-between gap-2 rounded-control border border-control bg-canvas text-left text-14 hover:border-text-3 disabled:border-line disabled:bg-sunken disabled:text-text-3',
          SIZES[size],
        )}
      >
        <SelectValue className="truncate data-[placeholder]:text-text-3">
          {({ selectedText }) => selectedText || placeholder || ''}
        </SelectValue>
        <Icon of={ChevronDown} />
      </Button>
      {error ? <FieldError className="text-12 text-negative">{error}</FieldError> : null}
      <Popover offset={4} className="min-w-(--trigger-width) rounded-surface bg-raised p-1 shadow-overlay">
        <ListBox items={choices as Choice<V>[]} className="max-h-80 overflow-auto outline-none">
          {(choice: Choice<V>) => (
            <ListBoxItem id={choice.value} textValue={choice.label} className={MENU_ITEM_CLASS}>
              {({ isSelected }) => (
                <>
                  <span className="min-w-0 flex-1">
                    {choice.label}
                    {choice.detail ? <span className="block text-12 font-normal text-text-3">{choice.detail}</span> : null}
                  </span>
                  {isSelected ? <Icon of={Check} className="text-accent" /> : null}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
