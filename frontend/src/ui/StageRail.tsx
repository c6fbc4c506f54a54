import Check from 'lucide-react/icons/check'
import type { ReactNode } from 'react'
import { cx } from './cx'
import { Icon } from './Icon'
import { words } from './words'

export interface Stage {
  id: string
  name: string
  fact?: ReactNode
  state: 'done' | 'current' | 'ahead'
}

/** Where a long piece of work stands: equal columns, 20 px marks, a fact under each name. */
export function StageRail({ label, stages }: { label: string; stages: readonly Stage[] }) {
  return (
    <ol aria-label={label} className="grid gap-x-1 gap-y-3 sm:auto-cols-fr sm:grid-flow-col">
      {stages.map((stage, index) => (
        <li key={stage.id} aria-current={stage.state === 'current' ? 'step' : undefined} className="min-w-0 max-sm:flex max-sm:items-start max-sm:gap-2">
          <div className="flex items-center gap-1">
            <StageMark state={stage.state} />
            {index < stages.length - 1 ? (
              <span aria-hidden="true" className={cx('flex-1 max-sm:hidden', stage.state === 'done' ? 'h-0.5 bg-accent' : 'h-px bg-line-strong')} />
            ) : null}
          </div>
          <div className={cx('text-14 sm:mt-1', stage.state === 'current' ? 'font-semibold' : stage.state === 'done' ? '' : 'text-text-2')}>
            {stage.name}
            <span className="sr-only">, {words(stage.state === 'done' ? 'stageDone' : stage.state === 'current' ? 'stageCurrent' : 'stageAhead')}</span>
          </div>
          {stage.fact ? <div className="text-12 text-text-3">{stage.fact}</div> : null}
        </li>
      ))}
    </ol>
  )
}

function StageMark({ state }: { state: Stage['state'] }) {
  if (state === 'done') {
    return (
      <span aria-hidden="true" className="inline-flex size-5 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent">
        <Icon of={Check} size={12} />
      </span>
    )
  }
  return (
    <span
      aria-hidden="true"
      className={cx('inline-flex size-5 shrink-0 items-center justify-center rounded-full border-[1.5px]', state === 'current' ? 'border-2 border-accent' : 'border-control')}
    >
      {state === 'current' ? <span className="size-2 rounded-full bg-accent" /> : null}
    </span>
  )
}
