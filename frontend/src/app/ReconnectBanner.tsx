import { useLostSince } from '@/data/connection'
import { ReconnectBanner as Shown } from '@/ui/ReconnectBanner'

export function ReconnectBanner() {
  return <Shown lostSince={useLostSince()} />
}
