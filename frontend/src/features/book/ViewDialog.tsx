import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useViewer } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { SaveViewDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Checkbox } from '@/ui/Checkbox'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import type { SavedView } from './BookViews'
import { queryOf, type BookSearch } from './search'
import { t } from './words'

interface ViewDialogProps {
  /** The view to change; null: a new one. */
  view: SavedView | null
  search: BookSearch
  onClose: () => void
  onSaved: () => void
}

/** A name for what stands in the address, for oneself or for the firm. */
export function ViewDialog({ view, search, onClose, onSaved }: ViewDialogProps) {
  const viewer = useViewer()
  const navigate = useNavigate()
  const command = useCommand(SaveViewDocument, 'saveView', 'SaveViewSuccess')
  const [name, setName] = useState(view?.name ?? '')
  const [isShared, setShared] = useState(view?.isShared ?? false)
  const [isDefault, setDefault] = useState(view?.isDefault ?? false)
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const save = async () => {
    setTouched(true)
    if (name.trim() === '') return
    const input = { page: 'BOOK' as const, name: name.trim(), query: queryOf(search), isShared, isDefault, viewId: view?.id ?? null }
    const answer = await command.run({ input }, t('viewSentence', { name: name.trim() }))
    if (!answer.ok) return setRefusal(answer.refusal)
    toast(t('viewSaved', { name: name.trim() }))
    onSaved()
    onClose()
    const { peek: _peek, ...kept } = search
    void navigate({ to: '/book', search: kept, replace: true })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t(view ? 'viewEditTitle' : 'saveTitle')}
      actions={
        <>
          <Button look="primary" size="lg" isPending={command.pending} onPress={() => void save()}>
            {t('save')}
          </Button>
          <Button size="lg" onPress={() => void navigator.clipboard.writeText(location.href).then(() => toast(t('addressCopied')))}>
            {t('copyAddress')}
          </Button>
          <Button size="lg" look="quiet" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {refusal ? <RefusalNote refusal={refusal} fields={['name']} /> : null}
        <TextField
          label={t('saveName')}
          value={name}
          onChange={setName}
          maxLength={80}
          autoFocus
          description={t('saveHint')}
          error={touched && name.trim() === '' ? t('saveNameRequired') : problemAt(refusal, 'name')}
        />
        {viewer.scope === 'FIRM' ? (
          <Checkbox isSelected={isShared} onChange={setShared} detail={t('shareHint')}>
            {t('share')}
          </Checkbox>
        ) : null}
        <Checkbox isSelected={isDefault} onChange={setDefault} detail={t('defaultHint')}>
          {t('default')}
        </Checkbox>
      </form>
    </Dialog>
  )
}
