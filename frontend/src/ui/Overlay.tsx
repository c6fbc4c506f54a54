import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './Button'
import { cx } from './cx'
import { words } from './words'

interface OverlayProps {
  isOpen: boolean
  onClose: () => void
  title: string
  children: ReactNode
  /** The row of buttons at the foot; the primary one first. */
  actions?: ReactNode
  /** A question that must be answered: Esc and a click outside do not close it. */
  mustAnswer?: boolean
  role?: 'dialog' | 'alertdialog'
  /** For a form of two columns. */
  wide?: boolean
}

const SCRIM = 'fixed inset-0 z-50 flex bg-(--scrim)'

/** A centred question. On a phone it takes the width. */
export function Dialog({ isOpen, onClose, title, children, actions, mustAnswer, role = 'dialog', wide }: OverlayProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable={!mustAnswer}
      isKeyboardDismissDisabled={mustAnswer ?? false}
      className={cx(SCRIM, 'items-center justify-center p-4')}
    >
      <Modal className={cx('w-full rounded-surface bg-raised shadow-overlay', wide ? 'max-w-[680px]' : 'max-w-[480px]')}>
        <AriaDialog role={role} className="flex max-h-[85dvh] flex-col outline-none">
          <OverlayHead title={title} onClose={mustAnswer ? undefined : onClose} />
          <div className="overflow-y-auto px-6 pb-2">{children}</div>
          {actions ? <div className="flex flex-wrap gap-2 px-6 pt-3 pb-6">{actions}</div> : <div className="pb-4" />}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** Rises from the foot of the page on a phone and stands in the middle of a desk. For step-up and re-sign-in. */
export function Sheet({ isOpen, onClose, title, children, actions, mustAnswer, role = 'dialog' }: OverlayProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable={!mustAnswer}
      isKeyboardDismissDisabled={mustAnswer ?? false}
      className={cx(SCRIM, 'items-end justify-center sm:items-center sm:p-4')}
    >
      <Modal className="w-full max-w-[440px] rounded-t-[16px] bg-raised pb-[env(safe-area-inset-bottom)] shadow-overlay sm:rounded-[16px]">
        <AriaDialog role={role} className="flex max-h-[90dvh] flex-col outline-none">
          <OverlayHead title={title} onClose={mustAnswer ? undefined : onClose} />
          <div className="overflow-y-auto px-6 pb-2">{children}</div>
          {actions ? <div className="flex flex-col gap-2 px-6 pt-3 pb-6">{actions}</div> : <div className="pb-4" />}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

function OverlayHead({ title, onClose }: { title: string; onClose: (() => void) | undefined }) {
  return (
    <div className="flex items-start justify-between gap-4 px-6 pt-5 pb-3">
      <Heading slot="title" className="text-20 font-semibold display">
        {title}
      </Heading>
      {onClose ? <IconButton icon={X} label={words('close')} onPress={onClose} className="-mr-2" /> : null}
    </div>
  )
}
