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

/** Bordered filters: on a desk in as many rows as they need, on a phone one strip. Tiles combine; a zero stays in sight. */
export function Tiles({ label, tiles, onToggle }: TilesProps) {
  return (
    <div role="group" aria-label={label} className="flex overflow-x-auto rounded-surface border border-line-strong sm:overflow-hidden">
      <div className="flex flex-1 sm:-mt-px sm:-ml-px sm:grid sm:grid-cols-[repeat(auto-fit,minmax(132px,1fr))]">
      {tiles.map((tile) => (
        <button
          key={tile.id}
          type="button"
          aria-pressed={tile.isSelected}
          onClick={() => onToggle(tile.id)}
          className={cx(
            'relative flex min-h-[56px] min-w-max flex-1 flex-col justify-center border-l border-line-strong px-3 py-1.5 text-left focus-visible:-outline-offset-2 max-sm:first:border-l-0 sm:min-w-0 sm:border-t',
            tile.isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
          )}
        >
          <span className="text-20 font-semibold display">{tile.count}</span>
          <span className={cx('flex items-center gap-1.5 text-12 whitespace-nowrap', tile.isSelected ? 'font-medium text-accent' : 'text-text-2')}>
            {tile.status ? <StatusShape is={tile.status} /> : null}
            <span className="min-w-0 truncate">{tile.word}</span>
          </span>
          {tile.isSelected ? <span aria-hidden="true" className="absolute inset-x-0 bottom-0 h-0.5 bg-accent" /> : null}
        </button>
      ))}
      </div>
    </div>
  )
}
