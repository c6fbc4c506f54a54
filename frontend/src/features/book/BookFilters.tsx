import Search from 'lucide-react/icons/search'
import { useEffect, useState } from 'react'
import { formatMoney } from '@/domain/format'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Icon } from '@/ui/Icon'
import { MenuChip } from '@/ui/MenuChip'
import { TextField } from '@/ui/TextField'
import { Toolbar } from '@/ui/Toolbar'
import { isFiltered, sortOf, SORTS, sortText, type BookSearch, type SortColumn } from './search'
import { t } from './words'

const TYPING_MS = 250
const AMOUNTS = [1_000_000, 5_000_000, 10_000_000, 25_000_000]

interface BookFiltersProps {
  search: BookSearch
  onChange: (next: BookSearch) => void
  /** The rows shown answer an earlier question. */
  updating: boolean
}

const DIRECTION_WORDS: Record<SortColumn, { ASC: 'aToZ' | 'ascending' | 'oldest'; DESC: 'zToA' | 'descending' | 'newest' }> = {
  name: { ASC: 'aToZ', DESC: 'zToA' },
  value: { ASC: 'ascending', DESC: 'descending' },
  cash: { ASC: 'ascending', DESC: 'descending' },
  accounts: { ASC: 'ascending', DESC: 'descending' },
  opened: { ASC: 'oldest', DESC: 'newest' },
}
const COLUMN_WORDS = { name: 'household', value: 'value', cash: 'cash', accounts: 'accounts', opened: 'openedOn' } as const

function sortChoices() {
  return (Object.keys(SORTS) as SortColumn[]).flatMap((column) =>
    (['ASC', 'DESC'] as const).map((direction) => ({
      value: direction === 'DESC' ? `-${column}` : column,
      label: t('sortBy', { column: t(COLUMN_WORDS[column]), direction: t(DIRECTION_WORDS[column][direction]) }),
    })),
  )
}

/** The name, the least value, the order: each in the address. */
export function BookFilters({ search, onChange, updating }: BookFiltersProps) {
  const { locale, currency } = useEnvironment()
  const { column, direction } = sortOf(search)
  const { min } = search
  const amounts = min !== undefined && !AMOUNTS.includes(min) ? [...AMOUNTS, min].sort((a, b) => a - b) : AMOUNTS
  return (
    <div className="mt-3 mb-1">
      <Toolbar label={t('filters')} aside={updating ? t('updating') : null}>
        <NameFilter search={search} onChange={onChange} />
        <MenuChip
          label={t('minValue')}
          value={min === undefined ? '' : String(min)}
          active={min !== undefined}
          choices={[
            { value: '', label: t('anyValue') },
            ...amounts.map((amount) => ({ value: String(amount), label: t('atLeast', { amount: formatMoney(locale, String(amount), { currency, scale: 'whole' }) }) })),
          ]}
          onChange={(value) => onChange({ ...search, min: value === '' ? undefined : Number(value) })}
        />
        <MenuChip
          label={t('sort')}
          value={direction === 'DESC' ? `-${column}` : column}
          active={search.sort !== undefined}
          choices={sortChoices()}
          onChange={(value) => onChange({ ...search, sort: sortText({ column: value.replace(/^-/, ''), direction: value.startsWith('-') ? 'DESC' : 'ASC' }) })}
        />
        {isFiltered(search) ? (
          <Button size="sm" look="link" onPress={() => onChange({ sort: search.sort, peek: search.peek })}>
            {t('clear')}
          </Button>
        ) : null}
      </Toolbar>
    </div>
  )
}

/** Typed freely; the address follows once the hand rests. */
function NameFilter({ search, onChange }: Omit<BookFiltersProps, 'updating'>) {
  const [typed, setTyped] = useState(search.q ?? '')
  const [known, setKnown] = useState(search.q)
  // The address may change under the field: a view, "Clear filters", Back.
  if (search.q !== known) {
    setKnown(search.q)
    if ((search.q ?? '') !== typed.trim()) setTyped(search.q ?? '')
  }
  const wanted = typed.trim() === '' ? undefined : typed.trim()
  useEffect(() => {
    if (wanted === search.q) return
    const timer = setTimeout(() => onChange({ ...search, q: wanted }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [wanted, search, onChange])
  return (
    <span className="relative">
      <Icon of={Search} size={14} className="pointer-events-none absolute top-1.5 left-2 z-10 text-text-3" />
      <TextField label={t('nameContains')} hideLabel size="sm" type="search" placeholder={t('nameContains')} value={typed} onChange={setTyped} maxLength={100} inputClassName="h-6! w-44 pl-7 text-12!" />
    </span>
  )
}
