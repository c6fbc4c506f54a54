import { useMemo } from 'react'
import { usePostEntry, useSecuritySearch } from '@/data/ledger'
import { emptyEntry } from '@/domain/ledger'
import { useEnvironment } from '@/ui/environment'
import { TransactionDialog } from '@/ui/ledger/TransactionDialog'
import { ledgerWords } from '@/ui/ledger/words'
import { toast } from '@/ui/Toast'

interface PostDialogProps {
  account: { id: string; name: string; currency: string }
  onClose: () => void
}

const sayPosted = () => toast(ledgerWords('posted'))

/** Enters a transaction of one account; the rooms of households and accounts share it. */
export function PostDialog({ account, onClose }: PostDialogProps) {
  const { businessDate, now } = useEnvironment()
  const today = businessDate ?? now().toISOString().slice(0, 10)
  const submit = usePostEntry(account.id, ledgerWords('postSentence', { account: account.name }), sayPosted)
  const initial = useMemo(() => emptyEntry(today), [today])
  return <TransactionDialog onClose={onClose} currency={account.currency} today={today} initial={initial} initialSecurity={null} searchSecurities={useSecuritySearch()} submit={submit} />
}
