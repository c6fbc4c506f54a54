import { Link } from '@tanstack/react-router'
import { useCallback, useState, type ReactNode } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { useData } from '@/data/context'
import { failureOf } from '@/data/errors'
import { useViewer } from '@/data/viewer'
import { formatDate } from '@/domain/dates'
import { may } from '@/domain/permissions'
import { CompositeReportDocument, CompositeStepDocument, type CompositeReportQuery } from '@/generated/graphql'
import { factsOf } from '@/performance/explain'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { ExplainAside } from '@/ui/explain/ExplainAside'
import type { ExplainLoad } from '@/ui/explain/types'
import { PageHeading, SectionHeading } from '@/ui/Heading'
import { PolicyNote } from '@/ui/performance/PolicyNote'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { AddMemberDialog, RemoveMemberDialog } from './CompositeDialogs'
import { compositeRoute } from './routes'
import { YearTable } from './YearTable'
import { t } from './words'

type Composite = NonNullable<CompositeReportQuery['composite']>
type Member = Composite['members'][number]

const CRUMBS = [{ label: t('title'), to: '/composites' }]

/** Reads the steps of an explanation, each when it is asked for. */
function useSteps(id: string): ExplainLoad {
  const { client } = useData()
  const { locale } = useEnvironment()
  return useCallback(
    async (path) => {
      const { data, error } = await client.query(CompositeStepDocument, { id, path }).toPromise()
      if (error) throw new Error(failureOf(error).message)
      if (!data?.compositeExplain) throw new Error(path)
      return factsOf(data.compositeExplain, locale)
    },
    [client, id, locale],
  )
}

export function CompositePage() {
  const { id } = compositeRoute.useParams()
  const { data, loading, failure, reload } = useRead(CompositeReportDocument, { id })
  useChanged('ledger', reload)
  usePageTitle(data?.composite?.name ?? t('name'), CRUMBS)
  const load = useSteps(id)
  return (
    <AnswerView
      value={data?.composite}
      loading={loading}
      failure={failure}
      onRetry={reload}
      isPage
      skeleton={
        <div className="px-8 py-5 max-sm:px-4">
          <SkeletonRows rows={10} />
        </div>
      }
      forbidden={t('forbidden')}
      missing={{
        title: t('missing'),
        hint: t('missingHint'),
        action: (
          <Link to="/composites" className="font-medium text-accent hover:underline">
            {t('missingAction')}
          </Link>
        ),
      }}
    >
      {(composite) => (
        <div className="min-w-0 px-8 py-5 max-sm:px-4">
          <ExplainAside load={load} foot={() => <PolicyNote policy={composite.policy} />}>
            <Report composite={composite} onChanged={reload} />
          </ExplainAside>
        </div>
      )}
    </AnswerView>
  )
}

function Report({ composite, onChanged }: { composite: Composite; onChanged: () => void }) {
  const viewer = useViewer()
  const mayChange = may(viewer, 'performance.manage')
  const [dialog, setDialog] = useState<'add' | Member | null>(null)
  const close = () => setDialog(null)
  return (
    <div className="grid min-w-0 gap-8">
      <PageHeading
        sub={composite.description}
        actions={
          mayChange ? (
            <Button look="primary" onPress={() => setDialog('add')}>
              {t('add')}
            </Button>
          ) : null
        }
      >
        {composite.name}
      </PageHeading>
      <section aria-label={t('reportTitle')} className="min-w-0">
        <SectionHeading>{t('reportTitle')}</SectionHeading>
        {composite.years.length === 0 ? (
          <EmptyState kind="first" title={t('none')}>
            {t('noneHint')}
          </EmptyState>
        ) : (
          <YearTable years={composite.years} hasBenchmark={composite.benchmark !== null} />
        )}
        <div className="grid gap-1 pt-2 text-12 text-text-3">
          <p className="max-w-prose">
            {composite.benchmark ? `${t('benchmarkNote', { name: composite.benchmark.name })} ` : null}
            {t('notes', { currency: composite.currency })}
          </p>
          <PolicyNote policy={composite.policy} />
        </div>
      </section>
      <Members members={composite.members} onRemove={mayChange ? setDialog : null} />
      <LeftOut months={composite.months} />
      {dialog === 'add' ? <AddMemberDialog composite={composite} onClose={close} onChanged={onChanged} /> : null}
      {dialog !== null && dialog !== 'add' ? (
        <RemoveMemberDialog composite={composite} account={{ id: dialog.accountId, name: dialog.accountName }} onClose={close} onChanged={onChanged} />
      ) : null}
    </div>
  )
}

const HEAD = 'h-9 pr-4 text-left font-medium'
const CELL = 'py-1.5 pr-4 text-left align-top'

function Rows({ caption, heads, children }: { caption: string; heads: readonly string[]; children: ReactNode }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-14 max-sm:text-12">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-12 text-text-2">
          <tr className="border-b border-line-strong">
            {heads.map((head) => (
              <th key={head} scope="col" className={HEAD}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

function Members({ members, onRemove }: { members: readonly Member[]; onRemove: ((member: Member) => void) | null }) {
  const { locale } = useEnvironment()
  if (members.length === 0) return null
  return (
    <section aria-label={t('membersTitle')} className="min-w-0">
      <SectionHeading>{t('membersTitle')}</SectionHeading>
      <Rows caption={t('membersCaption')} heads={[t('account'), t('from'), t('to'), t('why'), t('whyLeft')]}>
        {members.map((each) => (
          <tr key={`${each.accountId} ${each.from}`} className="border-t border-line first:border-t-0">
            <th scope="row" className={`${CELL} font-normal`}>
              <Link to="/accounts/$id" params={{ id: each.accountId }} className="font-medium text-accent hover:underline">
                {each.accountName}
              </Link>
            </th>
            <td className={`${CELL} whitespace-nowrap`}>{formatDate(locale, each.from)}</td>
            <td className={`${CELL} whitespace-nowrap`}>{each.to === null ? t('stillThere') : formatDate(locale, each.to)}</td>
            <td className={CELL}>{t('by', { reason: each.reason, who: each.authorName })}</td>
            <td className={CELL}>
              {each.endReason !== null ? t('by', { reason: each.endReason, who: each.endAuthorName ?? '' }) : null}
              {each.to === null && onRemove ? (
                <Button size="sm" look="link" onPress={() => onRemove(each)} aria-label={`${t('remove')}: ${each.accountName}`}>
                  {t('remove')}
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </Rows>
    </section>
  )
}

function LeftOut({ months }: { months: Composite['months'] }) {
  const { locale } = useEnvironment()
  const rows = months.flatMap(({ end, leftOut }) => leftOut.map((each) => ({ end, ...each }))).reverse()
  if (rows.length === 0) return null
  return (
    <section aria-label={t('leftOutTitle')} className="min-w-0">
      <SectionHeading>{t('leftOutTitle')}</SectionHeading>
      <Rows caption={t('leftOutCaption')} heads={[t('month'), t('account'), t('leftOutWhy')]}>
        {rows.map((each) => (
          <tr key={`${each.end} ${each.accountId}`} className="border-t border-line first:border-t-0">
            <td className={`${CELL} whitespace-nowrap`}>{formatDate(locale, each.end)}</td>
            <td className={CELL}>{each.accountName}</td>
            <td className={CELL}>{t(each.reason)}</td>
          </tr>
        ))}
      </Rows>
    </section>
  )
}
