import { useState } from 'react'
import { useRead } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { TagNamesDocument, TagSubjectsDocument, UntagSubjectsDocument, type HouseholdFilter } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { RadioChoice } from '@/ui/RadioChoice'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { deskWords as d } from './words'

const SHOWN_MAX = 12

interface TagDialogProps {
  title: string
  subjectIds?: readonly string[]
  /** Instead of ids: every household of a list, as many as were seen. */
  households?: { filter: HouseholdFilter; count: number }
  /** Tags may also be taken off. */
  mayTakeOff?: boolean
  onClose: () => void
  onTagged: () => void
}

/** Puts tags on one or on many, or takes them off: all or none. */
export function TagDialog({ title, subjectIds, households, mayTakeOff, onClose, onTagged }: TagDialogProps) {
  const { data } = useRead(TagNamesDocument, {})
  const tag = useCommand(TagSubjectsDocument, 'tagSubjects', 'TagSubjectsSuccess')
  const untag = useCommand(UntagSubjectsDocument, 'untagSubjects', 'UntagSubjectsSuccess')
  const [takesOff, setTakesOff] = useState(false)
  const [typed, setTyped] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const names = typed.split(',').map((name) => name.trim()).filter(Boolean)
  const known = (data?.tags ?? []).slice(0, SHOWN_MAX).map((each) => each.name)
  const save = async () => {
    setTouched(true)
    if (names.length === 0) return
    const whom = households ? { households: households.filter, expectedCount: households.count } : { subjectIds: [...(subjectIds ?? [])] }
    const command = takesOff ? untag : tag
    const answer = await command.run({ input: { ...whom, tagNames: names } }, d('tagSentence', { name: title }))
    if (!answer.ok) return setRefusal(answer.refusal)
    toast(d(takesOff ? 'untaggedMany' : 'tagged', { count: answer.value.subjectCount }))
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
          <Button look="primary" size="lg" isPending={tag.pending || untag.pending} onPress={() => void save()}>
            {d(takesOff ? 'untagSave' : 'tagSave')}
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
        {mayTakeOff ? (
          <RadioChoice
            label={d('tagWhat')}
            value={takesOff ? 'off' : 'on'}
            choices={[
              { value: 'on', label: d('tagOn') },
              { value: 'off', label: d('tagOff') },
            ]}
            onChange={(value) => setTakesOff(value === 'off')}
          />
        ) : null}
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
