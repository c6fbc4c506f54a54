import { useCallback, useMemo } from 'react'
import { usePostEntry, useSecuritySearch, type FoundSecurity } from '@/data/ledger'
import { emptyEntry, type TransactionEntry } from '@/domain/ledger'
import { useEnvironment } from '@/ui/environment'
import { TransactionDialog } from '@/ui/ledger/TransactionDialog'
import { ledgerWords } from '@/ui/ledger/words'
import { toast } from '@/ui/Toast'

interface PostDialogProps {
  account: { id: string; name: string; currency: string }
  onClose: () => void
  /** What is filled in already; everything stays to be changed. */
  prefilled?: Partial<TransactionEntry>
  security?: FoundSecurity | null
  onPosted?: () => void
}

/** Enters a transaction of one account; the rooms of households and accounts share it. */
export function PostDialog({ account, onClose, prefilled, security = null, onPosted }: PostDialogProps) {
  const { businessDate, now } = useEnvironment()
  const today = businessDate ?? now().toISOString().slice(0, 10)
  const posted = useCallback(() => {
    toast(ledgerWords('posted'))
    onPosted?.()
  }, [onPosted])
  const submit = usePostEntry(account.id, ledgerWords('postSentence', { account: account.name }), posted)
  const initial = useMemo(() => ({ ...emptyEntry(today), ...prefilled }), [today, prefilled])
  return <TransactionDialog onClose={onClose} currency={account.currency} today={today} initial={initial} initialSecurity={security} searchSecurities={useSecuritySearch()} submit={submit} />
}
