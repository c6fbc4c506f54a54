import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { formatInstant } from '@/domain/dates'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Dialog } from '@/ui/Overlay'
import { StatusShape } from '@/ui/Status'
import { t } from './words'

interface FormDialogProps {
  title: string
  /** What the sending button says. */
  send: string
  pending: boolean
  onSend: () => Promise<void>
  onClose: () => void
  children: ReactNode
}

/** A form in a dialog: its button stands below the scrolling fields and Enter sends too. */
export function FormDialog({ title, send, pending, onSend, onClose, children }: FormDialogProps) {
  const formId = useId()
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button look="primary" size="lg" type="submit" form={formId} isPending={pending}>
            {send}
          </Button>
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="grid gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault()
          void onSend()
        }}
      >
        {children}
      </form>
    </Dialog>
  )
}

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
