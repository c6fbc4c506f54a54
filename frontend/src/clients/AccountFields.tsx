import { useMemo } from 'react'
import { codeName } from '@/ui/codeWords'
import { Checkbox } from '@/ui/Checkbox'
import { DateField } from '@/ui/DateField'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { Columns, type Said } from './form'
import { c } from './words'

export const TAX_STATUSES = ['TAXABLE', 'TAX_DEFERRED', 'TAX_FREE', 'TAX_EXEMPT'] as const
export const LOT_METHODS = ['FIFO', 'LIFO', 'HIFO', 'LOWEST_COST', 'SPECIFIC', 'AVERAGE_COST', 'MIN_TAX', 'MAX_LOSS', 'MAX_LONG_TERM_GAIN', 'MAX_LONG_TERM_LOSS', 'MAX_SHORT_TERM_GAIN', 'MAX_SHORT_TERM_LOSS'] as const
const MINORS: readonly string[] = ['UTMA', 'UGMA', 'COVERDELL_ESA']

export interface AccountValues {
  name: string
  custodian: string
  accountNumber: string
  taxStatus: string
  lotMethod: string
  hasMargin: boolean
  custodianshipEndsOn: string
}

export const EMPTY_ACCOUNT: AccountValues = { name: '', custodian: '', accountNumber: '', taxStatus: 'TAXABLE', lotMethod: 'FIFO', hasMargin: false, custodianshipEndsOn: '' }
export const ACCOUNT_PATHS = ['name', 'custodian', 'accountNumber', 'taxStatus', 'lotMethod', 'custodianshipEndsOn']

/** What the tax treatment usually is; what is chosen by hand stays. */
export function usualTax(registration: string): string {
  if (['ROTH_IRA', 'ROTH_401K', 'PLAN_529', 'COVERDELL_ESA', 'HSA', 'TFSA', 'ISA'].includes(registration)) return 'TAX_FREE'
  if (/IRA$|^PLAN_|^PENSION$|^PROFIT_SHARING$|^ANNUITY$|^SIPP$|^RRSP$/.test(registration)) return 'TAX_DEFERRED'
  if (['CHARITABLE_TRUST', 'FOUNDATION', 'ENDOWMENT', 'NONPROFIT', 'DONOR_ADVISED_FUND'].includes(registration)) return 'TAX_EXEMPT'
  return 'TAXABLE'
}

interface AccountFieldsProps {
  values: AccountValues
  onChange: (values: Partial<AccountValues>) => void
  registration: string | null
  said: Said
  touched: boolean
  keptLast4?: string | null
}

/** What is kept of an account beside its registration and owners. */
export function AccountFields({ values, onChange, registration, said, touched, keptLast4 }: AccountFieldsProps) {
  const taxes = useMemo(() => TAX_STATUSES.map((value) => ({ value: value as string, label: codeName(value) })), [])
  const methods = useMemo(() => LOT_METHODS.map((value) => ({ value: value as string, label: codeName(value) })), [])
  return (
    <>
      <Columns>
        <TextField label={c('accountName')} value={values.name} onChange={(name) => onChange({ name })} maxLength={200} error={(touched && values.name.trim() === '' ? c('accountNameNeeded') : undefined) ?? said('name')} />
        <TextField label={c('custodian')} description={c('custodianHint')} value={values.custodian} onChange={(custodian) => onChange({ custodian })} maxLength={100} error={said('custodian')} />
        <TextField
          label={c('accountNumber')}
          description={keptLast4 ? c('keptNumber', { last4: keptLast4 }) : c('secretHint')}
          value={values.accountNumber}
          onChange={(accountNumber) => onChange({ accountNumber })}
          maxLength={60}
          autoComplete="off"
          error={said('accountNumber')}
        />
        <Select label={c('taxStatus')} value={values.taxStatus} onChange={(taxStatus) => onChange({ taxStatus })} choices={taxes} error={said('taxStatus')} />
        <Select label={c('lotMethod')} value={values.lotMethod} onChange={(lotMethod) => onChange({ lotMethod })} choices={methods} error={said('lotMethod')} />
        {registration !== null && MINORS.includes(registration) ? (
          <DateField
            label={c('custodianshipEndsOn')}
            name={c('custodianshipEndsOn')}
            value={values.custodianshipEndsOn}
            onChange={(custodianshipEndsOn) => onChange({ custodianshipEndsOn })}
            hint={c('custodianshipHint')}
            error={said('custodianshipEndsOn')}
          />
        ) : null}
      </Columns>
      <Checkbox isSelected={values.hasMargin} onChange={(hasMargin) => onChange({ hasMargin })}>
        {c('hasMargin')}
      </Checkbox>
    </>
  )
}
