import { useState } from 'react'
import { useRead } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { AssignWorkItemDocument, CompleteWorkItemDocument, WorkAssigneesDocument, type WorkRowFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { RefusalNote } from '@/ui/RefusalNote'
import { Select } from '@/ui/Select'
import { toast } from '@/ui/Toast'
import { t } from './words'

interface WorkActionsProps {
  row: WorkRowFragment
  mayComplete: boolean
  mayAssign: boolean
  onChanged: () => void
}

/** Done, or given to somebody: each only where the server says this person may. */
export function WorkActions({ row, mayComplete, mayAssign, onChanged }: WorkActionsProps) {
  const complete = useCommand(CompleteWorkItemDocument, 'completeWorkItem', 'CompleteWorkItemSuccess')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [assigning, setAssigning] = useState(false)

  const done = async () => {
    const answer = await complete.run({ input: { workItemId: row.id, expectedVersion: row.version } }, t('completeSentence', { title: row.title }))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(t('completed', { title: row.title }))
    onChanged()
  }

  return (
    <>
      {mayComplete ? (
        <Button size="sm" isPending={complete.pending} onPress={() => void done()}>
          {t('complete')}
        </Button>
      ) : null}
      {mayAssign ? (
        <Button size="sm" onPress={() => setAssigning(true)}>
          {t('assign')}
        </Button>
      ) : null}
      {refusal ? (
        <div className="w-full">
          <RefusalNote refusal={refusal} />
        </div>
      ) : null}
      {assigning ? <AssignDialog row={row} onClose={() => setAssigning(false)} onChanged={onChanged} /> : null}
    </>
  )
}

const NOTHING = {}
const NOBODY = '-'

function AssignDialog({ row, onClose, onChanged }: { row: WorkRowFragment; onClose: () => void; onChanged: () => void }) {
  const people = useRead(WorkAssigneesDocument, NOTHING)
  const assign = useCommand(AssignWorkItemDocument, 'assignWorkItem', 'AssignWorkItemSuccess')
  const [chosen, setChosen] = useState(row.assignee?.id ?? NOBODY)
  const [refusal, setRefusal] = useState<Refusal | null>(null)

  const give = async () => {
    const assigneeId = chosen === NOBODY ? null : chosen
    const answer = await assign.run({ input: { workItemId: row.id, assigneeId, expectedVersion: row.version } }, t('assignSentence', { title: row.title }))
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    const name = answer.value.workItem.assignee?.name
    toast(name ? t('assigned', { title: row.title, name }) : t('unassigned', { title: row.title }))
    onClose()
    onChanged()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('assign')}
      actions={
        <>
          <Button look="primary" size="lg" isPending={assign.pending} onPress={() => void give()}>
            {t('save')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {refusal ? <RefusalNote refusal={refusal} /> : null}
        <p className="text-text-2">{row.title}</p>
        <AnswerView value={people.data?.users} loading={people.loading} failure={people.failure} onRetry={people.reload}>
          {({ edges }) => (
            <Select
              label={t('assignTo')}
              value={chosen}
              onChange={setChosen}
              choices={[{ value: NOBODY, label: t('unassign') }, ...edges.map(({ node }) => ({ value: node.id, label: node.name }))]}
            />
          )}
        </AnswerView>
      </div>
    </Dialog>
  )
}
