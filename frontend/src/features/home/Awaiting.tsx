import { Link } from '@tanstack/react-router'
import ChevronRight from 'lucide-react/icons/chevron-right'
import type { Read } from '@/data'
import type { AwaitingMeQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { Icon } from '@/ui/Icon'
import { SkeletonRows } from '@/ui/States'
import { ageWords } from '@/ui/words'
import { t } from './words'

/** Room kept for the queue and for what waits, so that what stands below stays where it is when they come. */
export const QUEUE_ROWS = 3
export const QUEUE_SPACE = 'lg:min-h-[calc(3*var(--row))]'

interface AwaitingProps {
  /** Whether this person's role signs approvals at all. */
  signs: boolean
  answer: Read<AwaitingMeQuery>
}

/** Decisions that only this person can take, newest need first. */
export function Awaiting({ signs, answer: { data, loading, failure, reload } }: AwaitingProps) {
  const { now } = useEnvironment()
  return (
    <section aria-label={t('awaiting')}>
      <SectionHeading aside={data?.approvals.totalCount ?? null}>{t('awaiting')}</SectionHeading>
      <div className={QUEUE_SPACE}>
        {signs ? (
          <AnswerView value={data?.approvals} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={QUEUE_ROWS} />}>
            {({ edges }) => (
              <>
                {edges.length === 0 ? <p className="py-3 text-text-2">{t('awaitingNone')}</p> : null}
                <ul className={edges.length === 0 ? 'hidden' : ''}>
                  {edges.map(({ node }) => (
                    <li key={node.id} className="border-b border-line">
                      <Link to="/approvals/$id" params={{ id: node.id }} className="flex min-h-14 items-center gap-3 py-2 hover:bg-hover">
                        <span className="min-w-0 flex-1">
                          <span className="block font-medium">{node.title}</span>
                          <span className="block truncate text-12 text-text-3">{node.subject?.label ?? node.commandSummary}</span>
                        </span>
                        <span className="text-12 text-text-3">{ageWords(node.requestedAt, now())}</span>
                        <Icon of={ChevronRight} />
                      </Link>
                    </li>
                  ))}
                </ul>
                <Link to="/approvals" className="mt-2 inline-block min-h-6 font-medium text-accent hover:underline">
                  {t('awaitingAll')}
                </Link>
              </>
            )}
          </AnswerView>
        ) : (
          <p className="py-3 text-text-2">{t('awaitingForbidden')}</p>
        )}
      </div>
    </section>
  )
}
