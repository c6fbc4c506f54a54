import { isDecimal } from '@/domain/decimal'
import { asOfIn } from '@/domain/asOf'
import { Figure } from '../Figure'

const AMOUNT = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/
const CURRENCY = /^[A-Z]{3}$/
const FRACTION: ReadonlySet<string> = new Set(['fraction', 'PERCENT', 'percent'])

/** Amounts, returns, numbers and days of an explanation are written as everywhere else; words stay as they are. */
export function ExplainValue({ value, unit }: { value: string; unit?: string | null | undefined }) {
  const [, amount, currency] = AMOUNT.exec(value) ?? []
  if (amount && currency) return <Figure kind="money" value={amount} currency={currency} />
  if (asOfIn(value)) return <Figure kind="date" value={value} />
  if (!isDecimal(value)) return <>{value}</>
  if (unit && FRACTION.has(unit)) return <Figure kind="percent" value={value} sign="always" />
  if (unit && CURRENCY.test(unit)) return <Figure kind="money" value={value} currency={unit} />
  return (
    <>
      <Figure kind="quantity" value={value} />
      {unit ? ` ${unit}` : null}
    </>
  )
}
