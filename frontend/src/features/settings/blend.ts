import { compare, difference, isDecimal, negated, plain, shift, signOf } from '@/domain/decimal'
import { plainDecimal } from '@/domain/ledger'
import { texts } from '@/domain/text'
import type { Found } from '@/ui/SearchPicker'
import messages from './benchmarks.messages'

export const b = texts(messages)

/** A part of a blend as it is typed: weight and rate in percent. */
export interface BlendPart {
  key: string
  kind: 'SECURITY' | 'RATE'
  security: Found | null
  rate: string
  weight: string
}

export const emptyPart = (kind: BlendPart['kind'] = 'SECURITY', weight = ''): BlendPart => ({ key: crypto.randomUUID(), kind, security: null, rate: '', weight })

const HUNDRED = '100'

/** A number of percent as a fraction, digit by digit; null for what is none. */
export function fractionOf(percent: string): string | null {
  const typed = plainDecimal(percent)
  return isDecimal(typed) ? plain(shift(typed, -2)) : null
}

/** What the weights are together, in percent; those that are no numbers yet count nothing. */
export function sumOf(parts: readonly BlendPart[]): string {
  return parts.reduce((sum, { weight }) => {
    const typed = plainDecimal(weight)
    return isDecimal(typed) ? plain(difference(sum, negated(typed))) : sum
  }, '0')
}

export const isWhole = (parts: readonly BlendPart[]): boolean => compare(sumOf(parts), HUNDRED) === 0

/** What stands in the way of a part, by field. */
export function partProblems({ kind, security, rate, weight }: BlendPart): { security?: string; rate?: string; weight?: string } {
  const share = plainDecimal(weight)
  return {
    ...(kind === 'SECURITY' && !security ? { security: b('needed') } : {}),
    ...(kind === 'RATE' && fractionOf(rate) === null ? { rate: b('numberWanted') } : {}),
    ...(isDecimal(share) && signOf(share) > 0 ? {} : { weight: b('numberWanted') }),
  }
}

/** As it is sent. */
export function componentOf({ kind, security, rate, weight }: BlendPart, firstDay: string) {
  return { firstDay, weight: fractionOf(weight) ?? '', securityId: kind === 'SECURITY' ? (security?.id ?? null) : null, yearlyRate: kind === 'RATE' ? fractionOf(rate) : null }
}
