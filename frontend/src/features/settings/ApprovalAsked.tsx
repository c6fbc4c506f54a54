import { Link } from '@tanstack/react-router'
import { formatInstant } from '@/domain/dates'
import { useEnvironment } from '@/ui/environment'
import { Dialog } from '@/ui/Overlay'
import { StatusShape } from '@/ui/Status'
import { t } from './words'

export interface AskedApproval {
  id: string
  expiresAt: string
}

/** A second person decides now: until when, and the way to the request. */
export function ApprovalAsked({ approval, hint, onClose }: { approval: AskedApproval; hint: (when: string) => string; onClose: () => void }) {
  const { locale, timeZone } = useEnvironment()
  return (
    <Dialog isOpen onClose={onClose} title={t('rolesAsked')}>
      <p role="status" className="flex items-baseline gap-2 pb-3">
        <StatusShape is="progress" />
        {hint(formatInstant(locale, approval.expiresAt, timeZone))}
      </p>
      <Link to="/approvals/$id" params={{ id: approval.id }} className="font-medium text-accent hover:underline">
        {t('openApproval')}
      </Link>
    </Dialog>
  )
}
