import { useState } from 'react'
import { percentOf, shareOf } from '@/domain/shares'
import { SetAccountBeneficiariesDocument, type BeneficiaryTier } from '@/generated/graphql'
import { Checkbox } from '@/ui/Checkbox'
import { DateField } from '@/ui/DateField'
import { partyWord } from '@/ui/party/words'
import { Select } from '@/ui/Select'
import type { Found } from '@/ui/SearchPicker'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { Form, orNull, useChange } from './form'
import { PartyPicker, useMembers } from './pick'
import { rowKey, Rows, ShareField, shareFault, Together } from './rows'
import { c } from './words'

interface Row {
  key: number
  tier: BeneficiaryTier
  /** Somebody on the books, or a name alone. */
  by: 'PARTY' | 'NAME'
  who: Found | null
  name: string
  share: string
  isPerStirpes: boolean
}

interface BeneficiariesDialogProps {
  account: {
    id: string
    name: string
    version: number
    householdId: string | null
    beneficiaries: readonly { partyId: string | null; name: string; tier: BeneficiaryTier; share: string; isPerStirpes: boolean }[]
  }
  onClose: () => void
}

const TIERS: readonly BeneficiaryTier[] = ['PRIMARY', 'CONTINGENT']
const fresh = (): Row => ({ key: rowKey(), tier: 'PRIMARY', by: 'PARTY', who: null, name: '', share: '', isPerStirpes: false })
const missing = (row: Row) => (row.by === 'PARTY' ? row.who === null : row.name.trim() === '')

/** Who is to have the account, from a day on; each tier adds up to the whole. */
export function BeneficiariesDialog({ account, onClose }: BeneficiariesDialogProps) {
  const change = useChange(SetAccountBeneficiariesDocument, 'setAccountBeneficiaries', 'SetAccountBeneficiariesSuccess')
  const members = useMembers(account.householdId)
  const [rows, setRows] = useState<Row[]>(() =>
    account.beneficiaries.map((one) => ({
      key: rowKey(),
      tier: one.tier,
      by: one.partyId ? 'PARTY' : 'NAME',
      who: one.partyId ? { id: one.partyId, label: one.name } : null,
      name: one.partyId ? '' : one.name,
      share: percentOf(one.share),
      isPerStirpes: one.isPerStirpes,
    })),
  )
  const [from, setFrom] = useState('')
  const [touched, setTouched] = useState(false)
  const { said } = change
  const send = async () => {
    setTouched(true)
    if (rows.some((row) => missing(row) || shareFault(row.share, true) !== undefined)) return
    const beneficiaries = rows.map((row) => ({
      tier: row.tier,
      share: shareOf(row.share) ?? '',
      partyId: row.by === 'PARTY' ? (row.who?.id ?? null) : null,
      name: row.by === 'NAME' ? row.name.trim() : null,
      isPerStirpes: row.isPerStirpes,
    }))
    if (!(await change.run({ input: { accountId: account.id, expectedVersion: account.version, beneficiaries, effectiveFrom: orNull(from) } }, c('heirsSentence', { name: account.name })))) return
    toast(c('heirsSaved', { name: account.name }))
    onClose()
  }
  return (
    <Form wide title={c('heirsOf', { name: account.name })} send={c('save')} pending={change.pending} refusal={change.refusal} fields={['partyId', 'name', 'share', 'tier', 'beneficiaries', 'effectiveFrom']} onSend={send} onClose={onClose}>
      <p className="text-text-2">{c('heirsHint')}</p>
      <Rows rows={rows} onChange={setRows} fresh={fresh} add={c('addHeir')} remove={(place) => c('removeHeir', { place })} error={said('beneficiaries')}>
        {(row, place, set) => (
          <>
            <Select
              label={c('heirBy')}
              value={row.by}
              onChange={(by) => set({ by })}
              choices={[
                { value: 'PARTY', label: c('heirParty') },
                { value: 'NAME', label: c('heirName') },
              ]}
              className="sm:col-span-2"
            />
            {row.by === 'PARTY' ? (
              <PartyPicker label={c('heir')} value={row.who} onChange={(who) => set({ who })} suggested={members} error={(touched && missing(row) ? c('whoNeeded') : undefined) ?? said('beneficiaries', place, 'partyId')} className="sm:col-span-4" />
            ) : (
              <TextField label={c('heir')} value={row.name} onChange={(name) => set({ name })} maxLength={200} error={(touched && missing(row) ? c('nameNeeded') : undefined) ?? said('beneficiaries', place, 'name')} className="sm:col-span-4" />
            )}
            <Select label={c('tier')} value={row.tier} onChange={(tier) => set({ tier })} choices={TIERS.map((tier) => ({ value: tier, label: partyWord('tier', tier) }))} error={said('beneficiaries', place, 'tier')} className="sm:col-span-2" />
            <ShareField value={row.share} onChange={(share) => set({ share })} error={(touched ? shareFault(row.share, true) : undefined) ?? said('beneficiaries', place, 'share')} className="sm:col-span-2" />
            <div className="self-end pb-1.5 sm:col-span-2">
              <Checkbox isSelected={row.isPerStirpes} onChange={(isPerStirpes) => set({ isPerStirpes })}>
                {c('perStirpes')}
              </Checkbox>
            </div>
          </>
        )}
      </Rows>
      {TIERS.map((tier) => {
        const shares = rows.filter((row) => row.tier === tier).map((row) => row.share)
        return shares.length > 0 ? (
          <div key={tier} className="flex gap-2 text-12 text-text-2">
            <span>{partyWord('tier', tier)}</span>
            <Together shares={shares} />
          </div>
        ) : null
      })}
      <DateField label={c('effectiveFrom')} name={c('effectiveFrom')} value={from} onChange={setFrom} hint={c('effectiveHint')} error={said('effectiveFrom')} />
    </Form>
  )
}
