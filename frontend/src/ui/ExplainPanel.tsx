import Copy from 'lucide-react/icons/copy'
import X from 'lucide-react/icons/x'
import { useState, type ReactNode, type RefObject } from 'react'
import { Dialog, Popover } from 'react-aria-components'
import { formatDate, formatInstant } from '@/domain/dates'
import { plainValue } from '@/domain/format'
import { Button, IconButton } from './Button'
import { useEnvironment } from './environment'
import { ExplainBody } from './explain/ExplainBody'
import type { ExplainMovementFacts, ExplainPart, ExplainPositionFacts, ExplainTableFacts } from './explain/types'
import { BasisLine, type FigureReason } from './Figure'
import { Skeleton } from './States'
import { words } from './words'

export interface ExplainInput {
  name: string
  value: string
  /** "fraction", a currency, "days" and the like. */
  unit?: string | null
  note?: string | null
}
export interface ExplainSource {
  kind: string
  id?: string | null
  label: string
  date?: string | null
}

/** All that a figure can say about itself. */
export interface ExplainFacts {
  formula: string
  version: string
  inputs: readonly ExplainInput[]
  sources: readonly ExplainSource[]
  asOf?: string
  basis?: string
  source?: string
  computedAt?: string
  bookVersion?: string
  reasons?: readonly FigureReason[]
  /** Rows behind it: sub-periods, flows. */
  table?: ExplainTableFacts | null
  /** The figures it stands on. */
  parts?: readonly ExplainPart[]
  /** The entries behind net flows. */
  movements?: readonly ExplainMovementFacts[]
  /** Of an account on a day. */
  positions?: readonly ExplainPositionFacts[]
  /** Where it is read when it is asked for: formula, inputs and the rest are then empty until it is. */
  path?: string
  /** Of a return: the day from which it is measured. */
  measuredFrom?: string | null
}

interface PanelProps {
  name?: string | undefined
  shown: string
  value: string
  facts: ExplainFacts
  onClose: () => void
  /** The explanation is on its way. */
  isReading?: boolean
  /** Stands at the foot: the policy, the export. */
  children?: ReactNode
}

interface PopoverProps extends PanelProps {
  anchor: RefObject<HTMLElement | null>
}

export function ExplainPopover({ anchor, ...panel }: PopoverProps) {
  return (
    <Popover
      triggerRef={anchor}
      isOpen
      onOpenChange={(open) => {
        if (!open) panel.onClose()
      }}
      placement="bottom start"
      offset={8}
      className="flex w-[min(420px,calc(100vw-24px))] flex-col rounded-surface bg-raised shadow-overlay"
    >
      <Dialog aria-label={panel.name ? words('explainOf', { name: panel.name }) : words('explain')} className="max-h-[70vh] min-h-0 overflow-auto p-4 outline-none">
        <ExplainPanel {...panel} />
      </Dialog>
    </Popover>
  )
}

/** The figure, its rule and version, the formula in words, then inputs on an elbow line and the sources they came from. */
export function ExplainPanel({ name, shown, value, facts, onClose, isReading, children }: PanelProps) {
  const { locale, timeZone } = useEnvironment()
  const [copied, setCopied] = useState(false)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <div className="text-12 text-text-2">{name ?? words('explain')}</div>
          <div className="text-20 font-semibold display">{shown}</div>
          {facts.asOf && facts.basis && facts.source ? <BasisLine figure={{ asOf: facts.asOf, basis: facts.basis, source: facts.source }} /> : null}
          {facts.measuredFrom ? <div className="text-12 text-text-3">{words('explainSince', { date: formatDate(locale, facts.measuredFrom) })}</div> : null}
        </div>
        <IconButton icon={X} label={words('close')} onPress={onClose} className="in-data-[touch]:size-11" />
      </div>
      {isReading ? (
        <div role="status" className="grid gap-2">
          <span className="sr-only">{words('loading')}</span>
          <Skeleton className="w-56" />
          <Skeleton className="w-72" />
          <Skeleton className="w-64" />
        </div>
      ) : (
        <ExplainBody facts={facts} />
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line pt-2 text-12 text-text-3">
        {facts.version ? <span>{words('explainRule', { version: facts.version })}</span> : null}
        {facts.inputs.length > 0 ? <span>{words('explainInputs', { count: facts.inputs.length })}</span> : null}
        {facts.bookVersion ? <span>{words('explainBook', { version: facts.bookVersion })}</span> : null}
        {facts.computedAt ? <span>{words('explainComputed', { when: formatInstant(locale, facts.computedAt, timeZone) })}</span> : null}
      </div>
      {value === '' ? null : (
        <div>
          <Button
            size="sm"
            icon={Copy}
            className="in-data-[touch]:h-11"
            onPress={() => {
              void navigator.clipboard.writeText(plainValue(value)).then(() => setCopied(true))
            }}
          >
            {copied ? words('copied') : words('copyValue')}
          </Button>
        </div>
      )}
      {children}
    </div>
  )
}
