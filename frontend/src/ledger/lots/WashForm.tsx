import { useState } from 'react'
import { useSecuritySearch } from '@/data/ledger'
import { isDecimal, signOf } from '@/domain/decimal'
import { plainDecimal } from '@/domain/ledger'
import type { LotSearch } from '@/domain/lots'
import { Button } from '@/ui/Button'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { RadioChoice } from '@/ui/RadioChoice'
import { SearchPicker, type Found } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { w } from './washWords'

/** A trade that is thought of. */
export interface Trade {
  account: string
  security: string
  side: 'BUY' | 'SELL'
  units: string
  price: string | undefined
  day: string | undefined
}

interface WashFormProps {
  /** To choose from; null: there is one, and it is known. */
  accounts: readonly Found[] | null
  initial: LotSearch
  initialSecurity: Found | null
  onSend: (trade: Trade) => void
}

const above0 = (text: string) => isDecimal(text) && signOf(text) > 0

export function WashForm({ accounts, initial, initialSecurity, onSend }: WashFormProps) {
  const { businessDate } = useEnvironment()
  const search = useSecuritySearch()
  const [account, setAccount] = useState(initial.account ?? '')
  const [security, setSecurity] = useState(initialSecurity)
  const [side, setSide] = useState(initial.side ?? 'SELL')
  const [units, setUnits] = useState(initial.units ?? '')
  const [price, setPrice] = useState(initial.price ?? '')
  const [day, setDay] = useState(initial.day ?? businessDate ?? '')
  const [touched, setTouched] = useState(false)
  const number = plainDecimal(units)
  const each = plainDecimal(price)
  const wrong = {
    account: account === '' ? w('pickAccount') : undefined,
    security: security ? undefined : w('pickSecurity'),
    units: above0(number) ? undefined : w('unitsWanted'),
    price: each === '' || above0(each) ? undefined : w('priceWrong'),
    day: businessDate && day !== '' && day < businessDate ? w('dayPast') : undefined,
  }
  const said = (field: keyof typeof wrong) => (touched ? wrong[field] : undefined)

  const send = () => {
    setTouched(true)
    if (!security || Object.values(wrong).some((each) => each !== undefined)) return
    onSend({ account, security: security.id, side, units: number, price: each === '' ? undefined : each, day: day === '' || day === businessDate ? undefined : day })
  }

  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <RadioChoice label={w('side')} value={side} onChange={setSide} choices={(['SELL', 'BUY'] as const).map((value) => ({ value, label: w(value) }))} />
      {accounts ? (
        <Select label={w('account')} value={account} onChange={setAccount} placeholder={w('pickAccount')} choices={accounts.map(({ id, label, detail }) => ({ value: id, label, detail: detail ?? undefined }))} error={said('account')} />
      ) : null}
      <SearchPicker label={w('security')} value={security} onChange={setSecurity} search={search} none={w('noSecurity')} error={said('security')} />
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField label={w('units')} value={units} onChange={setUnits} inputMode="decimal" error={said('units')} />
        <TextField label={w('price')} value={price} onChange={setPrice} inputMode="decimal" description={said('price') ? undefined : w('priceHint')} error={said('price')} />
      </div>
      <DateField label={w('day')} name={w('day')} value={day} onChange={setDay} hint={w('dayHint')} error={said('day')} />
      <Button type="submit" look="primary" size="lg">
        {w('send')}
      </Button>
    </form>
  )
}
