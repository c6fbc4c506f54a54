import type { ReactNode } from 'react'
import { cx } from './cx'
import { StatusShape, type StatusKind } from './Status'

export interface Tile {
  id: string
  count: ReactNode
  word: string
  status?: StatusKind
  isSelected: boolean
}

interface TilesProps {
  label: string
  tiles: readonly Tile[]
  onToggle: (id: string) => void
}

/** One bordered strip of filters. Tiles combine; a zero stays in sight. */
export function Tiles({ label, tiles, onToggle }: TilesProps) {
  return (
    <div role="group" aria-label={label} className="flex overflow-x-auto rounded-surface border border-line-strong">
      {tiles.map((tile) => (
        <button
          key={tile.id}
          type="button"
          aria-pressed={tile.isSelected}
          onClick={() => onToggle(tile.id)}
          className={cx(
            'relative flex min-h-[60px] min-w-max flex-1 flex-col justify-center border-l border-line-strong px-3 py-2 text-left first:border-l-0 focus-visible:-outline-offset-2',
            tile.isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
          )}
        >
          <span className="text-20 font-semibold display">{tile.count}</span>
          <span className={cx('flex items-center gap-1.5 text-12 whitespace-nowrap', tile.isSelected ? 'font-medium text-accent' : 'text-text-2')}>
            {tile.status ? <StatusShape is={tile.status} /> : null}
            {tile.word}
          </span>
          {tile.isSelected ? <span aria-hidden="true" className="absolute inset-x-0 bottom-0 h-0.5 bg-accent" /> : null}
        </button>
      ))}
    </div>
  )
}
