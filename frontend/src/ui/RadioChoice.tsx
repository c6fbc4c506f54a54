import type { ReactNode } from 'react'
import { Label, Radio, RadioGroup } from 'react-aria-components'
import { cx } from './cx'
import type { Choice } from './Select'

interface RadioChoiceProps<V extends string> {
  label: ReactNode
  value: V
  onChange: (value: V) => void
  choices: readonly Choice<V>[]
}

/** One of two to four ways, all in sight. */
export function RadioChoice<V extends string>({ label, value, onChange, choices }: RadioChoiceProps<V>) {
  return (
    <RadioGroup value={value} onChange={(next) => onChange(next as V)} className="flex flex-col gap-1.5">
      <Label className="text-14 font-medium">{label}</Label>
      {choices.map((choice) => (
        <Radio key={choice.value} value={choice.value} className="flex min-h-6 cursor-pointer items-start gap-2 rounded-chip">
          {({ isSelected }) => (
            <>
              <span
                aria-hidden="true"
                className={cx('mt-0.5 inline-flex size-4 shrink-0 items-center justify-center rounded-full border bg-canvas', isSelected ? 'border-accent' : 'border-control')}
              >
                {isSelected ? <span className="size-2 rounded-full bg-accent" /> : null}
              </span>
              <span>
                {choice.label}
                {choice.detail ? <span className="block text-12 text-text-3">{choice.detail}</span> : null}
              </span>
            </>
          )}
        </Radio>
      ))}
    </RadioGroup>
  )
}
