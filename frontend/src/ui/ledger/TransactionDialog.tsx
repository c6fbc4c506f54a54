import { useId, useState, type ReactNode } from 'react'
import { formatDate } from '@/domain/dates'
import {
  entryProblems,
  plainDecimal,
  TRANSACTION_NEEDS,
  type EntryField,
  type EntryProblem,
  type SubmitAnswer,
  type TransactionEntry,
  type TransactionPreview,
  type TransactionSubmission,
  isQuantitySigned,
  TAKES_LOTS,
  WITH_INTEREST,
  type TransactionTypeName,
} from '@/domain/ledger'
import { Button } from '../Button'
import { useEnvironment } from '../environment'
import { Figure } from '../Figure'
import { Dialog } from '../Overlay'
import { RadioChoice } from '../RadioChoice'
import { problemAt, RefusalNote, type RefusalView } from '../RefusalNote'
import { SearchPicker, type Found } from '../SearchPicker'
import { Select } from '../Select'
import { StatusShape } from '../Status'
import { DateField } from '../DateField'
import { TextField } from '../TextField'
import { ledgerWords, typeChoices, typeName } from './words'

interface TransactionDialogProps {
  onClose: () => void
  currency: string
  /** The business date: no entry is traded after it. */
  today: string
  initial: TransactionEntry
  initialSecurity: Found | null
  /** Present when an entry is corrected, which needs a reason. */
  correcting?: boolean
  searchSecurities: (query: string, signal: AbortSignal) => Promise<readonly Found[]>
  submit: (submission: TransactionSubmission) => Promise<SubmitAnswer>
  /** What the entry changes besides cash and units, shown with the preview; null: nothing takes the entry's place. */
  consequences?: (entry: TransactionEntry | null) => ReactNode
}

type How = 'replace' | 'reverse'

const FIELDS: readonly EntryField[] = ['tradeDate', 'settlementDate', 'securityId', 'quantity', 'price', 'amount', 'fees', 'description', 'accruedInterest', 'lotSelection', 'relatedExternalId']

/** An entry typed, checked by the server without writing, shown with what it would change, then posted. */
export function TransactionDialog(props: TransactionDialogProps) {
  const { correcting = false, initial, today, submit, onClose } = props
  const [entry, setEntry] = useState(initial)
  const [security, setSecurity] = useState(props.initialSecurity)
  const [how, setHow] = useState<How>('replace')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [preview, setPreview] = useState<TransactionPreview | null>(null)
  const [refusal, setRefusal] = useState<RefusalView | null>(null)
  const [pending, setPending] = useState(false)
  const formId = useId()

  const typed = how === 'reverse' && correcting ? null : entry
  const problems = typed ? entryProblems(typed, today) : {}
  const reasonMissing = correcting && reason.trim() === ''
  const change = (next: Partial<TransactionEntry>) => {
    setEntry((present) => ({ ...present, ...next }))
    setRefusal(null)
  }

  const send = async (dryRun: boolean) => {
    setTouched(true)
    if (Object.keys(problems).length > 0 || reasonMissing) return
    setPending(true)
    const answer = await submit({ entry: typed, reason: reason.trim(), dryRun })
    setPending(false)
    switch (answer.kind) {
      case 'preview':
        setRefusal(null)
        setPreview(answer.preview)
        return
      case 'done':
        onClose()
        return
      case 'declined':
        return
      case 'refused':
        setPreview(null)
        setRefusal(answer.refusal)
    }
  }

  const errorOf = (field: EntryField): string | undefined => {
    const own: EntryProblem | undefined = problems[field]
    if (touched && own) return ledgerWords(own)
    return problemAt(refusal, field)
  }

  return (
    <Dialog
      isOpen
      wide={preview !== null && props.consequences !== undefined}
      onClose={onClose}
      title={ledgerWords(correcting ? 'correctTitle' : 'postTitle')}
      actions={
        preview ? (
          <>
            <Button look="primary" size="lg" isPending={pending} onPress={() => void send(false)}>
              {ledgerWords(correcting ? 'correctNow' : 'postNow')}
            </Button>
            <Button size="lg" isDisabled={pending} onPress={() => setPreview(null)}>
              {ledgerWords('change')}
            </Button>
          </>
        ) : (
          <>
            <Button look="primary" size="lg" type="submit" form={formId} isPending={pending}>
              {ledgerWords(pending ? 'checking' : 'check')}
            </Button>
            <Button size="lg" onPress={onClose}>
              {ledgerWords('cancel')}
            </Button>
          </>
        )
      }
    >
      {preview ? (
        // Longer than a phone is high: the keyboard can scroll it.
        <div role="region" tabIndex={0} aria-label={ledgerWords('previewTitle')}>
          <PreviewPanel preview={preview} entry={typed} />
          {props.consequences?.(typed)}
        </div>
      ) : (
        <form
          id={formId}
          noValidate
          className="grid gap-4 pb-2"
          onSubmit={(event) => {
            event.preventDefault()
            void send(true)
          }}
        >
          <p className="text-text-2">{ledgerWords(correcting ? 'correctIntro' : 'postIntro')}</p>
          {refusal ? <TransactionRefusal refusal={refusal} /> : null}
          {correcting ? (
            <RadioChoice
              label={ledgerWords('how')}
              value={how}
              onChange={setHow}
              choices={[
                { value: 'replace', label: ledgerWords('howReplace') },
                { value: 'reverse', label: ledgerWords('howReverse') },
              ]}
            />
          ) : null}
          {typed ? <EntryFields {...props} entry={entry} change={change} security={security} setSecurity={setSecurity} errorOf={errorOf} /> : null}
          {correcting ? (
            <TextField
              label={ledgerWords('reason')}
              description={ledgerWords('reasonHint')}
              value={reason}
              onChange={setReason}
              maxLength={500}
              error={touched && reasonMissing ? ledgerWords('reasonRequired') : undefined}
            />
          ) : null}
        </form>
      )}
    </Dialog>
  )
}

interface EntryFieldsProps extends TransactionDialogProps {
  entry: TransactionEntry
  change: (next: Partial<TransactionEntry>) => void
  security: Found | null
  setSecurity: (security: Found | null) => void
  errorOf: (field: EntryField) => string | undefined
}

function amountHint(type: TransactionTypeName, currency: string): string {
  const side = TRANSACTION_NEEDS[type].cash
  return ledgerWords(side === 'in' ? 'amountIn' : side === 'out' ? 'amountOut' : 'amountAny', { currency })
}

function EntryFields({ entry, change, security, setSecurity, errorOf, currency, searchSecurities, correcting }: EntryFieldsProps) {
  const needs = TRANSACTION_NEEDS[entry.type]
  const label = (name: string, need: 'yes' | 'no' | 'maybe'): ReactNode =>
    need === 'maybe' ? (
      <>
        {name} <span className="font-normal text-text-3">{ledgerWords('optional')}</span>
      </>
    ) : (
      name
    )
  return (
    <>
      <Select label={ledgerWords('type')} choices={typeChoices()} value={entry.type} onChange={(type) => change({ type })} />
      <div className="grid gap-4 sm:grid-cols-2">
        <DateField label={ledgerWords('tradeDate')} name={ledgerWords('tradeDate')} value={entry.tradeDate} onChange={(tradeDate) => change({ tradeDate })} error={errorOf('tradeDate')} />
        <DateField
          label={label(ledgerWords('settlementDate'), 'maybe')}
          name={ledgerWords('settlementDate')}
          value={entry.settlementDate}
          onChange={(settlementDate) => change({ settlementDate })}
          error={errorOf('settlementDate')}
        />
      </div>
      {needs.security === 'no' ? null : (
        <SearchPicker
          label={label(ledgerWords('security'), needs.security)}
          value={security}
          onChange={(found) => {
            setSecurity(found)
            change({ securityId: found?.id ?? null })
          }}
          search={searchSecurities}
          placeholder={ledgerWords('chooseSecurity')}
          none={ledgerWords('noSecurityFound')}
          error={errorOf('securityId')}
        />
      )}
      {needs.quantity === 'no' && needs.security === 'no' ? null : (
        <div className="grid gap-4 sm:grid-cols-2">
          {needs.quantity === 'no' ? null : (
            <TextField
              label={label(ledgerWords('quantity'), needs.quantity)}
              inputMode="decimal"
              value={entry.quantity}
              onChange={(quantity) => change({ quantity })}
              description={isQuantitySigned(entry.type) ? ledgerWords('quantitySigned') : undefined}
              error={errorOf('quantity')}
              inputClassName="text-right"
            />
          )}
          <TextField
            label={label(ledgerWords('price'), 'maybe')}
            inputMode="decimal"
            value={entry.price}
            onChange={(price) => change({ price })}
            error={errorOf('price')}
            inputClassName="text-right"
          />
        </div>
      )}
      <TextField
        label={ledgerWords('amount')}
        inputMode="text"
        value={entry.amount}
        onChange={(amount) => change({ amount })}
        description={amountHint(entry.type, currency)}
        error={errorOf('amount')}
        inputClassName="text-right"
      />
      <TextField
        label={label(ledgerWords('fees'), 'maybe')}
        inputMode="decimal"
        value={entry.fees}
        onChange={(fees) => change({ fees })}
        error={errorOf('fees')}
        inputClassName="text-right"
      />
      <TextField
        label={label(ledgerWords('description'), 'maybe')}
        value={entry.description}
        onChange={(description) => change({ description })}
        maxLength={500}
        error={errorOf('description')}
      />
      {correcting || needs.security === 'no' ? null : <MoreFields entry={entry} change={change} errorOf={errorOf} />}
    </>
  )
}

/** What few entries say: interest bought with a bond, which lots are sold, the other half of a transfer. */
function MoreFields({ entry, change, errorOf }: Pick<EntryFieldsProps, 'entry' | 'change' | 'errorOf'>) {
  return (
    <details>
      <summary className="cursor-default text-text-2">{ledgerWords('moreFields')}</summary>
      <div className="grid gap-4 pt-3">
        {WITH_INTEREST.has(entry.type) ? (
          <TextField
            label={ledgerWords('accruedInterest')}
            description={ledgerWords('accruedInterestHint')}
            inputMode="decimal"
            value={entry.accruedInterest ?? ''}
            onChange={(accruedInterest) => change({ accruedInterest })}
            error={errorOf('accruedInterest')}
            inputClassName="text-right"
          />
        ) : null}
        {TAKES_LOTS.has(entry.type) ? (
          <TextField
            label={ledgerWords('lotSelection')}
            description={ledgerWords('lotSelectionHint')}
            value={entry.lotSelection ?? ''}
            onChange={(lotSelection) => change({ lotSelection })}
            maxLength={200}
            error={errorOf('lotSelection')}
          />
        ) : null}
        <TextField
          label={ledgerWords('relatedExternalId')}
          description={ledgerWords('relatedExternalIdHint')}
          value={entry.relatedExternalId ?? ''}
          onChange={(relatedExternalId) => change({ relatedExternalId })}
          maxLength={100}
          error={errorOf('relatedExternalId')}
        />
      </div>
    </details>
  )
}

/** What stands above the form when the server refused: problems of fields stand beside them. */
function TransactionRefusal({ refusal }: { refusal: RefusalView }) {
  return (
    <div className="grid gap-1">
      <RefusalNote refusal={refusal} fields={FIELDS} />
      <p className="text-12 text-text-3">{ledgerWords(refusal.applied === 'refused' ? 'keptTyped' : 'unknownWritten')}</p>
    </div>
  )
}

/** Before and after, in the order of the arithmetic; warnings as words with a shape. */
export function PreviewPanel({ preview, entry }: { preview: TransactionPreview; entry: TransactionEntry | null }) {
  const { currency, locale } = useEnvironment()
  const money = preview.currency || currency
  return (
    <div className="grid gap-3 pb-2">
      <p className="flex items-center gap-1.5 text-text-2" role="status">
        <StatusShape is="waiting" />
        {ledgerWords('previewNothing')}
      </p>
      <p className="flex flex-wrap gap-x-2 text-16 font-semibold">
        {entry ? (
          <>
            <span>{ledgerWords('previewEntry', { type: typeName(entry.type), date: formatDate(locale, entry.tradeDate) })}</span>
            <Figure kind="money" value={plainDecimal(entry.amount)} currency={money} sign="always" />
          </>
        ) : (
          ledgerWords('previewReverse')
        )}
      </p>
      <table className="w-full">
        <caption className="sr-only">{ledgerWords('previewTitle')}</caption>
        <thead className="border-b border-line-strong text-12 text-text-2">
          <tr>
            <th scope="col" className="h-9 text-left font-medium">
              {ledgerWords('previewTitle')}
            </th>
            <th scope="col" className="text-right font-medium">
              {ledgerWords('before')}
            </th>
            <th scope="col" className="text-right font-medium">
              {ledgerWords('after')}
            </th>
          </tr>
        </thead>
        <tbody>
          <tr className="h-9 border-b border-line">
            <th scope="row" className="text-left font-medium">
              {ledgerWords('cashLine')}
            </th>
            <td className="text-right text-text-2">
              <Figure kind="money" value={preview.cashBefore} currency={money} />
            </td>
            <td className="text-right font-semibold">
              <Figure kind="money" value={preview.cashAfter} currency={money} />
            </td>
          </tr>
          {preview.securityName && preview.quantityAfter !== null ? (
            <tr className="h-9 border-b border-line">
              <th scope="row" className="text-left font-medium">
                {ledgerWords('unitsLine', { name: preview.securityName })}
              </th>
              <td className="text-right text-text-2">
                <Figure kind="quantity" value={preview.quantityBefore ?? '0'} />
              </td>
              <td className="text-right font-semibold">
                <Figure kind="quantity" value={preview.quantityAfter} />
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
      {preview.warnings.map((warning) => (
        <p key={warning.code} className="flex items-baseline gap-2 rounded-surface border border-warning-line bg-warning-soft p-3">
          <StatusShape is="attention" />
          {warning.message}
        </p>
      ))}
    </div>
  )
}
