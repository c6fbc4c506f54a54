import type { TransactionTypeName } from '@/domain/ledger'
import { TRANSACTION_TYPES } from '@/domain/ledger'
import { texts } from '@/domain/text'
import type { Choice } from '../Select'
import messages from './ledger.messages'

/** The words of holdings and transactions. */
export const ledgerWords = texts(messages)

export function typeName(type: TransactionTypeName): string {
  return ledgerWords(type)
}

export function typeChoices(): Choice<TransactionTypeName>[] {
  return TRANSACTION_TYPES.map((type) => ({ value: type, label: typeName(type) }))
}
