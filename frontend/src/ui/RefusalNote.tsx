import { StatusShape } from './Status'
import { words } from './words'

export interface RefusalView {
  message: string
  problems: readonly { path: readonly string[]; message: string }[]
  requestId: string | null
  applied: 'refused' | 'unknown'
}

interface RefusalNoteProps {
  refusal: RefusalView
  /** Fields of the form, whose problems stand beside them and not here. */
  fields?: readonly string[]
}

/** Why a change did not happen, in place, with what is safe and the request to quote. */
export function RefusalNote({ refusal, fields = [] }: RefusalNoteProps) {
  const elsewhere = refusal.problems.filter((problem) => problem.message !== refusal.message && !fields.includes(problem.path[problem.path.length - 1] ?? ''))
  return (
    <div role="alert" className="rounded-surface border border-negative-line bg-negative-soft p-3">
      <p className="flex items-baseline gap-2 font-semibold">
        <StatusShape is="breach" />
        {refusal.message}
      </p>
      {elsewhere.map((problem) => (
        <p key={`${problem.path.join('.')} ${problem.message}`} className="mt-1 text-text-2">
          {problem.message}
        </p>
      ))}
      <p className="mt-1 text-text-2">{words(refusal.applied === 'refused' ? 'errorNotApplied' : 'errorUnknownApplied')}</p>
      {refusal.requestId ? <p className="identifier mt-1 text-12 text-text-2">{words('requestId', { id: refusal.requestId })}</p> : null}
    </div>
  )
}

/** The message that belongs to one field of the form. */
export function problemAt(refusal: RefusalView | null, field: string): string | undefined {
  return refusal?.problems.find((problem) => problem.path[problem.path.length - 1] === field)?.message
}
