import Search from 'lucide-react/icons/search'
import { useEffect, useState } from 'react'
import { useRead } from '@/data'
import { formatMoney } from '@/domain/format'
import { BookChoicesDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Icon } from '@/ui/Icon'
import { MenuChip } from '@/ui/MenuChip'
import { TextField } from '@/ui/TextField'
import { Toolbar } from '@/ui/Toolbar'
import { CASH_PERCENT, isFiltered, needsOf, sortOf, SORTS, sortText, type BookSearch, type SortColumn, type StandingChoice } from './search'
import { t } from './words'

const TYPING_MS = 250
/** Bands of value, by which many firms tell their tiers of clients. */
const BANDS: readonly { id: string; min?: number; max?: number }[] = [
  { id: 'under1', max: 1_000_000 },
  { id: 'from1', min: 1_000_000, max: 5_000_000 },
  { id: 'from5', min: 5_000_000, max: 25_000_000 },
  { id: 'from25', min: 25_000_000 },
  { id: 'atLeast1', min: 1_000_000 },
  { id: 'atLeast5', min: 5_000_000 },
  { id: 'atLeast10', min: 10_000_000 },
]
const CASH = [5, 10, 20, 50] as const

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

/** The name, the band of value, who, the tag, the order: each in the address. */
export function BookFilters({ search, onChange, updating }: BookFiltersProps) {
  const { column, direction } = sortOf(search)
  return (
    <div className="mt-3 mb-1 shrink-0">
      <Toolbar label={t('filters')} aside={updating ? t('updating') : null}>
        <NameFilter search={search} onChange={onChange} />
        <BandFilter search={search} onChange={onChange} />
        <Choices search={search} onChange={onChange} />
        <MenuChip
          label={t('standing')}
          value={search.standing ?? 'current'}
          active={search.standing !== undefined}
          choices={[
            { value: 'current', label: t('standingCurrent') },
            { value: 'left', label: t('standingLeft') },
            { value: 'all', label: t('standingAll') },
          ]}
          onChange={(value) => onChange({ ...search, standing: value === 'current' ? undefined : (value as StandingChoice) })}
        />
        {needsOf(search).includes('HIGH_CASH') ? (
          <MenuChip
            label={t('highCash')}
            value={String(search.cash ?? CASH_PERCENT)}
            active={search.cash !== undefined}
            choices={CASH.map((percent) => ({ value: String(percent), label: t('above', { percent }) }))}
            onChange={(value) => onChange({ ...search, cash: Number(value) === CASH_PERCENT ? undefined : Number(value) })}
          />
        ) : null}
        <MenuChip
          label={t('sort')}
          value={direction === 'DESC' ? `-${column}` : column}
          active={search.sort !== undefined}
          choices={sortChoices()}
          onChange={(value) => onChange({ ...search, sort: sortText({ column: value.replace(/^-/, ''), direction: value.startsWith('-') ? 'DESC' : 'ASC' }) })}
        />
        {isFiltered(search) ? (
          <Button size="sm" look="link" onPress={() => onChange({ sort: search.sort, cols: search.cols, peek: search.peek })}>
            {t('clear')}
          </Button>
        ) : null}
      </Toolbar>
    </div>
  )
}

type FilterProps = Omit<BookFiltersProps, 'updating'>

function BandFilter({ search, onChange }: FilterProps) {
  const { locale, currency } = useEnvironment()
  const { min, max } = search
  const money = (amount: number) => formatMoney(locale, String(amount), { currency, scale: 'whole' })
  const label = (from: number | undefined, to: number | undefined) =>
    from !== undefined && to !== undefined ? t('between', { from: money(from), to: money(to) }) : from !== undefined ? t('atLeast', { amount: money(from) }) : t('atMost', { amount: money(to ?? 0) })
  const known = BANDS.find((band) => band.min === min && band.max === max)
  const any = min === undefined && max === undefined
  const bands = known || any ? BANDS : [...BANDS, { id: 'own', ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }]
  return (
    <MenuChip
      label={t('minValue')}
      value={any ? '' : (known?.id ?? 'own')}
      active={!any}
      choices={[{ value: '', label: t('anyValue') }, ...bands.map((band) => ({ value: band.id, label: label(band.min, band.max) }))]}
      onChange={(id) => {
        const band = bands.find((each) => each.id === id)
        onChange({ ...search, min: band?.min, max: band?.max })
      }}
    />
  )
}

/** Tags and books, as far as there are any. */
function Choices({ search, onChange }: FilterProps) {
  const { data } = useRead(BookChoicesDocument, {})
  const tags = data?.tags.map(({ name }) => name) ?? []
  const named = search.tag !== undefined && !tags.includes(search.tag) ? [search.tag, ...tags] : tags
  const books = data?.books ?? []
  return (
    <>
      {books.length > 0 ? (
        <MenuChip
          label={t('book')}
          value={search.book ?? ''}
          active={search.book !== undefined}
          choices={[{ value: '', label: t('anyBook') }, ...books.map(({ id, kind, code, name }) => ({ value: id, label: `${t(`book${kind}`)} ${code}, ${name}` }))]}
          onChange={(book) => onChange({ ...search, book: book === '' ? undefined : book })}
        />
      ) : null}
      {named.length > 0 ? (
        <MenuChip
          label={t('tag')}
          value={search.tag ?? ''}
          active={search.tag !== undefined}
          choices={[{ value: '', label: t('anyTag') }, ...named.map((name) => ({ value: name, label: name }))]}
          onChange={(tag) => onChange({ ...search, tag: tag === '' ? undefined : tag })}
        />
      ) : null}
    </>
  )
}

/** Typed freely; the address follows once the hand rests. */
function NameFilter({ search, onChange }: FilterProps) {
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
