import { useFirm } from '@/data/context'
import { dayBefore, formatDate } from '@/domain/dates'
import { texts } from '@/domain/text'
import { useEnvironment } from '@/ui/environment'
import { EmptyState } from '@/ui/States'
import { relationWords } from './Capacity'
import type { Viewer } from './Home'
import messages from './nothing.messages'

const nothingText = texts(messages)

/** Friendly, and true: nothing yet, not yet, or no longer. */
export function NothingShared({ viewer }: { viewer: Viewer }) {
  const firm = useFirm()
  const { locale } = useEnvironment()
  const later = viewer.accesses.find((access) => access.state === 'NOT_YET')
  const ended = viewer.accesses.find((access) => access.state === 'ENDED')
  if (later && !ended) {
    return (
      <EmptyState kind="first" title={nothingText('laterTitle')}>
        {nothingText('laterHint', { date: formatDate(locale, later.effectiveFrom), firm: firm.name })}
      </EmptyState>
    )
  }
  const isOver = ended && viewer.accesses.every((access) => access.state === 'ENDED')
  if (isOver) {
    return (
      <EmptyState kind="first" title={nothingText('endedTitle')}>
        {ended.effectiveTo
          ? nothingText('endedHint', { relation: relationWords(ended), date: formatDate(locale, dayBefore(ended.effectiveTo)), email: firm.support.email })
          : nothingText('noAccountsHint', { firm: firm.name, email: firm.support.email })}
      </EmptyState>
    )
  }
  return (
    <EmptyState kind="first" title={nothingText('noAccountsTitle')}>
      {nothingText('noAccountsHint', { firm: firm.name, email: firm.support.email })}
    </EmptyState>
  )
}

/** An address that leads nowhere, or to what is open to somebody else. */
export function NoSuchPage() {
  return (
    <EmptyState
      isPage
      kind="none"
      title={nothingText('notFoundTitle')}
      action={
        <a href="/portal" className="inline-flex min-h-11 items-center font-medium text-accent">
          {nothingText('goHome')}
        </a>
      }
    >
      {nothingText('notFoundHint')}
    </EmptyState>
  )
}

/** Staff who came to the clients' door. */
export function StaffGuest() {
  return (
    <EmptyState
      isPage
      kind="forbidden"
      title={nothingText('staffTitle')}
      action={
        <a href="/" className="font-medium text-accent">
          {nothingText('openStaff')}
        </a>
      }
    >
      {nothingText('staffHint')}
    </EmptyState>
  )
}
