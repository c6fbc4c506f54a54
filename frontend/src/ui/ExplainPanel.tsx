import Copy from 'lucide-react/icons/copy'
import X from 'lucide-react/icons/x'
import { useState, type RefObject } from 'react'
import { Dialog, Popover } from 'react-aria-components'
import { formatDate, formatInstant } from '@/domain/dates'
import { plainValue } from '@/domain/format'
import { Button, IconButton } from './Button'
import { useEnvironment } from './environment'
import { Figure, type FigureReason } from './Figure'
import { words } from './words'

export interface ExplainInput {
  name: string
  value: string
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
}

interface PanelProps {
  name?: string | undefined
  shown: string
  value: string
  facts: ExplainFacts
  onClose: () => void
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
      className="w-[min(420px,calc(100vw-24px))] rounded-surface bg-raised shadow-overlay"
    >
      <Dialog aria-label={panel.name ? words('explainOf', { name: panel.name }) : words('explain')} className="max-h-[70vh] overflow-auto p-4 outline-none">
        <ExplainPanel {...panel} />
      </Dialog>
    </Popover>
  )
}

const AMOUNT = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/
const NUMBER = /^-?\d+(?:\.\d+)?$/

/** Amounts and numbers of the explanation are written as everywhere else; words stay as they are. */
function InputValue({ value }: { value: string }) {
  const [, amount, currency] = AMOUNT.exec(value) ?? []
  if (amount && currency) return <Figure kind="money" value={amount} currency={currency} />
  if (NUMBER.test(value)) return <Figure kind="quantity" value={value} />
  return <>{value}</>
}

/** The figure, its rule and version, the formula in words, then inputs on an elbow line and the sources they came from. */
export function ExplainPanel({ name, shown, value, facts, onClose }: PanelProps) {
  const { locale, timeZone } = useEnvironment()
  const [copied, setCopied] = useState(false)
  return (
    <div className="grid gap-3">
      <div className="flex items-start justify-between gap-3">
        <div>
          <div className="text-12 text-text-2">{name ?? words('explain')}</div>
          <div className="text-20 font-semibold display">{shown}</div>
        </div>
        <IconButton icon={X} label={words('close')} onPress={onClose} />
      </div>
      <p className="text-14 text-text-2">{facts.formula}</p>
      <ul className="border-l border-line-strong">
        {facts.inputs.map((input) => (
          <li key={`${input.name} ${input.value}`} className="relative pb-2 pl-[18px] last:pb-0">
            <span aria-hidden="true" className="absolute top-2.5 left-0 w-3 border-t border-line-strong" />
            <span className="flex justify-between gap-4">
              <span>{input.name}</span>
              <span className="text-right font-semibold">
                <InputValue value={input.value} />
              </span>
            </span>
            {input.note ? <span className="block text-12 text-text-3">{input.note}</span> : null}
          </li>
        ))}
      </ul>
      {facts.reasons?.map((reason) => (
        <p key={reason.code} className="text-12 text-text-2">
          {reason.message}
        </p>
      ))}
      {facts.sources.length > 0 ? (
        <div className="border-t border-line pt-2">
          <div className="text-12 font-semibold text-text-2">{words('explainSources')}</div>
          <ul className="text-12 text-text-2">
            {facts.sources.map((source) => (
              <li key={`${source.kind} ${source.label} ${source.date ?? ''}`} className="flex justify-between gap-4 py-0.5">
                <span>{source.label}</span>
                {source.date ? <span>{formatDate(locale, source.date)}</span> : null}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line pt-2 text-12 text-text-3">
        <span>{words('explainRule', { version: facts.version })}</span>
        <span>{words('explainInputs', { count: facts.inputs.length })}</span>
        {facts.bookVersion ? <span>{words('explainBook', { version: facts.bookVersion })}</span> : null}
        {facts.computedAt ? <span>{words('explainComputed', { when: formatInstant(locale, facts.computedAt, timeZone) })}</span> : null}
      </div>
      <div>
        <Button
          size="sm"
          icon={Copy}
          onPress={() => {
            void navigator.clipboard.writeText(plainValue(value)).then(() => setCopied(true))
          }}
        >
          {copied ? words('copied') : words('copyValue')}
        </Button>
      </div>
    </div>
  )
}
