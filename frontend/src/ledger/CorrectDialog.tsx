import { useMemo } from 'react'
import { useCorrectEntry, useSecuritySearch } from '@/data/ledger'
import { formatDate } from '@/domain/dates'
import { entryOf } from '@/domain/ledger'
import { useEnvironment } from '@/ui/environment'
import { TransactionDialog } from '@/ui/ledger/TransactionDialog'
import type { TransactionView } from '@/ui/ledger/TransactionsGrid'
import { ledgerWords, typeName } from '@/ui/ledger/words'
import { toast } from '@/ui/Toast'
import { CorrectionConsequences } from './CorrectionConsequences'

interface CorrectDialogProps {
  row: TransactionView
  onClose: () => void
}

const sayCorrected = () => toast(ledgerWords('corrected'))

/** Corrects an entry: a reversal and a replacement. */
export function CorrectDialog({ row, onClose }: CorrectDialogProps) {
  const { locale, businessDate, now } = useEnvironment()
  const today = businessDate ?? now().toISOString().slice(0, 10)
  const sentence = ledgerWords('correctSentence', { type: typeName(row.type), date: formatDate(locale, row.tradeDate), account: row.account.name })
  const submit = useCorrectEntry(row.id, sentence, sayCorrected)
  const initial = useMemo(() => entryOf(row), [row])
  const security = row.security ? { id: row.security.id, label: row.security.symbol ?? row.security.name, detail: row.security.name } : null
  return (
    <TransactionDialog onClose={onClose} currency={row.currency} today={today} initial={initial} initialSecurity={security} correcting searchSecurities={useSecuritySearch()} submit={submit} consequences={(entry) => <CorrectionConsequences transactionId={row.id} entry={entry} />} />
  )
}
