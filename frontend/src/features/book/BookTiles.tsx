import { useRead } from '@/data'
import { BookTilesDocument } from '@/generated/graphql'
import { Figure } from '@/ui/Figure'
import type { StatusKind } from '@/ui/Status'
import { Tiles, type Tile } from '@/ui/Tiles'
import { baseFilter, CASH_PERCENT, NEEDS, needsOf, withTile, type BookSearch, type Need, type TileId } from './search'
import { useStable } from './useStable'
import { t } from './words'

const STATUS: Record<Need, StatusKind> = {
  OPEN_ITEMS: 'progress',
  OPEN_BREAKS: 'breach',
  UNPRICED: 'attention',
  STALE: 'attention',
  KYC_OVERDUE: 'breach',
  KYC_DUE: 'attention',
  NO_OWNER: 'attention',
  HIGH_CASH: 'fact',
  NO_CONTACT: 'waiting',
  COMING_OF_AGE: 'attention',
  JOINED: 'fact',
  LEFT: 'fact',
}

function wordOf(need: Need, search: BookSearch): string {
  return need === 'HIGH_CASH' ? t('needHIGH_CASH', { percent: search.cash ?? CASH_PERCENT }) : t(`need${need}`)
}

/** Counts of the searched list, each a filter. They combine; zero stays in sight. */
export function BookTiles({ search, onChange }: { search: BookSearch; onChange: (next: BookSearch) => void }) {
  const filter = useStable(baseFilter(search))
  const { data } = useRead(BookTilesDocument, { filter })
  const counts = new Map(data?.householdTiles.tiles.map(({ attention, count }) => [attention, count]))
  const on = new Set<Need>(needsOf(search))
  const number = (count: number | undefined) => (count === undefined ? <span className="invisible">0</span> : <Figure kind="count" value={String(count)} />)
  const tiles: Tile[] = [
    { id: 'all', word: t('tileAll'), count: number(data?.householdTiles.totalCount), isSelected: on.size === 0 },
    ...NEEDS.map((need) => ({ id: need, word: wordOf(need, search), status: STATUS[need], count: number(counts.get(need)), isSelected: on.has(need) })),
  ]
  return (
    <div className="mt-4 shrink-0">
      <Tiles label={t('tiles')} tiles={tiles} onToggle={(id) => onChange(withTile(search, id as TileId))} />
    </div>
  )
}
