import Plus from 'lucide-react/icons/plus'
import { useMemo, useState } from 'react'
import { useMay, usePages } from '@/data'
import { announce } from '@/data/changes'
import { useIdempotencyKey, useSecuritySearch } from '@/data/ledger'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatDate } from '@/domain/dates'
import { texts } from '@/domain/text'
import { IdenticalSecuritiesListDocument, SetIdenticalSecuritiesDocument, WithdrawIdenticalSecuritiesDocument, type JudgementFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { FilterChip } from '@/ui/Chip'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { FormDialog } from '@/ui/FormDialog'
import { PageHeading } from '@/ui/Heading'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { SearchPicker, type Found } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/States'
import { Status } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { Toolbar } from '@/ui/Toolbar'
import { usePageTitle } from '@/ui/title'
import { Guard } from './Guard'
import messages from './identical.messages'
import { t as settingsWords } from './words'

const t = texts(messages)
const CRUMBS = [{ label: settingsWords('title'), to: '/settings' }]
const PAGE = 50
const TREATMENTS = ['FIRM_TREATS_AS_IDENTICAL', 'IDENTICAL', 'ALLOWED_SUBSTITUTE'] as const

type Treatment = JudgementFragment['treatment']

const nameOf = (security: JudgementFragment['security']) => security.symbol ?? security.name

export function IdenticalPage() {
  usePageTitle(t('title'), CRUMBS)
  return (
    <Guard permission="lots.read">
      <Judgements />
    </Guard>
  )
}

function columns(locale: string, onWithdraw: ((row: JudgementFragment) => void) | null): GridColumn<JudgementFragment>[] {
  const day = (date: string | null) => (date ? formatDate(locale, date) : t('open'))
  return [
    { id: 'one', header: t('security'), cell: (row) => <span title={row.security.name}>{nameOf(row.security)}</span>, width: '1fr', minWidth: 64, primary: true },
    { id: 'other', header: t('other'), cell: (row) => <span title={row.otherSecurity.name}>{nameOf(row.otherSecurity)}</span>, width: '1fr', minWidth: 64, primary: true },
    { id: 'treatment', header: t('treatment'), cell: (row) => (row.isWithdrawn ? <Status is="cancelled">{t('withdrawnWord')}</Status> : t(row.treatment)), width: '2fr', minWidth: 120 },
    { id: 'from', header: t('from'), cell: (row) => day(row.effectiveFrom), width: 104, secondary: true, from: 640 },
    { id: 'to', header: t('to'), cell: (row) => day(row.effectiveTo), width: 104, secondary: true, from: 820 },
    { id: 'who', header: t('who'), cell: (row) => row.author.name, width: '1fr', minWidth: 96, secondary: true, from: 720 },
    { id: 'reason', header: t('reason'), cell: (row) => row.reason, width: '2fr', minWidth: 120, secondary: true, from: 560 },
    ...(onWithdraw
      ? [
          {
            id: 'withdraw',
            header: t('withdraw'),
            hideHeader: true,
            cell: (row: JudgementFragment) =>
              row.isWithdrawn ? null : (
                <Button size="sm" look="link" aria-label={t('withdrawTitle', { one: nameOf(row.security), other: nameOf(row.otherSecurity) })} onPress={() => onWithdraw(row)}>
                  {t('withdraw')}
                </Button>
              ),
            width: 96 as const,
            align: 'right' as const,
          },
        ]
      : []),
  ]
}

/** The effective-dated table: every judgement with its author and reason. */
function Judgements() {
  const { locale } = useEnvironment()
  const judges = useMay('lots.judge')
  const [withWithdrawn, setWithWithdrawn] = useState(false)
  const [adding, setAdding] = useState(false)
  const [withdrawing, setWithdrawing] = useState<JudgementFragment | null>(null)
  const pages = usePages({ document: IdenticalSecuritiesListDocument, variables: { first: PAGE, includeWithdrawn: withWithdrawn }, connection: (data) => data.identicalSecurities })
  const grid = useMemo(() => columns(locale, judges ? setWithdrawing : null), [locale, judges])
  const done = () => {
    announce('ledger')
    pages.reload()
  }
  return (
    <>
      <PageHeading
        sub={t('sub')}
        actions={
          judges ? (
            <Button look="primary" icon={Plus} onPress={() => setAdding(true)}>
              {t('add')}
            </Button>
          ) : null
        }
      >
        {t('title')}
      </PageHeading>
      <div className="mt-4 grid gap-3">
        <Toolbar label={t('filters')}>
          <FilterChip isSelected={withWithdrawn} onChange={setWithWithdrawn}>
            {t('showWithdrawn')}
          </FilterChip>
        </Toolbar>
        {pages.failure ? (
          <ErrorState message={pages.failure.message} requestId={pages.failure.requestId} onRetry={pages.reload} />
        ) : pages.loading ? (
          <SkeletonRows rows={6} />
        ) : pages.rows.length === 0 ? (
          <EmptyState kind="first" title={t('none')}>
            {t('noneHint')}
          </EmptyState>
        ) : (
          <DataGrid label={t('list')} rows={pages.rows} rowId={(row) => row.id} rowName={(row) => `${nameOf(row.security)}, ${nameOf(row.otherSecurity)}`} columns={grid} scroll="page" />
        )}
        {pages.more ? (
          <p>
            <Button onPress={pages.more}>{t('more')}</Button>
          </p>
        ) : null}
      </div>
      {adding ? <JudgeDialog onClose={() => setAdding(false)} onDone={done} /> : null}
      {withdrawing ? <WithdrawDialog judgement={withdrawing} onClose={() => setWithdrawing(null)} onDone={done} /> : null}
    </>
  )
}

interface DialogProps {
  onClose: () => void
  onDone: () => void
}

function JudgeDialog({ onClose, onDone }: DialogProps) {
  const { businessDate } = useEnvironment()
  const command = useCommand(SetIdenticalSecuritiesDocument, 'setIdenticalSecurities', 'SetIdenticalSecuritiesSuccess')
  const keyOf = useIdempotencyKey()
  const search = useSecuritySearch()
  const [one, setOne] = useState<Found | null>(null)
  const [other, setOther] = useState<Found | null>(null)
  const [treatment, setTreatment] = useState<Treatment>('FIRM_TREATS_AS_IDENTICAL')
  const [from, setFrom] = useState(businessDate ?? '')
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)

  const send = async () => {
    setTouched(true)
    if (!one || !other || from === '' || reason.trim() === '') return
    const content = { securityId: one.id, otherSecurityId: other.id, treatment, effectiveFrom: from, effectiveTo: to === '' ? null : to, reason: reason.trim() }
    const answer = await command.run({ input: { ...content, idempotencyKey: keyOf(content) } }, t('sentence', { one: one.label, other: other.label }))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(t('done'))
    onClose()
    onDone()
  }

  return (
    <FormDialog title={t('add')} send={t('send')} pending={command.pending} onSend={send} onClose={onClose}>
      {refusal ? <RefusalNote refusal={refusal} fields={['securityId', 'otherSecurityId', 'effectiveFrom', 'effectiveTo', 'reason']} /> : null}
      <SearchPicker label={t('security')} value={one} onChange={setOne} search={search} none={t('noSecurity')} error={touched && !one ? t('pick') : problemAt(refusal, 'securityId')} isRequired />
      <SearchPicker label={t('other')} value={other} onChange={setOther} search={search} none={t('noSecurity')} error={touched && !other ? t('pick') : problemAt(refusal, 'otherSecurityId')} isRequired />
      <Select label={t('treatment')} value={treatment} onChange={setTreatment} choices={TREATMENTS.map((value) => ({ value, label: t(value) }))} />
      <DateField label={t('from')} name={t('from')} value={from} onChange={setFrom} error={touched && from === '' ? t('dayRequired') : problemAt(refusal, 'effectiveFrom')} />
      <DateField label={t('until')} name={t('to')} value={to} onChange={setTo} error={problemAt(refusal, 'effectiveTo')} />
      <TextField label={t('reason')} value={reason} onChange={setReason} error={touched && reason.trim() === '' ? t('reasonRequired') : problemAt(refusal, 'reason')} />
    </FormDialog>
  )
}

function WithdrawDialog({ judgement, onClose, onDone }: DialogProps & { judgement: JudgementFragment }) {
  const command = useCommand(WithdrawIdenticalSecuritiesDocument, 'withdrawIdenticalSecurities', 'WithdrawIdenticalSecuritiesSuccess')
  const keyOf = useIdempotencyKey()
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const names = { one: nameOf(judgement.security), other: nameOf(judgement.otherSecurity) }

  const send = async () => {
    setTouched(true)
    if (reason.trim() === '') return
    const content = { judgementId: judgement.id, reason: reason.trim() }
    const answer = await command.run({ input: { ...content, idempotencyKey: keyOf(content) } }, t('withdrawSentence', names))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(t('withdrawn'))
    onClose()
    onDone()
  }

  return (
    <FormDialog title={t('withdrawTitle', names)} send={t('withdraw')} pending={command.pending} onSend={send} onClose={onClose} danger>
      {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
      <p className="text-text-2">{t('withdrawHint')}</p>
      <TextField label={t('reason')} value={reason} onChange={setReason} error={touched && reason.trim() === '' ? t('reasonRequired') : problemAt(refusal, 'reason')} />
    </FormDialog>
  )
}
