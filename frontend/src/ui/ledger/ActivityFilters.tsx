import type { ActivitySearch } from '@/domain/asOf'
import type { TransactionTypeName } from '@/domain/ledger'
import { Button } from '../Button'
import { FilterChip } from '../Chip'
import { DateChip } from '../DateChip'
import { MenuChip } from '../MenuChip'
import { KnownAtControl } from '../performance/KnownAt'
import { Toolbar } from '../Toolbar'
import { ledgerWords, typeChoices } from './words'

interface ActivityFiltersProps {
  search: ActivitySearch
  onChange: (next: ActivitySearch) => void
  latest: string
}

const FILTERS: readonly (keyof ActivitySearch)[] = ['type', 'from', 'to', 'all']

/** Without the filters; the order and the moment of knowledge stay. */
export const kept = ({ sort, knownAt }: ActivitySearch): ActivitySearch => ({ ...(sort ? { sort } : {}), ...(knownAt ? { knownAt } : {}) })

/** Kind of entry, a span of trade dates, whether corrected entries are shown too, and as known when. */
export function ActivityFilters({ search, onChange, latest }: ActivityFiltersProps) {
  const { from, to, all } = search
  const type = search.type?.toUpperCase() ?? ''
  const set = (next: Partial<ActivitySearch>) => onChange({ ...search, ...next })
  return (
    <Toolbar label={ledgerWords('filters')} aside={<KnownAtControl value={search.knownAt ?? null} onChange={(moment) => set({ knownAt: moment ?? undefined })} />}>
      <MenuChip
        label={ledgerWords('type')}
        value={type}
        active={type !== ''}
        choices={[{ value: '', label: ledgerWords('anyType') }, ...(typeChoices() as { value: string; label: string }[])]}
        onChange={(value) => set({ type: value === '' ? undefined : (value as TransactionTypeName).toLowerCase() })}
      />
      <DateChip label={ledgerWords('from')} value={from ?? ''} max={latest} onChange={(value) => set({ from: value || undefined })} />
      <DateChip label={ledgerWords('to')} value={to ?? ''} max={latest} onChange={(value) => set({ to: value && value <= latest ? value : undefined })} />
      <FilterChip isSelected={all === true} onChange={(on) => set({ all: on ? true : undefined })}>
        {ledgerWords('showCorrections')}
      </FilterChip>
      {FILTERS.some((key) => search[key] !== undefined) ? (
        <Button size="sm" look="link" onPress={() => onChange(kept(search))}>
          {ledgerWords('clearFilters')}
        </Button>
      ) : null}
    </Toolbar>
  )
}
