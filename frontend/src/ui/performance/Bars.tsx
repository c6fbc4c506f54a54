import { useState, type ReactNode } from 'react'
import { signOf } from '@/domain/decimal'
import { barShare } from '@/domain/performance'
import { cx } from '../cx'
import { Figure } from '../Figure'
import { perfWords } from './words'

/** A bar from the middle: filled to the right for plus, hollow to the left for minus. The figure beside it is what is read. */
export function SignedBar({ value, all, className }: { value: string | null; all: readonly (string | null)[]; className?: string }) {
  const share = barShare(value, all) * 50
  const minus = value !== null && signOf(value) < 0
  return (
    <span aria-hidden="true" className={cx('relative block h-4', className)}>
      <span className="absolute inset-y-0 left-1/2 border-l border-line-strong" />
      {share === 0 ? null : (
        <span className={cx('absolute inset-y-0.5', minus ? 'right-1/2 border border-negative bg-canvas' : 'left-1/2 bg-accent')} style={{ width: `${share}%` }} />
      )}
    </span>
  )
}

const FIRST = 12

interface BarListProps {
  rows: readonly { key: string; label: ReactNode; value: string | null; detail?: ReactNode }[]
  label: string
  /** 44 px lines, as in the portal. */
  tall?: boolean
}

/** Parts of a whole by size and sign; the longer list on demand. */
export function BarList({ rows, label, tall }: BarListProps) {
  const [all, setAll] = useState(false)
  const shown = all ? rows : rows.slice(0, FIRST)
  const values = rows.map((row) => row.value)
  return (
    <>
      <ul aria-label={label}>
        {shown.map((row) => (
          <li key={row.key} className={cx('grid items-center gap-x-3 border-b border-line', tall ? 'min-h-11 grid-cols-[minmax(0,5fr)_4fr_76px] py-2' : 'min-h-8 grid-cols-[minmax(0,4fr)_3fr_84px]')}>
            <span className="min-w-0">
              <span className={cx('block', !tall && 'truncate')}>{row.label}</span>
              {row.detail ? <span className="block text-12 text-text-3">{row.detail}</span> : null}
            </span>
            <SignedBar value={row.value} all={values} />
            <span className="text-right">
              <Figure kind="percent" value={row.value} sign="always" tone={row.value !== null && signOf(row.value) < 0 ? 'gain' : 'none'} absent={perfWords('notYet')} />
            </span>
          </li>
        ))}
      </ul>
      {rows.length > FIRST ? (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)} className={cx('mt-1 rounded-chip font-medium text-accent hover:underline', tall ? 'min-h-11' : 'min-h-6')}>
          {all ? perfWords('showFewer') : perfWords('showParts', { count: rows.length })}
        </button>
      ) : null}
    </>
  )
}
