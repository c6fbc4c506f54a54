import { Link } from '@tanstack/react-router'
import { useRead } from '@/data'
import { formatInstant } from '@/domain/dates'
import { ImportDraftsDocument } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { Status } from '@/ui/Status'
import { w } from './draftWords'

const NOTHING = {}

/** What the person began and has not imported: a draft is there until its file's day is over. */
export function Drafts() {
  const { data } = useRead(ImportDraftsDocument, NOTHING)
  const { locale, timeZone } = useEnvironment()
  const drafts = data?.importDrafts ?? []
  if (drafts.length === 0) return null
  return (
    <section aria-label={w('drafts')} className="mt-10">
      <SectionHeading>{w('drafts')}</SectionHeading>
      <ul>
        {drafts.map((draft) => (
          <li key={draft.id} className="flex min-h-9 flex-wrap items-center gap-x-4 border-b border-line py-1">
            <Link to="/imports/drafts/$id" params={{ id: draft.id }} className="min-w-0 flex-1 font-medium hover:underline max-sm:basis-full">
              {draft.fileName}
            </Link>
            <Status is={draft.state === 'CHECKED' ? 'progress' : 'waiting'}>{w(draft.state === 'CHECKED' ? 'state_CHECKED' : 'state_MAPPING')}</Status>
            <span className="text-12 text-text-3">{w('draftFact', { count: draft.editCount, when: formatInstant(locale, draft.createdAt, timeZone) })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
