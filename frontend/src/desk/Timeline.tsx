import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { usePages } from '@/data'
import { useBookChanged, useChanged } from '@/data/changes'
import { formatDate, formatInstant } from '@/domain/dates'
import { TimelineDocument, type TimelineQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { FilterChip } from '@/ui/Chip'
import { codeName } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Toolbar } from '@/ui/Toolbar'
import { deskWords as d } from './words'

const PAGE = 30
const KINDS = ['NOTE', 'TRANSACTION', 'IMPORT', 'GRANT', 'OWNERSHIP', 'KYC', 'RECONCILIATION', 'APPROVAL', 'CHANGE'] as const
type Kind = (typeof KINDS)[number]
type Entry = TimelineQuery['timeline']['edges'][number]['node']

interface TimelineProps {
  subjectId: string
  name: string
}

/** What happened around a household, a person or an account, latest first; only the kinds this person may read. */
export function Timeline({ subjectId, name }: TimelineProps) {
  const [chosen, setChosen] = useState<readonly Kind[]>([])
  const variables = useMemo(() => ({ subjectId, first: PAGE, kinds: chosen.length > 0 ? [...chosen] : null }), [subjectId, chosen])
  const pages = usePages({ document: TimelineDocument, variables, connection: (data) => data.timeline })
  useBookChanged(pages.reload)
  useChanged('people', pages.reload)
  useChanged('approvals', pages.reload)
  useChanged('reconciliation', pages.reload)
  const toggle = (kind: Kind) => setChosen(chosen.includes(kind) ? chosen.filter((each) => each !== kind) : [...chosen, kind])
  return (
    <div className="min-w-0">
      <Toolbar label={d('timelineKinds')}>
        {KINDS.map((kind) => (
          <FilterChip key={kind} isSelected={chosen.includes(kind)} onChange={() => toggle(kind)}>
            {d(`timeline${kind}`)}
          </FilterChip>
        ))}
      </Toolbar>
      <AnswerView
        value={pages.loading || (pages.failure && pages.rows.length === 0) ? null : pages.rows}
        loading={pages.loading}
        failure={pages.failure}
        onRetry={pages.reload}
        skeleton={<SkeletonRows rows={8} />}
        forbidden={d('timelineForbidden')}
      >
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState kind={chosen.length > 0 ? 'none' : 'first'} title={d('timelineNone')} className="py-6">
              {d(chosen.length > 0 ? 'timelineNoneHint' : 'timelineFirstHint')}
            </EmptyState>
          ) : (
            <ol aria-label={d('timelineOf', { name })} className="mt-2">
              {rows.map((entry) => (
                <Line key={`${entry.id} ${entry.code} ${entry.at ?? entry.day}`} entry={entry} around={subjectId} />
              ))}
            </ol>
          )
        }
      </AnswerView>
      {pages.more ? (
        <Button className="mt-3" isPending={pages.loadingMore} onPress={pages.more}>
          {d('timelineMore')}
        </Button>
      ) : null}
    </div>
  )
}

const CODES = {
  IMPORTED: 'codeIMPORTED',
  GRANTED: 'codeGRANTED',
  REVOKED: 'codeREVOKED',
  VERIFIED: 'codeVERIFIED',
  BREAK_OPENED: 'codeBREAK_OPENED',
  BREAK_SIGNED_OFF: 'codeBREAK_SIGNED_OFF',
  REQUESTED: 'codeREQUESTED',
} as const

/** What happened, in one sentence. Changes carry their own, as the audit log has it. */
function sentenceOf(entry: Entry): string {
  const name = entry.name ?? entry.subject.label
  const code = CODES[entry.code as keyof typeof CODES]
  if (entry.kind === 'TRANSACTION') return entry.name ? `${codeName(entry.code)}, ${entry.name}` : codeName(entry.code)
  if (entry.kind === 'APPROVAL') return d('approvalLine', { name, state: codeName(entry.code) })
  if (code) return d(code, { name })
  return entry.text ?? codeName(entry.code)
}

/** What was written besides the sentence. */
function detailOf(entry: Entry): string | null {
  if (entry.kind === 'RECONCILIATION' && entry.code === 'BREAK_OPENED') return entry.text === null ? null : codeName(entry.text)
  return entry.kind === 'NOTE' || sentenceOf(entry) === entry.text ? null : entry.text
}

const PLACES: Record<string, '/accounts/$id' | '/parties/$id' | '/households/$id' | undefined> = { account: '/accounts/$id', party: '/parties/$id', household: '/households/$id' }

function Line({ entry, around }: { entry: Entry; around: string }) {
  const { locale, timeZone } = useEnvironment()
  const place = PLACES[entry.subject.kind.toLowerCase()]
  const detail = detailOf(entry)
  return (
    <li className="grid gap-x-6 border-b border-line py-2 sm:grid-cols-[132px_minmax(0,1fr)_max-content]">
      <span className="text-12 text-text-2">
        <time dateTime={entry.at ?? entry.day}>{formatDate(locale, entry.day)}</time>
        <span className="block text-text-3">{d(`timeline${entry.kind}`)}</span>
      </span>
      <div className="min-w-0">
        <p className={entry.kind === 'NOTE' ? 'line-clamp-4 break-words whitespace-pre-line' : 'break-words'}>{sentenceOf(entry)}</p>
        {detail ? <p className="text-12 break-words text-text-2">{detail}</p> : null}
        <p className="flex flex-wrap gap-x-3 text-12 text-text-3">
          {entry.subject.id === around ? null : place ? (
            <Link to={place} params={{ id: entry.subject.id }} className="text-accent hover:underline">
              {entry.subject.label}
            </Link>
          ) : (
            <span>{entry.subject.label}</span>
          )}
          {entry.actor ? <span>{entry.actor.name}</span> : null}
          {entry.at ? <span>{formatInstant(locale, entry.at, timeZone)}</span> : null}
        </p>
      </div>
      <span className="text-right max-sm:text-left">{entry.amount && entry.currency ? <Figure kind="money" value={entry.amount} currency={entry.currency} /> : null}</span>
    </li>
  )
}
