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
          void onSend()
        }}
      >
        {children}
      </form>
    </Dialog>
  )
}
