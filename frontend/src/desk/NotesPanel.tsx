import { useState } from 'react'
import { usePages } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { AddNoteDocument, EditNoteDocument, NotesDocument, RemoveNoteDocument, type NotePartsFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { deskWords as d } from './words'

const PAGE = 20
const NOTE_MAX = 4_000

interface NotesPanelProps {
  subjectId: string
  name: string
  mayWrite: boolean
}

/** What people wrote about a household, a party or an account: pinned ones and the latest first, as the server orders them. */
export function NotesPanel({ subjectId, name, mayWrite }: NotesPanelProps) {
  const notes = usePages({ document: NotesDocument, variables: { subjectId, first: PAGE }, connection: (data) => data.notes })
  const [writing, setWriting] = useState(false)
  return (
    <section aria-label={d('notes')} className="min-w-0">
      <SectionHeading
        aside={
          mayWrite && !writing ? (
            <Button look="link" size="sm" onPress={() => setWriting(true)}>
              {d('write')}
            </Button>
          ) : null
        }
      >
        {d('notes')}
      </SectionHeading>
      {writing ? <NoteForm subjectId={subjectId} name={name} onDone={notes.reload} onClose={() => setWriting(false)} /> : null}
      <AnswerView
        value={notes.loading || (notes.failure && notes.rows.length === 0) ? null : notes.rows}
        loading={notes.loading}
        failure={notes.failure}
        onRetry={notes.reload}
        skeleton={<SkeletonRows rows={3} />}
        forbidden={d('forbidden')}
      >
        {(rows) =>
          rows.length === 0 && !writing ? (
            <EmptyState kind="first" title={d('noNotes')} className="py-4">
              {d('noNotesHint')}
            </EmptyState>
          ) : (
            <ul aria-label={d('notesOf', { name })}>
              {rows.map((note) => (
                <NoteItem key={note.id} note={note} name={name} subjectId={subjectId} mayWrite={mayWrite} onChanged={notes.reload} />
              ))}
            </ul>
          )
        }
      </AnswerView>
      {notes.more ? (
        <Button look="link" size="sm" isPending={notes.loadingMore} onPress={notes.more}>
          {d('more')}
        </Button>
      ) : null}
    </section>
  )
}

interface NoteFormProps {
  subjectId: string
  name: string
  note?: NotePartsFragment
  onDone: () => void
  onClose: () => void
}

/** Writes a new note or another text of one; what was typed stays when the server refuses. */
function NoteForm({ subjectId, name, note, onDone, onClose }: NoteFormProps) {
  const add = useCommand(AddNoteDocument, 'addNote', 'AddNoteSuccess')
  const edit = useCommand(EditNoteDocument, 'editNote', 'EditNoteSuccess')
  const [body, setBody] = useState(note?.body ?? '')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const save = async () => {
    setTouched(true)
    if (body.trim() === '') return
    const sentence = d('sentence', { name })
    const answer = note
      ? await edit.run({ input: { noteId: note.id, expectedVersion: note.version, body: body.trim() } }, sentence)
      : await add.run({ input: { subjectId, body: body.trim() } }, sentence)
    if (!answer.ok) return setRefusal(answer.refusal)
    toast(d(note ? 'changed' : 'saved'))
    onDone()
    onClose()
  }
  return (
    <form
      className="grid gap-2 py-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {refusal ? <RefusalNote refusal={refusal} fields={['body']} /> : null}
      <TextField
        label={d(note ? 'change' : 'write')}
        multiline
        autoFocus
        value={body}
        onChange={setBody}
        maxLength={NOTE_MAX}
        error={touched && body.trim() === '' ? d('empty') : problemAt(refusal, 'body')}
      />
      <div className="flex gap-2">
        <Button look="primary" type="submit" isPending={add.pending || edit.pending}>
          {d(note ? 'changeSave' : 'save')}
        </Button>
        <Button onPress={onClose}>{d('cancel')}</Button>
      </div>
    </form>
  )
}

interface NoteItemProps {
  note: NotePartsFragment
  name: string
  subjectId: string
  mayWrite: boolean
  onChanged: () => void
}

function NoteItem({ note, name, subjectId, mayWrite, onChanged }: NoteItemProps) {
  const { locale, timeZone } = useEnvironment()
  const edit = useCommand(EditNoteDocument, 'editNote', 'EditNoteSuccess')
  const remove = useCommand(RemoveNoteDocument, 'removeNote', 'RemoveNoteSuccess')
  const add = useCommand(AddNoteDocument, 'addNote', 'AddNoteSuccess')
  const [editing, setEditing] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const sentence = d('sentence', { name })
  const pin = async () => {
    const answer = await edit.run({ input: { noteId: note.id, expectedVersion: note.version, isPinned: !note.isPinned } }, sentence)
    if (answer.ok) onChanged()
    else setRefusal(answer.refusal)
  }
  const putBack = async () => {
    const answer = await add.run({ input: { subjectId, body: note.body, isPinned: note.isPinned } }, sentence)
    if (answer.ok) onChanged()
    else setRefusal(answer.refusal)
  }
  const takeAway = async () => {
    const answer = await remove.run({ input: { noteId: note.id, expectedVersion: note.version } }, sentence)
    if (!answer.ok) return setRefusal(answer.refusal)
    toast(d('removed'), { action: { label: d('restore'), run: () => void putBack() } })
    onChanged()
  }
  if (editing) {
    return (
      <li className="border-b border-line">
        <NoteForm subjectId={subjectId} name={name} note={note} onDone={onChanged} onClose={() => setEditing(false)} />
      </li>
    )
  }
  return (
    <li className="grid gap-1 border-b border-line py-2.5">
      {note.isPinned ? (
        <span className="text-12 text-text-2">
          <Status is="fact">{d('pinned')}</Status>
        </span>
      ) : null}
      <p className="whitespace-pre-line break-words">{note.body}</p>
      <div className="flex flex-wrap items-center gap-x-3 text-12 text-text-3">
        <span>{d('by', { name: note.author.name, when: formatInstant(locale, note.createdAt, timeZone) })}</span>
        {note.editedAt ? <span>{d('edited', { when: formatInstant(locale, note.editedAt, timeZone) })}</span> : null}
        {mayWrite ? (
          <>
            <NoteAction onPress={() => setEditing(true)}>{d('change')}</NoteAction>
            <NoteAction onPress={() => void pin()}>{d(note.isPinned ? 'unpin' : 'pin')}</NoteAction>
            <NoteAction onPress={() => void takeAway()}>{d('remove')}</NoteAction>
          </>
        ) : null}
      </div>
      {refusal ? <RefusalNote refusal={refusal} /> : null}
    </li>
  )
}

function NoteAction({ children, onPress }: { children: string; onPress: () => void }) {
  return (
    <button type="button" onClick={onPress} className="min-h-6 rounded-chip font-medium text-accent hover:underline">
      {children}
    </button>
  )
}
