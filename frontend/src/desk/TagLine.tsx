import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { lazy, Suspense, useState } from 'react'
import { useCommand } from '@/data/useCommand'
import { UntagSubjectsDocument } from '@/generated/graphql'
import { Icon } from '@/ui/Icon'
import { toast } from '@/ui/Toast'
import { deskWords as d } from './words'

const TagDialog = lazy(() => import('./TagDialog').then((m) => ({ default: m.TagDialog })))

interface TagLineProps {
  subjectId: string
  name: string
  tags: readonly string[]
  mayTag: boolean
  onChanged: () => void
}

/** The tags of one thing; each can be taken off, and more can be put on. Nothing is drawn when there is nothing to say or do. */
export function TagLine({ subjectId, name, tags, mayTag, onChanged }: TagLineProps) {
  const untag = useCommand(UntagSubjectsDocument, 'untagSubjects', 'UntagSubjectsSuccess')
  const [adding, setAdding] = useState(false)
  if (tags.length === 0 && !mayTag) return null
  const takeOff = async (tag: string) => {
    const answer = await untag.run({ input: { subjectIds: [subjectId], tagNames: [tag] } }, d('tagSentence', { name }))
    if (answer.ok) {
      toast(d('untagged', { name: tag }))
      onChanged()
    } else if (answer.refusal) toast(answer.refusal.message, { status: 'breach' })
  }
  return (
    <div className="flex flex-wrap items-center gap-1.5 text-12">
      <ul aria-label={d('tags')} className="contents">
        {tags.map((tag) => (
          <li key={tag} className="inline-flex min-h-6 items-center gap-1 rounded-chip bg-sunken px-2">
            {tag}
            {mayTag ? (
              <button type="button" aria-label={d('untag', { name: tag })} onClick={() => void takeOff(tag)} className="-mr-1 inline-flex size-6 items-center justify-center rounded-chip hover:bg-hover">
                <Icon of={X} size={12} />
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayTag ? (
        <button type="button" onClick={() => setAdding(true)} className="inline-flex min-h-6 items-center gap-1 rounded-chip px-1 font-medium text-accent hover:underline">
          <Icon of={Plus} size={12} />
          {d('addTag')}
        </button>
      ) : null}
      {adding ? (
        <Suspense fallback={null}>
          <TagDialog title={d('tagTitleOne', { name })} subjectIds={[subjectId]} onClose={() => setAdding(false)} onTagged={onChanged} />
        </Suspense>
      ) : null}
    </div>
  )
}
