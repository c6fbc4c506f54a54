import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import { useState, type ReactNode, type Ref } from 'react'
import { FieldError, Input, Label, Text, TextArea as AriaTextArea, TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components'
import { IconButton } from './Button'
import { cx } from './cx'
import { words } from './words'

type Size = 'sm' | 'md' | 'lg' | 'xl'

const SIZES: Record<Size, string> = { sm: 'h-7 px-2', md: 'h-8 px-2.5', lg: 'h-9 px-3', xl: 'h-11 px-3' }

export const FIELD_CLASS =
  'w-full rounded-control border border-control bg-canvas text-14 text-text placeholder:text-text-3 hover:border-text-3 focus:border-accent focus:outline-2 focus:outline-accent focus:outline-offset-0 disabled:border-line disabled:bg-sunken disabled:text-text-3 user-invalid:border-negative'

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'> {
  label: ReactNode
  /** Stands at the right end of the label row, such as "Forgot it?". */
  aside?: ReactNode
  description?: ReactNode
  error?: ReactNode
  size?: Size
  placeholder?: string
  hideLabel?: boolean
  inputClassName?: string
  className?: string
  multiline?: boolean
  inputRef?: Ref<HTMLInputElement>
}

/** Label above, input, then what is wrong or what is wanted. A password field can be shown. */
export function TextField({
  label,
  aside,
  description,
  error,
  size = 'lg',
  placeholder,
  hideLabel,
  inputClassName,
  className,
  multiline,
  inputRef,
  type = 'text',
  ...rest
}: TextFieldProps) {
  const [shown, setShown] = useState(false)
  const password = type === 'password'
  return (
    <AriaTextField {...rest} type={password && shown ? 'text' : type} isInvalid={rest.isInvalid ?? Boolean(error)} className={cx('flex flex-col gap-1.5', className)}>
      <div className={cx('flex items-baseline justify-between gap-3', hideLabel && 'sr-only')}>
        <Label className="text-14 font-medium">{label}</Label>
        {aside}
      </div>
      <div className="relative">
        {multiline ? (
          <AriaTextArea placeholder={placeholder} rows={3} className={cx(FIELD_CLASS, 'px-3 py-2', inputClassName)} />
        ) : (
          <Input ref={inputRef} placeholder={placeholder} className={cx(FIELD_CLASS, SIZES[size], password && 'pr-11', inputClassName)} />
        )}
        {password ? (
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={shown ? words('hidePassword') : words('showPassword')}
            onPress={() => setShown(!shown)}
            className="absolute inset-y-0 right-1.5 my-auto text-text-2"
          />
        ) : null}
      </div>
      {description ? (
        <Text slot="description" className="text-12 text-text-3">
          {description}
        </Text>
      ) : null}
      {error ? <FieldError className="text-12 text-negative">{error}</FieldError> : null}
    </AriaTextField>
  )
}
