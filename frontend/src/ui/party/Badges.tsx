import { formatDate } from '@/domain/dates'
import { useEnvironment } from '../environment'
import { Status, type StatusKind } from '../Status'
import { partyText, partyWord } from './words'

const KYC_SHAPES: Record<string, StatusKind> = { NOT_STARTED: 'waiting', IN_PROGRESS: 'progress', VERIFIED: 'fine', REJECTED: 'breach' }

interface KycView {
  kycState: string
  kycRefreshDue: string | null
}

/** Whether the firm knows its client, and until when: a refresh that is overdue outweighs a state that was fine. */
export function KycBadge({ party, asOf }: { party: KycView; asOf: string }) {
  const { locale } = useEnvironment()
  const { kycState, kycRefreshDue } = party
  if (kycState === 'VERIFIED' && kycRefreshDue) {
    const date = formatDate(locale, kycRefreshDue)
    return kycRefreshDue < asOf ? <Status is="attention">{partyText('kycOverdue', { date })}</Status> : <Status is="fine">{partyText('kycDue', { date })}</Status>
  }
  return <Status is={KYC_SHAPES[kycState] ?? 'fact'}>{partyWord('kyc', kycState)}</Status>
}

/** How much risk was agreed, where it was asked at all. */
export function RiskBadge({ profile }: { profile: string | null }) {
  return profile ? <Status is="fact">{partyText('riskBadge', { name: partyWord('risk', profile) })}</Status> : null
}
