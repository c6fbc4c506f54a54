import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { Part } from '@/clients/form'
import { useSecuritySearch } from '@/data/ledger'
import { shift } from '@/domain/decimal'
import { formatPercent } from '@/domain/format'
import { Button, IconButton } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { SearchPicker } from '@/ui/SearchPicker'
import { Select } from '@/ui/Select'
import { Status } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { b, emptyPart, isWhole, partProblems, sumOf, type BlendPart } from './blend'

interface BlendFieldsProps {
  parts: readonly BlendPart[]
  onChange: (parts: readonly BlendPart[]) => void
  /** Problems are told once the person has tried to send. */
  touched: boolean
}

/** The parts of a blend with their weights, and what those are together. */
export function BlendFields({ parts, onChange, touched }: BlendFieldsProps) {
  const { locale } = useEnvironment()
  const search = useSecuritySearch()
  const set = (key: string, change: Partial<BlendPart>) => onChange(parts.map((part) => (part.key === key ? { ...part, ...change } : part)))
  const sum = formatPercent(locale, shift(sumOf(parts), -2))
  return (
    <Part title={b('parts')} hint={b('partsHint')}>
      <ul className="grid gap-3">
        {parts.map((part, at) => {
          const number = String(at + 1)
          const wrong = touched ? partProblems(part) : {}
          return (
            <li key={part.key} className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-3 border-b border-line pb-3 sm:grid-cols-[132px_minmax(0,1fr)_156px_auto] sm:border-0 sm:pb-0">
              <Select className="max-sm:order-1" label={b('kind', { number })} value={part.kind} onChange={(kind) => set(part.key, { kind })} choices={(['SECURITY', 'RATE'] as const).map((kind) => ({ value: kind, label: b(kind) }))} />
              {part.kind === 'SECURITY' ? (
                <SearchPicker className="max-sm:order-3 max-sm:col-span-2" label={b('securityOf', { number })} value={part.security} onChange={(security) => set(part.key, { security })} search={search} none={b('noSecurity')} error={wrong.security} />
              ) : (
                <TextField className="max-sm:order-3 max-sm:col-span-2" label={b('rateOf', { number })} value={part.rate} onChange={(rate) => set(part.key, { rate })} inputMode="decimal" error={wrong.rate} />
              )}
              <TextField className="max-sm:order-4 max-sm:col-span-2" label={b('weightOf', { number })} value={part.weight} onChange={(weight) => set(part.key, { weight })} inputMode="decimal" error={wrong.weight} />
              <IconButton className="mt-6.5 max-sm:order-2" icon={X} size="md" label={b('removePart', { number })} isDisabled={parts.length === 1} onPress={() => onChange(parts.filter(({ key }) => key !== part.key))} />
            </li>
          )
        })}
      </ul>
      <p className="flex flex-wrap items-center justify-between gap-3">
        <Button size="sm" icon={Plus} onPress={() => onChange([...parts, emptyPart()])}>
          {b('addPart')}
        </Button>
        <span aria-live="polite">
          <Status is={isWhole(parts) ? 'fine' : 'attention'}>{isWhole(parts) ? b('sum', { sum }) : b('sumWrong', { sum })}</Status>
        </span>
      </p>
    </Part>
  )
}
