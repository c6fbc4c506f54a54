import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import { formatPercent } from '@/domain/format'
import { shareOf, sumOfShares } from '@/domain/shares'
import { Button, IconButton } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import type { Found } from '@/ui/SearchPicker'
import { TextField } from '@/ui/TextField'
import { ListError } from './form'
import { PartyPicker } from './pick'
import { c } from './words'

let made = 0
/** A key that stays with a row while others come and go. */
export const rowKey = (): number => ++made

interface RowsProps<R extends { key: number }> {
  rows: readonly R[]
  onChange: (rows: R[]) => void
  /** A new, empty row. */
  fresh: () => R
  /** "Add an owner". */
  add: string
  /** "Remove owner 2". */
  remove: (place: number) => string
  error?: ReactNode
  children: (row: R, place: number, set: (values: Partial<R>) => void) => ReactNode
}

/** Rows of a form: added, changed in place, taken away. */
export function Rows<R extends { key: number }>({ rows, onChange, fresh, add, remove, error, children }: RowsProps<R>) {
  return (
    <div className="grid gap-3">
      {rows.map((row, place) => (
        <div key={row.key} className="flex items-start gap-2 border-b border-line pb-3">
          <div className="grid min-w-0 flex-1 gap-x-3 gap-y-2 sm:grid-cols-6">{children(row, place, (values) => onChange(rows.map((one) => (one.key === row.key ? { ...one, ...values } : one))))}</div>
          <IconButton icon={X} label={remove(place + 1)} onPress={() => onChange(rows.filter((one) => one.key !== row.key))} className="mt-6" />
        </div>
      ))}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Button size="sm" icon={Plus} onPress={() => onChange([...rows, fresh()])}>
          {add}
        </Button>
      </div>
      <ListError>{error}</ListError>
    </div>
  )
}

export interface SharedRow {
  key: number
  who: Found | null
  share: string
}

export const freshShare = (): SharedRow => ({ key: rowKey(), who: null, share: '' })

/** What the shares come to, as far as they are numbers: said while they are typed. */
export function Together({ shares }: { shares: readonly string[] }) {
  const { locale } = useEnvironment()
  const known = shares.map(shareOf).filter((share): share is string => share !== null)
  if (known.length === 0) return null
  return <p className="text-12 text-text-2">{c('together', { share: formatPercent(locale, sumOfShares(known), 4, 'never') })}</p>
}

/** The error of a share that cannot be read; whether it is too big is the server's to say. */
export function shareFault(text: string, needed: boolean): string | undefined {
  if (text.trim() === '') return needed ? c('shareNeeded') : undefined
  return shareOf(text) === null ? c('shareUnread', { value: text.trim() }) : undefined
}

interface ShareFieldProps {
  value: string
  onChange: (text: string) => void
  error?: ReactNode
  description?: ReactNode
  className?: string
}

export function ShareField({ value, onChange, error, description, className }: ShareFieldProps) {
  return (
    <TextField
      label={c('share')}
      value={value}
      onChange={onChange}
      placeholder={c('shareExample')}
      maxLength={20}
      error={error}
      {...(description ? { description } : {})}
      {...(className ? { className } : {})}
    />
  )
}

interface SharedRowsProps {
  rows: readonly SharedRow[]
  onChange: (rows: SharedRow[]) => void
  suggested: readonly Found[]
  who: string
  add: string
  remove: (place: number) => string
  touched: boolean
  needsShare: boolean
  said: (place: number, field: 'who' | 'share') => string | undefined
  error?: ReactNode
}

/** Parties with shares: owners of an entity, those who owe a debt. */
export function SharedRows({ rows, onChange, suggested, who, add, remove, touched, needsShare, said, error }: SharedRowsProps) {
  return (
    <div className="grid gap-2">
      <Rows rows={rows} onChange={onChange} fresh={freshShare} add={add} remove={remove} error={error}>
        {(row, place, set) => (
          <>
            <PartyPicker
              label={who}
              value={row.who}
              onChange={(value) => set({ who: value })}
              suggested={suggested}
              error={(touched && !row.who ? c('whoNeeded') : undefined) ?? said(place, 'who')}
              className="sm:col-span-4"
            />
            <ShareField
              value={row.share}
              onChange={(share) => set({ share })}
              error={(touched ? shareFault(row.share, needsShare) : undefined) ?? said(place, 'share')}
              className="sm:col-span-2"
            />
          </>
        )}
      </Rows>
      <Together shares={rows.map((row) => row.share)} />
    </div>
  )
}

/** Whether every row names somebody and every share can be read. */
export const sharesReady = (rows: readonly SharedRow[], needsShare: boolean): boolean => rows.every((row) => row.who !== null && shareFault(row.share, needsShare) === undefined)
