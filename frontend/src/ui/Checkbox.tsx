import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox, Switch as AriaSwitch, type CheckboxProps as AriaCheckboxProps } from 'react-aria-components'
import { cx } from './cx'

/** The mark alone, for grids, where the cell itself is the control. */
export function CheckMark({ state }: { state: 'off' | 'on' | 'mixed' }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        'inline-flex size-4 shrink-0 items-center justify-center rounded-chip border',
        state === 'off' ? 'border-control bg-canvas' : 'border-accent bg-accent text-on-accent',
      )}
    >
      {state === 'on' ? (
        <svg width="10" height="10" viewBox="0 0 10 10" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round">
          <path d="M1.5 5.2 4 7.6 8.5 2.6" />
        </svg>
      ) : null}
      {state === 'mixed' ? <span className="h-[1.75px] w-2 bg-current" /> : null}
    </span>
  )
}

interface CheckboxProps extends Omit<AriaCheckboxProps, 'children' | 'className' | 'style'> {
  children: ReactNode
  detail?: ReactNode
  className?: string
}

export function Checkbox({ children, detail, className, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className={cx('group flex min-h-6 cursor-pointer items-start gap-2 rounded-chip disabled:cursor-not-allowed disabled:text-text-3', className)}>
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className="mt-0.5 flex">
            <CheckMark state={isIndeterminate ? 'mixed' : isSelected ? 'on' : 'off'} />
          </span>
          <span>
            {children}
            {detail ? <span className="block text-12 text-text-3">{detail}</span> : null}
          </span>
        </>
      )}
    </AriaCheckbox>
  )
}

interface SwitchProps {
  children: ReactNode
  isSelected: boolean
  onChange: (on: boolean) => void
  className?: string
}

export function Switch({ children, isSelected, onChange, className }: SwitchProps) {
  return (
    <AriaSwitch isSelected={isSelected} onChange={onChange} className={cx('flex min-h-6 cursor-pointer items-center gap-2.5 font-medium', className)}>
      <span
        aria-hidden="true"
        className={cx('relative h-5 w-8 rounded-full border transition-colors duration-(--motion-fast)', isSelected ? 'border-accent bg-accent' : 'border-control bg-sunken')}
      >
        <span
          className={cx(
            'absolute top-[2px] size-3.5 rounded-full transition-[left] duration-(--motion-fast)',
            isSelected ? 'left-[14px] bg-on-accent' : 'left-[2px] bg-control',
          )}
        />
      </span>
      {children}
    </AriaSwitch>
  )
}
