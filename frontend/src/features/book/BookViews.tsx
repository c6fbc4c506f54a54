import { Link } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { useViewer } from '@/data'
import { Button, IconButton } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { TabNav } from '@/ui/Tabs'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { removeView, restoreView, SAVED_VIEWS_MAX, saveView, useSavedViews } from './savedViews'
import { sameView, type BookSearch, type BookView } from './search'
import { t } from './words'

function standingViews(): BookView[] {
  return [
    { id: 'all', name: t('viewAll'), search: {} },
    { id: 'largest', name: t('viewLargest'), search: { sort: '-value' } },
    { id: 'incomplete', name: t('viewIncomplete'), search: { quality: 'partial,stale,unavailable' } },
    { id: 'open', name: t('viewOpen'), search: { open: true } },
  ]
}

/** Named addresses of this page: four of the house, and the person's own. */
export function BookViews({ search, onChange }: { search: BookSearch; onChange: (next: BookSearch) => void }) {
  const viewer = useViewer()
  const saved = useSavedViews(viewer.id)
  const [saving, setSaving] = useState(false)
  const views = [...standingViews(), ...saved]
  const current = views.find((view) => sameView(view.search, search))
  const own = saved.find((view) => view.id === current?.id)

  const remove = (view: BookView) => {
    removeView(viewer.id, view.id)
    toast(t('viewRemoved', { name: view.name }), { action: { label: t('undo'), run: () => restoreView(viewer.id, view) } })
  }

  return (
    <div className="mt-1 flex items-end gap-4 border-b border-line">
      <TabNav
        label={t('views')}
        className="min-w-0 border-b-0"
        tabs={views.map((view) => ({ id: view.id, label: view.name, current: view.id === current?.id }))}
        link={(tab, className, content) => (
          <Link to="/book" search={views.find((view) => view.id === tab.id)?.search ?? {}} className={className} aria-current={tab.current ? 'page' : undefined}>
            {content}
          </Link>
        )}
      />
      <span className="flex h-10 shrink-0 items-center gap-1">
        {own ? <IconButton icon={X} label={t('removeView', { name: own.name })} onPress={() => remove(own)} /> : null}
        <Button size="sm" look="quiet" icon={Plus} onPress={() => setSaving(true)}>
          {t('saveView')}
        </Button>
      </span>
      {saving ? <SaveDialog search={search} count={saved.length} onClose={() => setSaving(false)} onSaved={(view) => onChange(view.search)} /> : null}
    </div>
  )
}

interface SaveDialogProps {
  search: BookSearch
  count: number
  onClose: () => void
  onSaved: (view: BookView) => void
}

function SaveDialog({ search, count, onClose, onSaved }: SaveDialogProps) {
  const viewer = useViewer()
  const [name, setName] = useState('')
  const [touched, setTouched] = useState(false)
  const full = count >= SAVED_VIEWS_MAX
  const save = () => {
    setTouched(true)
    if (name.trim() === '' || full) return
    const view = saveView(viewer.id, name, search)
    toast(t('viewSaved', { name: view.name }))
    onClose()
    onSaved(view)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('saveTitle')}
      actions={
        <>
          <Button look="primary" size="lg" isDisabled={full} onPress={save}>
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
          save()
        }}
      >
        <TextField
          label={t('saveName')}
          value={name}
          onChange={setName}
          maxLength={60}
          autoFocus
          description={t('saveHint')}
          error={full ? t('saveLimit', { count: SAVED_VIEWS_MAX }) : touched && name.trim() === '' ? t('saveNameRequired') : undefined}
        />
      </form>
    </Dialog>
  )
}
