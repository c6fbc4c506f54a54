import { Link } from '@tanstack/react-router'
import Copy from 'lucide-react/icons/copy'
import { useState } from 'react'
import { useRead, useViewer } from '@/data'
import { formatInstant } from '@/domain/dates'
import { ApprovalDetailDocument, type ApprovalRowFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { PageHeading, SectionHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { SkeletonRows } from '@/ui/States'
import { Status, StatusShape } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { Decide } from './Decide'
import { approvalRoute } from './routes'
import { standingOf } from './search'
import { STATE_SHAPES } from './state'
import { t } from './words'

const CRUMBS = [{ label: t('title'), to: '/approvals' }]

/** One request: exactly what will be done, who asked and why, and the decision. */
export function ApprovalPage() {
  const { id } = approvalRoute.useParams()
  const { data, loading, failure, reload } = useRead(ApprovalDetailDocument, { id })
  usePageTitle(data?.approval?.title ?? t('title'), CRUMBS)
  return (
    <Page className="max-w-[768px]">
      <Link to="/approvals" search={{}} className="inline-block min-h-6 text-12 text-accent hover:underline sm:hidden">
        {t('back')}
      </Link>
      <AnswerView
        value={data?.approval}
        loading={loading}
        failure={failure}
        onRetry={reload}
        isPage
        skeleton={<SkeletonRows rows={6} />}
        forbidden={t('forbidden')}
        missing={{ title: t('missing'), hint: t('missingHint') }}
      >
        {(approval) => <ApprovalView approval={approval} onChanged={reload} />}
      </AnswerView>
    </Page>
  )
}

function ApprovalView({ approval, onChanged }: { approval: ApprovalRowFragment; onChanged: () => void }) {
  const { locale, timeZone } = useEnvironment()
  const viewer = useViewer()
  const when = (at: string) => formatInstant(locale, at, timeZone)
  return (
    <>
      <PageHeading
        sub={
          <span className="flex flex-wrap gap-x-4">
            <Status is={STATE_SHAPES[approval.state]}>{t(`word${approval.state}`)}</Status>
            {approval.subject?.label ? <span>{approval.subject.label}</span> : null}
            {approval.state === 'PENDING' ? <span>{t('expiresIn', { when: when(approval.expiresAt) })}</span> : null}
          </span>
        }
      >
        {approval.title}
      </PageHeading>
      <section aria-label={t('command')} className="mt-6">
        <SectionHeading>{t('command')}</SectionHeading>
        <p className="py-3 text-16">{approval.commandSummary}</p>
        <SealedHash hash={approval.commandHash} />
      </section>
      <section aria-label={t('who')} className="mt-6">
        <SectionHeading aside={t('quorum', { count: approval.quorum })}>{t('who')}</SectionHeading>
        <p className="pt-3 font-medium">{t('askedBy', { name: approval.maker.name, when: when(approval.requestedAt) })}</p>
        <p className="pb-3 text-text-2">{approval.reason ?? t('noReason')}</p>
      </section>
      <section aria-label={t('decisions')} className="mt-6">
        <SectionHeading>{t('decisions')}</SectionHeading>
        {approval.decisions.length === 0 ? <p className="py-3 text-text-2">{t('noDecisions')}</p> : null}
        <ul>
          {approval.decisions.map((decision) => (
            <li key={`${decision.decider.id ?? decision.decider.name} ${decision.decidedAt}`} className="border-b border-line py-3">
              <p className="flex items-center gap-1.5">
                <StatusShape is={decision.decision === 'APPROVE' ? 'fine' : 'breach'} />
                {t(decision.decision === 'APPROVE' ? 'decidedApprove' : 'decidedReject', { name: decision.decider.name, when: when(decision.decidedAt) })}
              </p>
              {decision.reason ? <p className="text-text-2">{decision.reason}</p> : null}
            </li>
          ))}
        </ul>
      </section>
      <Decide key={`${approval.id} ${approval.version}`} approval={approval} standing={standingOf(approval, viewer.id)} onChanged={onChanged} />
    </>
  )
}

function SealedHash({ hash }: { hash: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <div className="border-t border-line pt-2 text-12 text-text-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span>{t('hash')}</span>
        <code className="identifier min-w-0 font-[inherit] break-all text-text-2">{hash}</code>
        <Button size="sm" look="quiet" icon={Copy} onPress={() => void navigator.clipboard.writeText(hash).then(() => setCopied(true))}>
          {t(copied ? 'copied' : 'copy')}
        </Button>
      </p>
      <p>{t('hashHint')}</p>
    </div>
  )
}
