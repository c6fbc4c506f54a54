import { Figure, type MoneyFigureValue } from '@/ui/Figure'
import { LiveChange, Tint } from './LiveFigure'
import { LiveNote } from './LiveNote'
import { useLiveValue, useWatch } from './use'

/** Under a figure of the books: what it is at the latest quotes, and by whose. Empty while nothing moves it. */
export function LiveLine({ id, figure, onGap }: { id: string; figure: Pick<MoneyFigureValue, 'currency'>; onGap: () => void }) {
  useWatch([id], onGap)
  const live = useLiveValue(id)
  return (
    <div className="text-12 text-text-2">
      <div className="min-h-4">
        {live ? (
          <>
            <Tint of={live.value}>
              <Figure kind="money" value={live.value} currency={figure.currency} className="font-medium text-text" />
            </Tint>{' '}
            <LiveChange id={id}>{(change) => change}</LiveChange>
          </>
        ) : null}
      </div>
      <LiveNote />
    </div>
  )
}
