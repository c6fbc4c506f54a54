import { type ReactNode, useId } from 'react'
import { Button } from './Button'
import { Dialog } from './Overlay'
import { words } from './words'

interface FormDialogProps {
  title: string
  /** What the sending button says. */
  send: string
  pending: boolean
  onSend: () => Promise<void>
  onClose: () => void
  wide?: boolean
  danger?: boolean
  children: ReactNode
}

/** A form in a dialog: its button stands below the scrolling fields and Enter sends too, but not what is on its way. */
export function FormDialog({ title, send, pending, onSend, onClose, wide, danger, children }: FormDialogProps) {
  const formId = useId()
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      {...(wide ? { wide } : {})}
      actions={
        <>
          <Button look={danger ? 'danger' : 'primary'} size="lg" type="submit" form={formId} isPending={pending}>
            {send}
          </Button>
          <Button size="lg" onPress={onClose}>
            {words('cancel')}
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
          if (!pending) void onSend()
        }}
      >
        {children}
      </form>
    </Dialog>
  )
}
