import { MONTHS_OF_A_YEAR, monthName } from '@/domain/dates'
import { formatPercent } from '@/domain/format'
import { isDecimal } from '@/domain/decimal'
import { texts } from '@/domain/text'
import messages from './conventions.messages'

export const v = texts(messages)

type Key = keyof typeof messages

/** How a convention is chosen: one of words, or a number. A share is a fraction that is shown in percent. */
export type Way = { kind: 'words'; words: readonly string[] } | { kind: 'number'; example: string; isShare: boolean }

const words = (...all: string[]): Way => ({ kind: 'words', words: all })
const number = (example: string, isShare = false): Way => ({ kind: 'number', example, isShare })

const REDUCES = ['NET', 'GROSS_AND_NET', 'NEITHER'] as const
const TIMINGS = words('SPLIT', 'START_OF_DAY', 'END_OF_DAY')
/** As the server reads them: what each kind of expense reduces. */
const EXPENSES = REDUCES.flatMap((fees) => REDUCES.map((other) => `ADVISORY_FEE=${fees};OTHER=${other}`))

/** The conventions there are, in the order of the page. */
export const GROUPS: readonly { id: 'flows' | 'fees' | 'years' | 'beside' | 'risk'; conventions: Readonly<Record<string, Way>> }[] = [
  {
    id: 'flows',
    conventions: { flow_timing: TIMINGS, dietz_timing: TIMINGS, large_flow_share: number('0.10', true), gap_treatment: words('RESTART', 'LINK_AT_ZERO'), join_value: words('CLOSING', 'OPENING'), unpriced: words('EXCLUDED', 'MISSING') },
  },
  { id: 'fees', conventions: { expenses: words(...EXPENSES) } },
  {
    id: 'years',
    conventions: {
      fiscal_year_first_month: words(...MONTHS_OF_A_YEAR),
      custom_anniversaries: words('False', 'True'),
      money_weighted_day_count: words('ACT/365F', 'ACT/360', 'ACT/365.25', 'ACT/ACT ISDA', '30/360 ISDA', '30E/360'),
    },
  },
  { id: 'beside', conventions: { excess_method: words('ARITHMETIC', 'GEOMETRIC'), linking_method: words('CARINO', 'MENCHERO'), interaction: words('SEPARATE', 'WITH_SELECTION') } },
  {
    id: 'risk',
    conventions: {
      volatility_of: words('SIMPLE', 'LOGARITHMIC'),
      periods_per_year: number('252'),
      observations_min: number('20'),
      risk_free_rate: number('0.02', true),
      minimum_acceptable_return: number('0.02', true),
      alpha_scaling: words('COMPOUND', 'MULTIPLY'),
      capture_method: words('PER_PERIOD', 'ANNUALISED'),
    },
  },
]

const WAYS: Readonly<Record<string, Way>> = Object.assign({}, ...GROUPS.map(({ conventions }) => conventions))

export const conventionName = (name: string): string => (name in messages ? v(name as Exclude<Key, WithValues>) : name)
type WithValues = { [K in Key]: (typeof messages)[K] extends `${string}{${string}` ? K : never }[Key]

const REDUCTION: Readonly<Record<string, (typeof REDUCES)[number]>> = { 'reduces gross and net': 'GROSS_AND_NET', 'reduces net': 'NET', 'reduces neither': 'NEITHER' }

/** A value as it is sent, from how it is printed beside a figure: only that of expenses is printed in other words. */
export function sentValue(name: string, printed: string): string {
  if (name !== 'expenses' || printed.includes('=')) return printed.replace(/;\s+/g, ';')
  return printed
    .split(';')
    .map((part) => {
      const [kind = '', ...rest] = part.trim().split(' ')
      return `${kind}=${REDUCTION[rest.join(' ')] ?? 'NEITHER'}`
    })
    .join(';')
}

/** A value of a convention in words. */
export function valueWord(locale: string, name: string, value: string): string {
  if (name === 'expenses') {
    const [fees, other] = sentValue(name, value)
      .split(';')
      .map((part) => part.split('=')[1] as (typeof REDUCES)[number] | undefined)
    return v('expenseKinds', { fees: v(`e_${fees ?? 'NEITHER'}`), other: v(`e_${other ?? 'NEITHER'}`) })
  }
  if (name === 'fiscal_year_first_month') return monthName(locale, value)
  const way = WAYS[name]
  if (way?.kind === 'number') return way.isShare && isDecimal(value) ? formatPercent(locale, value) : value
  const key = `v_${value}`
  return key in messages ? v(key as 'v_SPLIT') : value
}
