import { useState } from 'react'
import { isDecimal } from '@/domain/decimal'
import { plainDecimal } from '@/domain/ledger'
import type { ActionPreviewQuery, ActionPreviewQueryVariables, DeskActionPartsFragment, FractionRule } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Checkbox } from '@/ui/Checkbox'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { t } from './words'

export type Terms = Omit<ActionPreviewQueryVariables, 'id'>
type Told = NonNullable<ActionPreviewQuery['corporateActionPreview']>['terms']

const RULES = ['KEEP', 'CASH_IN_LIEU', 'ROUND_UP'] as const satisfies readonly FractionRule[]
const FRACTIONAL: ReadonlySet<string> = new Set(['SPLIT', 'STOCK_DIVIDEND', 'SPIN_OFF', 'MERGER'])

interface TermsFormProps {
  desk: DeskActionPartsFragment
  /** What holds now; null while it is asked for. */
  told: Told | null
  onApply: (terms: Terms) => void
}

/** What the notice of the issuer says beyond the ratio. Nothing is kept before the action is posted. */
export function TermsForm({ desk, told, onApply }: TermsFormProps) {
  const { type } = desk.action
  const [rule, setRule] = useState<FractionRule | null>(null)
  const [cash, setCash] = useState<string | null>(null)
  const [share, setShare] = useState<string | null>(null)
  const [taxable, setTaxable] = useState<boolean | null>(null)
  if (!FRACTIONAL.has(type)) return null
  const shownRule = rule ?? told?.fractions ?? 'KEEP'
  const cashText = cash ?? told?.cashPerUnit ?? ''
  const shareText = share ?? told?.basisFraction ?? ''
  const number = (text: string) => (text.trim() === '' ? null : plainDecimal(text))
  const bad = (text: string) => text.trim() !== '' && !isDecimal(plainDecimal(text))
  const needsCash = shownRule === 'CASH_IN_LIEU' && cashText.trim() === ''
  const apply = () => {
    if (bad(cashText) || bad(shareText) || needsCash) return
    onApply({
      fractions: shownRule,
      ...(shownRule === 'CASH_IN_LIEU' ? { cashPerUnit: number(cashText) } : {}),
      ...(type === 'SPIN_OFF' ? { basisFraction: number(shareText) } : {}),
      ...(type === 'MERGER' && taxable !== null ? { isTaxable: taxable } : {}),
    })
  }
  return (
    <form
      className="grid gap-3 rounded-surface border border-line p-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <h3 className="font-semibold">{t('terms')}</h3>
      <Select label={t('fractions')} value={shownRule} choices={RULES.map((each) => ({ value: each, label: t(each) }))} onChange={setRule} />
      {shownRule === 'CASH_IN_LIEU' ? (
        <TextField label={t('cashPerUnit')} inputMode="decimal" value={cashText} onChange={setCash} inputClassName="text-right" />
      ) : null}
      {type === 'SPIN_OFF' ? (
        <TextField label={t('basisFraction')} description={t('basisFractionHint')} inputMode="decimal" value={shareText} onChange={setShare} inputClassName="text-right" />
      ) : null}
      {type === 'MERGER' ? (
        <Checkbox isSelected={taxable ?? told?.isTaxable ?? false} onChange={setTaxable}>
          {t('taxable')}
        </Checkbox>
      ) : null}
      <p className="text-12 text-text-2">{t('termsHint')}</p>
      <Button type="submit" isDisabled={needsCash || bad(cashText) || bad(shareText)}>
        {t('workOut')}
      </Button>
    </form>
  )
}
