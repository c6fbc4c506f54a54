import { useMemo } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { BreakTilesDocument } from '@/generated/graphql'
import { Figure } from '@/ui/Figure'
import type { StatusKind } from '@/ui/Status'
import { Tiles, type Tile } from '@/ui/Tiles'
import { isOn, tileVariables, withTile, type DeskSearch, type TileId } from './search'
import { t } from './words'

const TILES: readonly { id: TileId; word: 'tileOpen' | 'tileMine' | 'tileOld' | 'tileWaiting' | 'tileMatched' | 'tileSilent'; status: StatusKind }[] = [
  { id: 'open', word: 'tileOpen', status: 'attention' },
  { id: 'mine', word: 'tileMine', status: 'progress' },
  { id: 'old', word: 'tileOld', status: 'breach' },
  { id: 'waiting', word: 'tileWaiting', status: 'waiting' },
  { id: 'matched', word: 'tileMatched', status: 'fine' },
  { id: 'silent', word: 'tileSilent', status: 'waiting' },
]

interface BreakTilesProps {
  search: DeskSearch
  me: string
  businessDate: string | null
  onChange: (next: DeskSearch) => void
}

/** Counts of the desk, each a filter; a zero stays in sight. */
export function BreakTiles({ search, me, businessDate, onChange }: BreakTilesProps) {
  const variables = useMemo(() => tileVariables(search, me, businessDate), [search, me, businessDate])
  const { data, reload } = useRead(BreakTilesDocument, variables)
  useChanged('reconciliation', reload)
  const tiles: Tile[] = TILES.map(({ id, word, status }) => {
    const count = data?.[id].totalCount
    return {
      id,
      word: t(word),
      status,
      count: count === null || count === undefined ? <span className="invisible">0</span> : <Figure kind="count" value={String(count)} />,
      isSelected: isOn(search, id),
    }
  })
  return (
    <div className="mt-3">
      <Tiles label={t('tiles')} tiles={tiles} onToggle={(id) => onChange(withTile(search, id as TileId))} />
    </div>
  )
}
