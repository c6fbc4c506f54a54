import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { PathLink } from '@/ui/PathLink'
import { usePages } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { FindingListDocument, ResolveFindingDocument, type FindingRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { MenuChip } from '@/ui/MenuChip'
import { useEnvironment } from '@/ui/environment'
import { Findings } from '@/ui/Findings'
import { PageHeading } from '@/ui/Heading'
import { Dialog } from '@/ui/Overlay'
import { Page } from '@/ui/Page'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { Toolbar } from '@/ui/Toolbar'
import { usePageTitle } from '@/ui/title'
import { ListTabs } from './ListTabs'
import { findingsRoute } from './routes'
import { FINDING_STATES, findingFilter, findingStateOf, SEVERITIES, type FindingsSearch } from './search'
import { t } from './words'

const PAGE = 50
const STATE_WORDS = { OPEN: 'stateOpen', RESOLVED: 'stateResolved', DISMISSED: 'stateDismissed', ALL: 'stateAll' } as const
const SEVERITY_WORDS = { BREACH: 'breach', WARNING: 'warning', INFO: 'info' } as const

type Resolution = 'RESOLVED' | 'DISMISSED'

/** What the checks of the data found, to be settled or dismissed with a reason. */
export function FindingsPage() {
  const search = findingsRoute.useSearch()
  const filter = useMemo(() => findingFilter(search), [search])
  const pages = usePages({ document: FindingListDocument, variables: { first: PAGE, filter }, connection: (data) => data.findings })
  const [settling, setSettling] = useState<{ finding: FindingRowFragment; resolution: Resolution } | null>(null)
  const views = useMemo(() => pages.rows.map((row) => ({ ...row, subject: row.subject?.label ?? null })), [pages.rows])
  const byId = useMemo(() => new Map(pages.rows.map((row) => [row.id, row])), [pages.rows])
  const settle = (id: string, resolution: Resolution) => {
    const finding = byId.get(id)
    if (finding) setSettling({ finding, resolution })
  }
  usePageTitle(t('findingsTitle'))
  return (
    <Page>
      <PageHeading sub={pages.totalCount === null ? null : t('findingsSub', { count: pages.totalCount })}>{t('findingsTitle')}</PageHeading>
      <ListTabs current="findings" />
      <FindingsFilters search={search} />
      <div className="mt-4 max-w-[768px]">
        {pages.failure ? (
          pages.failure.kind === 'forbidden' ? (
            <EmptyState kind="forbidden" title={t('forbiddenFindings')}>
              {pages.failure.message}
            </EmptyState>
          ) : (
            <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} />
          )
        ) : pages.loading ? (
          <SkeletonRows rows={4} />
        ) : (
          <Findings
            label={t('findingsList')}
            findings={views}
            fix={(view) => <FindingFix row={byId.get(view.id)} onSettle={() => settle(view.id, 'RESOLVED')} />}
            alternative={(view) => <FindingAlternative row={byId.get(view.id)} onDismiss={() => settle(view.id, 'DISMISSED')} />}
            empty={<FindingsEmpty filtered={Object.keys(search).length > 0} />}
          />
        )}
      </div>
      {pages.more ? (
        <Button className="mt-3" onPress={pages.more}>
          {t('more')}
        </Button>
      ) : null}
      {settling ? <SettleDialog {...settling} onClose={() => setSettling(null)} onChanged={pages.reload} /> : null}
    </Page>
  )
}

function FindingFix({ row, onSettle }: { row: FindingRowFragment | undefined; onSettle: () => void }) {
  const { locale, timeZone } = useEnvironment()
  if (!row) return null
  if (row.state !== 'OPEN' && row.resolvedAt) {
    const when = formatInstant(locale, row.resolvedAt, timeZone)
    return <p className="text-12 text-text-2">{t(row.state === 'RESOLVED' ? 'findingResolved' : 'findingDismissed', { when, reason: row.resolutionReason ?? '' })}</p>
  }
  return (
    <>
      {row.fix ? (
        <PathLink to={row.fix.path} className="inline-flex h-7 items-center rounded-control border border-line-strong bg-canvas px-2.5 font-medium hover:bg-hover">
          {row.fix.label}
        </PathLink>
      ) : null}
      {can(row, 'RESOLVE_FINDING') ? (
        <Button size="sm" onPress={onSettle}>
          {t('resolve')}
        </Button>
      ) : null}
    </>
  )
}

function FindingAlternative({ row, onDismiss }: { row: FindingRowFragment | undefined; onDismiss: () => void }) {
  if (!row || row.state !== 'OPEN' || !can(row, 'RESOLVE_FINDING')) return null
  return (
    <Button size="sm" look="quiet" onPress={onDismiss}>
      {t('dismiss')}
    </Button>
  )
}

function FindingsFilters({ search }: { search: FindingsSearch }) {
  const navigate = useNavigate()
  const change = (next: FindingsSearch) => void navigate({ to: '/findings', search: next, replace: true })
  const { severity: _severity, ...anySeverity } = search
  return (
    <Toolbar label={t('filters')}>
      <MenuChip
        label={t('state')}
        value={findingStateOf(search)}
        active={search.state !== undefined}
        choices={FINDING_STATES.map((each) => ({ value: each, label: t(STATE_WORDS[each]) }))}
        onChange={(state) => change({ ...search, state: state.toLowerCase() })}
      />
      <MenuChip
        label={t('severity')}
        value={search.severity?.toUpperCase() ?? ''}
        active={search.severity !== undefined}
        choices={[{ value: '', label: t('anySeverity') }, ...SEVERITIES.map((each) => ({ value: each as string, label: t(SEVERITY_WORDS[each]) }))]}
        onChange={(severity) => change(severity ? { ...search, severity: severity.toLowerCase() } : anySeverity)}
      />
      {Object.keys(search).length > 0 ? (
        <Button size="sm" look="link" onPress={() => change({})}>
          {t('clear')}
        </Button>
      ) : null}
    </Toolbar>
  )
}

function FindingsEmpty({ filtered }: { filtered: boolean }) {
  if (!filtered) {
    return (
      <EmptyState kind="first" title={t('findingsFirst')}>
        {t('findingsFirstHint')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      kind="none"
      title={t('findingsNone')}
      action={
        <Link to="/findings" search={{}} className="font-medium text-accent hover:underline">
          {t('clear')}
        </Link>
      }
    >
      {t('findingsNoneHint')}
    </EmptyState>
  )
}

interface SettleDialogProps {
  finding: FindingRowFragment
  resolution: Resolution
  onClose: () => void
  onChanged: () => void
}

function SettleDialog({ finding, resolution, onClose, onChanged }: SettleDialogProps) {
  const command = useCommand(ResolveFindingDocument, 'resolveFinding', 'ResolveFindingSuccess')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const missing = reason.trim() === ''

  const settle = async () => {
    setTouched(true)
    if (missing) return
    const answer = await command.run(
      { input: { findingId: finding.id, resolution, reason: reason.trim(), expectedVersion: finding.version } },
      t('resolveSentence', { message: finding.message }),
    )
    if (!answer.ok) {
      setRefusal(answer.refusal)
      return
    }
    toast(t(resolution === 'RESOLVED' ? 'resolved' : 'dismissed'))
    onClose()
    onChanged()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t(resolution === 'RESOLVED' ? 'resolveTitle' : 'dismissTitle')}
      actions={
        <>
          <Button look="primary" size="lg" isPending={command.pending} onPress={() => void settle()}>
            {t(resolution === 'RESOLVED' ? 'resolve' : 'dismiss')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
        <p className="text-text-2">{finding.message}</p>
        <TextField
          label={t('reason')}
          description={t('reasonHint')}
          value={reason}
          onChange={setReason}
          maxLength={500}
          multiline
          error={touched && missing ? t('reasonRequired') : problemAt(refusal, 'reason')}
        />
      </div>
    </Dialog>
  )
}
