import { toPosition } from '@/domain/decimal'
import { words } from './words'

interface SparklineProps {
  /** Decimal strings in time order; null leaves a gap. */
  values: readonly (string | null)[]
  width?: number
  height?: number
  /** First and last value in words, for the screen reader. */
  from: string
  to: string
}

/** A 1.5 px trend with an end dot. The values are read elsewhere; this shows only the shape. */
export function Sparkline({ values, width = 104, height = 40, from, to }: SparklineProps) {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ index, at: toPosition(value) }]))
  if (known.length < 2) return null
  const low = Math.min(...known.map((point) => point.at))
  const high = Math.max(...known.map((point) => point.at))
  const span = high - low || 1
  const inset = 4
  const x = (index: number) => inset + (index / (values.length - 1)) * (width - 2 * inset)
  const y = (at: number) => height - inset - ((at - low) / span) * (height - 2 * inset)
  let path = ''
  known.forEach((point, order) => {
    const joined = order > 0 && known[order - 1]?.index === point.index - 1
    path += `${joined ? 'L' : 'M'}${x(point.index).toFixed(1)} ${y(point.at).toFixed(1)}`
  })
  const last = known[known.length - 1]
  return (
    <svg width={width} height={height} role="img" aria-label={words('trend', { from, to })} className="shrink-0 text-accent">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round" />
      {last ? <circle cx={x(last.index)} cy={y(last.at)} r="3" fill="currentColor" /> : null}
    </svg>
  )
}
