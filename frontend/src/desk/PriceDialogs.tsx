import { useState, type ReactNode } from 'react'
import { announce } from '@/data/changes'
import { useIdempotencyKey } from '@/data/ledger'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatDate } from '@/domain/dates'
import { isDecimal } from '@/domain/decimal'
import { plainDecimal } from '@/domain/ledger'
import { texts } from '@/domain/text'
import { OverridePriceDocument, WithdrawPriceDocument, type PriceChangePartsFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { detailWords } from '@/ui/codeWords'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock } from '@/ui/Figure'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import messages from './prices.messages'

export const priceWords = texts(messages)
const t = priceWords

export interface PricedSecurity {
  id: string
  name: string
  currency: string
}

export interface PriceToWithdraw {
  date: string
  close: string
  source: string
}

interface DialogProps {
  security: PricedSecurity
  onClose: () => void
  onDone: () => void
}

const changed = () => {
  announce('ledger')
  announce('prices')
}

/** A close entered by hand: checked without writing, shown with what it changes, then entered. */
export function OverrideDialog({ security, day: first, onClose, onDone }: DialogProps & { day: string }) {
  const { locale } = useEnvironment()
  const command = useCommand(OverridePriceDocument, 'overridePrice', 'OverridePriceSuccess')
  const keyOf = useIdempotencyKey()
  const [day, setDay] = useState(first)
  const [close, setClose] = useState('')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [preview, setPreview] = useState<PriceChangePartsFragment | null>(null)
  const plain = plainDecimal(close)
  const problems = { close: !isDecimal(plain), day: day === '', reason: reason.trim() === '' }

  const send = async (dryRun: boolean) => {
    setTouched(true)
    if (problems.close || problems.day || problems.reason) return
    const content = { securityId: security.id, day, close: plain, currency: security.currency, reason: reason.trim(), dryRun }
    const answer = await command.run({ input: { ...content, idempotencyKey: keyOf(content) } }, t('overrideSentence', { name: security.name }))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    if (dryRun) {
      setPreview(answer.value.change)
      return
    }
    toast(t('done', { count: answer.value.change.accountCount }))
    changed()
    onClose()
    onDone()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('overrideTitle', { name: security.name })}
      actions={
        <Steps
          checked={preview !== null}
          pending={command.pending}
          confirm={t('confirm')}
          isIdle={preview?.isNew === false}
          onCheck={() => void send(true)}
          onConfirm={() => void send(false)}
          onBack={() => setPreview(null)}
          onClose={onClose}
        />
      }
    >
      <div className="grid gap-4 pb-2">
        {refusal ? <RefusalNote refusal={refusal} fields={['day', 'close', 'reason']} /> : null}
        {preview ? (
          <Preview change={preview} locale={locale} />
        ) : (
          <>
            <p className="text-text-2">{t('overrideHint')}</p>
            <DateField label={t('day')} name={t('day')} value={day} onChange={setDay} error={touched && problems.day ? t('dayRequired') : problemAt(refusal, 'day')} />
            <TextField
              label={t('price', { currency: security.currency })}
              value={close}
              onChange={setClose}
              inputMode="decimal"
              error={touched && problems.close ? t('priceRequired') : problemAt(refusal, 'close')}
            />
            <Reason value={reason} onChange={setReason} missing={touched && problems.reason} refusal={refusal} />
          </>
        )}
      </div>
    </Dialog>
  )
}

/** A price taken back: the next source of its day counts, or the day before. */
export function WithdrawDialog({ security, price, onClose, onDone }: DialogProps & { price: PriceToWithdraw }) {
  const { locale } = useEnvironment()
  const command = useCommand(WithdrawPriceDocument, 'withdrawPrice', 'WithdrawPriceSuccess')
  const keyOf = useIdempotencyKey()
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [preview, setPreview] = useState<PriceChangePartsFragment | null>(null)
  const missing = reason.trim() === ''

  const send = async (dryRun: boolean) => {
    setTouched(true)
    if (missing) return
    const content = { securityId: security.id, day: price.date, source: price.source, reason: reason.trim(), dryRun }
    const answer = await command.run({ input: { ...content, idempotencyKey: keyOf(content) } }, t('withdrawSentence', { name: security.name }))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    if (dryRun) {
      setPreview(answer.value.change)
      return
    }
    toast(t('withdrawnDone', { count: answer.value.change.accountCount }))
    changed()
    onClose()
    onDone()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('withdrawTitle', { name: security.name })}
      actions={
        <Steps
          checked={preview !== null}
          pending={command.pending}
          confirm={t('confirmWithdraw')}
          onCheck={() => void send(true)}
          onConfirm={() => void send(false)}
          onBack={() => setPreview(null)}
          onClose={onClose}
        />
      }
    >
      <div className="grid gap-4 pb-2">
        {refusal ? <RefusalNote refusal={refusal} fields={['reason']} /> : null}
        {preview ? (
          <Preview change={preview} locale={locale} />
        ) : (
          <>
            <p className="text-text-2">{t('withdrawHint', { close: price.close, date: formatDate(locale, price.date), source: detailWords(price.source) })}</p>
            <Reason value={reason} onChange={setReason} missing={touched && missing} refusal={refusal} />
          </>
        )}
      </div>
    </Dialog>
  )
}

function Reason({ value, onChange, missing, refusal }: { value: string; onChange: (next: string) => void; missing: boolean; refusal: Refusal | null }) {
  return (
    <TextField
      label={t('reason')}
      description={t('reasonHint')}
      value={value}
      onChange={onChange}
      maxLength={500}
      multiline
      error={missing ? t('reasonRequired') : problemAt(refusal, 'reason')}
    />
  )
}

interface StepsProps {
  checked: boolean
  pending: boolean
  confirm: string
  isIdle?: boolean
  onCheck: () => void
  onConfirm: () => void
  onBack: () => void
  onClose: () => void
}

function Steps({ checked, pending, confirm, isIdle = false, onCheck, onConfirm, onBack, onClose }: StepsProps): ReactNode {
  return (
    <>
      <Button look="primary" size="lg" isPending={pending} isDisabled={isIdle} onPress={checked ? onConfirm : onCheck}>
        {checked ? confirm : t('check')}
      </Button>
      <Button size="lg" onPress={checked ? onBack : onClose}>
        {checked ? t('back') : t('cancel')}
      </Button>
    </>
  )
}

function Preview({ change, locale }: { change: PriceChangePartsFragment; locale: string }) {
  const side = (label: string, price: PriceChangePartsFragment['before']) => (
    <FigureBlock label={label} sub={price ? t('ofDay', { date: formatDate(locale, price.date), source: detailWords(price.source) }) : null}>
      <Figure kind="price" value={price?.close} absent={t('nothing')} />
    </FigureBlock>
  )
  return (
    <div className="grid gap-3" role="status">
      <div className="flex flex-wrap gap-x-8 gap-y-3 border-y border-line-strong py-3">
        {side(t('before'), change.before)}
        {side(t('after'), change.after)}
        <FigureBlock label={t('accounts')} secondary>
          <Figure kind="count" value={String(change.accountCount)} />
        </FigureBlock>
      </div>
      {change.isNew ? null : <p className="text-text-2">{t('same')}</p>}
    </div>
  )
}
