import { formatQuantity } from '@/domain/format'
import type { DeskActionPartsFragment } from '@/generated/graphql'
import { codeName } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import type { StatusKind } from '@/ui/Status'
import type { ActionState } from './search'
import { t } from './words'

export const STATUS: Record<ActionState, StatusKind> = {
  DUE: 'attention',
  CONTRADICTED: 'breach',
  ANNOUNCED: 'waiting',
  POSTED: 'fine',
  NOT_HELD: 'fact',
  NOTHING_TO_POST: 'fact',
}

/** What happens, in a line: "Split, 4 for 1". */
export function useWhat(row: DeskActionPartsFragment): string {
  const { locale } = useEnvironment()
  const { type, ratioNew, ratioOld, cashAmount, currency, otherSecurity, newValue } = row.action
  return [
    codeName(type),
    ratioNew && ratioOld ? t('ratio', { now: formatQuantity(locale, ratioNew), before: formatQuantity(locale, ratioOld) }) : null,
    cashAmount ? t('cashEach', { amount: formatQuantity(locale, cashAmount), currency: currency ?? row.security.currency }) : null,
    otherSecurity ? (otherSecurity.symbol ?? otherSecurity.name) : newValue,
  ]
    .filter(Boolean)
    .join(', ')
}

export function What({ row }: { row: DeskActionPartsFragment }) {
  return <>{useWhat(row)}</>
}
