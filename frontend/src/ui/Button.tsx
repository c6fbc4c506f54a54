import type { LucideIcon } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import { cx } from './cx'
import { Icon } from './Icon'
import { words } from './words'

type Look = 'primary' | 'default' | 'quiet' | 'danger' | 'link'
/** sm 28 (toolbars), md 32, lg 36 (forms), xl 44 (sign-in, portal). */
type Size = 'sm' | 'md' | 'lg' | 'xl'

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent text-on-accent border-transparent hover:bg-accent-hover disabled:bg-sunken disabled:text-text-3 disabled:border-line',
  default: 'bg-canvas text-text border-line-strong hover:bg-hover disabled:text-text-3',
  quiet: 'bg-transparent text-text border-transparent hover:bg-hover disabled:text-text-3',
  danger: 'bg-canvas text-negative border-negative-line hover:bg-negative-soft disabled:text-text-3 disabled:border-line',
  link: 'bg-transparent text-accent border-transparent hover:text-accent-hover hover:underline underline-offset-4 !px-0 disabled:text-text-3',
}

const SIZES: Record<Size, string> = {
  sm: 'h-7 px-2.5 text-14',
  md: 'h-8 px-3 text-14',
  lg: 'h-9 px-4 text-14',
  xl: 'h-11 px-5 text-14',
}

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style'> {
  children: ReactNode
  look?: Look
  size?: Size
  icon?: LucideIcon
  iconAfter?: LucideIcon
  className?: string
  ref?: Ref<HTMLButtonElement>
}

/** Verbs say the outcome: "Send for approval". One primary action in a view. */
export function Button({ children, look = 'default', size = 'md', icon, iconAfter, className, isPending, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      isPending={isPending}
      className={cx(
        'inline-flex items-center justify-center gap-2 rounded-control border font-medium whitespace-nowrap select-none transition-colors duration-(--motion-fast) disabled:cursor-not-allowed pending:cursor-progress',
        SIZES[size],
        LOOKS[look],
        className,
      )}
    >
      {icon ? <Icon of={icon} /> : null}
      {children}
      {iconAfter ? <Icon of={iconAfter} /> : null}
      {isPending ? <span className="sr-only">{words('loading')}</span> : null}
    </AriaButton>
  )
}

interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style'> {
  icon: LucideIcon
  label: string
  size?: 'sm' | 'md' | 'xl'
  bordered?: boolean
  className?: string
  ref?: Ref<HTMLButtonElement>
}

const ICON_SIZES = { sm: 'size-7', md: 'size-8', xl: 'size-11' } as const

/** An icon on its own, always with a spoken name. */
export function IconButton({ icon, label, size = 'sm', bordered, className, ...rest }: IconButtonProps) {
  return (
    <AriaButton
      {...rest}
      aria-label={label}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-control text-text hover:bg-hover disabled:text-text-3',
        bordered && 'border border-line-strong',
        ICON_SIZES[size],
        className,
      )}
    >
      <Icon of={icon} size={size === 'xl' ? 20 : 16} />
    </AriaButton>
  )
}
