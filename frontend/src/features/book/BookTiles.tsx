import { useMemo } from 'react'
import { useRead } from '@/data'
import { BookTilesDocument } from '@/generated/graphql'
import { Figure } from '@/ui/Figure'
import type { StatusKind } from '@/ui/Status'
import { Tiles, type Tile } from '@/ui/Tiles'
import { qualitiesOf, tileVariables, withTile, type BookSearch, type TileId } from './search'
import { t } from './words'

const TILES: readonly { id: TileId; word: 'tileAll' | 'tilePartial' | 'tileStale' | 'tileUnavailable' | 'tileOpen'; status?: StatusKind }[] = [
  { id: 'all', word: 'tileAll' },
  { id: 'PARTIAL', word: 'tilePartial', status: 'attention' },
  { id: 'STALE', word: 'tileStale', status: 'attention' },
  { id: 'UNAVAILABLE', word: 'tileUnavailable', status: 'waiting' },
  { id: 'open', word: 'tileOpen', status: 'progress' },
]

/** Counts of the searched list, each a filter. They combine; zero stays in sight. */
export function BookTiles({ search, onChange }: { search: BookSearch; onChange: (next: BookSearch) => void }) {
  const { q, min } = search
  const variables = useMemo(() => tileVariables({ q, min }), [q, min])
  const { data } = useRead(BookTilesDocument, variables)
  const counts: Record<TileId, number | null | undefined> = {
    all: data?.all.totalCount,
    PARTIAL: data?.partial.totalCount,
    STALE: data?.stale.totalCount,
    UNAVAILABLE: data?.unavailable.totalCount,
    open: data?.open.totalCount,
  }
  const on = new Set<TileId>([...qualitiesOf(search), ...(search.open ? (['open'] as const) : [])])
  const tiles: Tile[] = TILES.map(({ id, word, status }) => {
    const count = counts[id]
    return {
      id,
      word: t(word),
      ...(status ? { status } : {}),
      count: count === null || count === undefined ? <span className="invisible">0</span> : <Figure kind="count" value={String(count)} />,
      isSelected: id === 'all' ? on.size === 0 : on.has(id),
    }
  })
  return (
    <div className="mt-4">
      <Tiles label={t('tiles')} tiles={tiles} onToggle={(id) => onChange(withTile(search, id as TileId))} />
    </div>
  )
}
