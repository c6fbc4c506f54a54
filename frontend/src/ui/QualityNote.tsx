import type { MoneyFigureValue } from './Figure'
import { StatusShape } from './Status'
import { words } from './words'

const OPEN_UP_TO = 3
const TITLES = { PARTIAL: 'qualityPartial', STALE: 'qualityStale', UNAVAILABLE: 'qualityUnavailable' } as const

/** Why a value is partial, old or missing: the word, then each reason. Says nothing when the value is complete. */
export function QualityNote({ figure, className }: { figure: Pick<MoneyFigureValue, 'quality' | 'reasons'>; className?: string }) {
  if (figure.quality === 'COMPLETE') return null
  return (
    <details open={figure.reasons.length <= OPEN_UP_TO} className={`rounded-surface border border-warning-line bg-warning-soft px-3 py-2 ${className ?? ''}`}>
      <summary className="cursor-pointer font-medium">
        <StatusShape is={figure.quality === 'UNAVAILABLE' ? 'waiting' : 'attention'} className="mr-2" />
        {words(TITLES[figure.quality])}
        {figure.reasons.length > 0 ? <span className="ml-2 font-normal text-text-2">{words('qualityReasons', { count: figure.reasons.length })}</span> : null}
      </summary>
      <ul className="mt-1 grid gap-0.5 text-text-2">
        {figure.reasons.map((reason) => (
          <li key={`${reason.code} ${reason.message}`} className="first-letter:uppercase">{reason.message}</li>
        ))}
      </ul>
    </details>
  )
}
