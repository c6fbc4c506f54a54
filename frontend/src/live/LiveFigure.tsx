import { useEffect, useRef, type ReactNode } from 'react'
import { Figure, MoneyFigure, type FigureProps, type MoneyFigureValue } from '@/ui/Figure'
import { useLivePosition, useLiveValue } from './use'

/** Tints for 600 ms when the text in it changes; not at first, and not under reduced motion. */
export function Tint({ of, children, className }: { of: string | null | undefined; children: ReactNode; className?: string }) {
  const box = useRef<HTMLSpanElement>(null)
  const before = useRef(of)
  useEffect(() => {
    const element = box.current
    const known = before.current
    before.current = of
    if (!element || known === of || known === null || known === undefined) return
    element.classList.remove('tint-change')
    // Reading the width lets the same animation start again.
    void element.offsetWidth
    element.classList.add('tint-change')
  }, [of])
  return (
    <span ref={box} className={className ? `rounded-chip ${className}` : 'rounded-chip'}>
      {children}
    </span>
  )
}

type Shown = Pick<FigureProps, 'name' | 'className' | 'absent' | 'sign' | 'tone'>
type Part = 'value' | 'netWorth'

/** The books' figure until a quote moves it; then the live value, which explains itself no longer: it is the server's own sum. */
export function LiveMoney({ id, figure, part = 'value', ...shown }: { id: string; figure: MoneyFigureValue; part?: Part } & Shown) {
  const live = useLiveValue(id)?.[part]
  const value = live ?? figure.value
  return (
    <Tint of={value}>
      <MoneyFigure figure={value === figure.value ? figure : { ...figure, value }} {...shown} />
    </Tint>
  )
}

/** How far the live value stands from the last close; nothing while they are the same. */
export function LiveChange({ id, className, children }: { id: string; className?: string; children: (change: ReactNode) => ReactNode }) {
  const live = useLiveValue(id)
  if (!live?.change || /^-?0(\.0+)?$/.test(live.change)) return null
  return <span className={className}>{children(<Figure kind="money" value={live.change} currency={live.currency} sign="always" tone="gain" />)}</span>
}

/** A position's value at its latest quote. */
export function LivePositionMoney({ id, figure, ...shown }: { id: string; figure: MoneyFigureValue } & Shown) {
  const live = useLivePosition(id)
  const value = live?.isQuoted ? live.value : figure.value
  return (
    <Tint of={value}>
      <MoneyFigure figure={value === figure.value ? figure : { ...figure, value }} {...shown} />
    </Tint>
  )
}
