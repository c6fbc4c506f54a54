import { useState } from 'react'
import { useRead } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { TagNamesDocument, TagSubjectsDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { deskWords as d } from './words'

const SHOWN_MAX = 12

interface TagDialogProps {
  title: string
  subjectIds: readonly string[]
  onClose: () => void
  onTagged: () => void
}

/** Puts tags on one or on many, all or none. */
export function TagDialog({ title, subjectIds, onClose, onTagged }: TagDialogProps) {
  const { data } = useRead(TagNamesDocument, {})
  const tag = useCommand(TagSubjectsDocument, 'tagSubjects', 'TagSubjectsSuccess')
  const [typed, setTyped] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const names = typed.split(',').map((name) => name.trim()).filter(Boolean)
  const known = (data?.tags ?? []).slice(0, SHOWN_MAX).map((each) => each.name)
  const save = async () => {
    setTouched(true)
    if (names.length === 0) return
    const answer = await tag.run({ input: { subjectIds: [...subjectIds], tagNames: names } }, d('tagSentence', { name: title }))
    if (!answer.ok) return setRefusal(answer.refusal)
    toast(d('tagged', { count: answer.value.subjectCount }))
    onTagged()
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button look="primary" size="lg" isPending={tag.pending} onPress={() => void save()}>
            {d('tagSave')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {d('cancel')}
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
        {refusal ? <RefusalNote refusal={refusal} fields={['tagNames']} /> : null}
        <TextField
          label={d('addTags')}
          description={known.length > 0 ? d('tagHint', { names: known.join(', ') }) : undefined}
          value={typed}
          onChange={setTyped}
          autoFocus
          error={touched && names.length === 0 ? d('tagEmpty') : problemAt(refusal, 'tagNames')}
        />
      </form>
    </Dialog>
  )
}
