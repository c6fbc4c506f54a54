import { createContext, lazy, Suspense, useContext, useRef, useState, type ReactNode } from 'react'
import { signOf, type DecimalString } from '@/domain/decimal'
import { formatDate, type DateStyle } from '@/domain/dates'
import {
  formatBasisPoints,
  formatCount,
  formatMoney,
  formatMultiple,
  formatPercent,
  formatPrice,
  formatQuantity,
  formatRatio,
  type MoneyScale,
  type Sign,
} from '@/domain/format'
import { cx } from './cx'
import { useEnvironment } from './environment'
import type { ExplainFacts } from './ExplainPanel'
import { usePreferences } from './preferences'
import { words } from './words'

/** What was asked to explain itself, and the element that asked: it has the focus again at the end. */
export interface ExplainAsked {
  name: string | undefined
  shown: string
  value: string
  facts: ExplainFacts
  anchor: HTMLElement
}

/** A page with room for explanations of its own takes them; elsewhere they open over the page. */
export const ExplainHost = createContext<((asked: ExplainAsked) => void) | null>(null)

const ExplainPopover = lazy(() => import('./ExplainPanel').then((m) => ({ default: m.ExplainPopover })))

export type FigureKind = 'money' | 'percent' | 'bp' | 'quantity' | 'price' | 'multiple' | 'ratio' | 'count' | 'date'

/** Why a figure has no value, or less than a full one, in words from the server. */
export interface FigureReason {
  code: string
  message: string
}

export interface FigureProps {
  kind: FigureKind
  /** A decimal string (a fraction for percent and bp), or an ISO date. Null says a word and the reason. */
  value: string | null | undefined
  currency?: string
  sign?: Sign
  /** gain: green above zero, red below. The sign is always written as well. */
  tone?: 'none' | 'gain'
  scale?: MoneyScale
  digits?: number
  dateStyle?: DateStyle
  /** Present when the figure can explain itself; it then wears the dotted underline. */
  explain?: ExplainFacts | null
  /** What the figure is, for the explain panel and for the screen reader. */
  name?: string
  reasons?: readonly FigureReason[]
  /** The word shown instead of a value that does not exist. */
  absent?: string
  className?: string
}

/** In grids every cell of a column would be underlined; there the underline appears on hover and focus only. */
const DenseContext = createContext(false)
export function DenseFigures({ children }: { children: ReactNode }) {
  return <DenseContext value={true}>{children}</DenseContext>
}

const HIDEABLE: ReadonlySet<FigureKind> = new Set(['money', 'quantity'])

/** The text of a figure that has a value, for what is heard and not seen; `Figure` draws all others. */
export function figureText(props: Pick<FigureProps, 'kind' | 'value' | 'currency' | 'sign' | 'scale' | 'digits' | 'dateStyle'>, locale: string, firmCurrency: string): string {
  const { kind, sign = 'auto', digits } = props
  const value = props.value as string
  switch (kind) {
    case 'money':
      return formatMoney(locale, value, { currency: props.currency ?? firmCurrency, sign, scale: props.scale ?? 'full' })
    case 'percent':
      return formatPercent(locale, value, digits ?? 2, sign)
    case 'bp':
      return formatBasisPoints(locale, value, sign)
    case 'quantity':
      return formatQuantity(locale, value, sign)
    case 'price':
      return formatPrice(locale, value)
    case 'multiple':
      return formatMultiple(locale, value, digits ?? 2)
    case 'ratio':
      return formatRatio(locale, value, digits ?? 2, sign)
    case 'count':
      return formatCount(locale, value)
    case 'date':
      return formatDate(locale, value, props.dateStyle ?? 'full')
  }
}

function toneClass(kind: FigureKind, value: DecimalString, tone: 'none' | 'gain'): string {
  if (tone === 'none' || kind === 'date') return ''
  const sign = signOf(value)
  return sign > 0 ? 'text-positive' : sign < 0 ? 'text-negative' : 'text-text-2'
}

/** The one place where a number or a date becomes text. */
export function Figure(props: FigureProps) {
  const { kind, value, tone = 'none', explain, reasons, className } = props
  const { locale, currency } = useEnvironment()
  const { privacy } = usePreferences()
  if (value === null || value === undefined) return <AbsentFigure absent={props.absent} reasons={reasons} className={className} />
  if (privacy && HIDEABLE.has(kind)) {
    return (
      <span className={cx('tracking-widest', className)} data-masked="">
        <span aria-hidden="true">•••••</span>
        <span className="sr-only">{words('hidden')}</span>
      </span>
    )
  }
  const text = figureText(props, locale, currency)
  const look = cx('whitespace-nowrap', toneClass(kind, value, tone), className)
  if (explain) return <ExplainableFigure {...props} explain={explain} text={text} look={look} />
  return (
    <data value={value} className={look}>
      {text}
    </data>
  )
}

function AbsentFigure({ absent, reasons, className }: Pick<FigureProps, 'absent' | 'reasons' | 'className'>) {
  const why = reasons?.map((reason) => reason.message).join(' ')
  return (
    <span className={cx('text-text-3 font-normal', className)} title={why}>
      {absent ?? words('notAvailable')}
      {why ? <span className="sr-only">. {why}</span> : null}
    </span>
  )
}

interface ExplainableProps extends FigureProps {
  explain: ExplainFacts
  text: string
  look: string
}

function ExplainableFigure({ value, name, explain, text, look }: ExplainableProps) {
  const dense = useContext(DenseContext)
  const host = useContext(ExplainHost)
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={anchor}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-description={words('explain')}
        data-value={value}
        onClick={(event) => {
          event.stopPropagation()
          if (host) host({ name, shown: text, value: value ?? '', facts: explain, anchor: event.currentTarget })
          else setOpen(true)
        }}
        className={cx(
          'inline cursor-help font-[inherit]',
          dense ? 'no-underline hover:explainable focus-visible:explainable in-data-[focused]:explainable' : 'explainable',
          look,
        )}
      >
        {text}
      </button>
      {open ? (
        <Suspense fallback={null}>
          <ExplainPopover anchor={anchor} onClose={() => setOpen(false)} name={name} shown={text} value={value ?? ''} facts={explain} />
        </Suspense>
      ) : null}
    </>
  )
}

/** A computed amount as the API sends it. */
export interface MoneyFigureValue {
  value: string | null
  currency: string
  asOf: string
  basis: string
  source: string
  quality: 'COMPLETE' | 'PARTIAL' | 'STALE' | 'UNAVAILABLE'
  reasons: readonly FigureReason[]
  computedAt?: string
  bookVersion?: string
  /** `parts`: where it is walked from. */
  explain?: (Pick<ExplainFacts, 'formula' | 'version' | 'inputs' | 'sources'> & { parts?: readonly { path: string }[] }) | null
}

type MoneyFigureProps = { figure: MoneyFigureValue } & Pick<FigureProps, 'name' | 'sign' | 'tone' | 'scale' | 'className' | 'absent'>

/** What is walked down is read when it is asked for, from its first step. */
function walkedFrom(figure: MoneyFigureValue, { parts, ...said }: NonNullable<MoneyFigureValue['explain']>): ExplainFacts {
  const path = parts?.[0]?.path
  return { ...figure, ...said, ...(path && { path }) }
}

/** A computed amount with its explanation and, when there is no value, its reason. */
export function MoneyFigure({ figure, ...rest }: MoneyFigureProps) {
  const explain = figure.explain ? walkedFrom(figure, figure.explain) : null
  return <Figure kind="money" value={figure.value} currency={figure.currency} reasons={figure.reasons} explain={explain} {...rest} />
}

const BLOCK_SIZES = {
  sm: 'text-16 font-semibold',
  md: 'text-20 font-semibold display',
  lg: 'text-24 font-semibold display',
  hero: 'text-30 font-semibold display',
} as const

interface FigureBlockProps {
  label: ReactNode
  children: ReactNode
  sub?: ReactNode
  size?: keyof typeof BLOCK_SIZES
  /** A second series in the same row steps back to weight 500. */
  secondary?: boolean
  className?: string
}

/** Label above, value, then change, basis or as-of below. Blocks stand side by side between two rules, never in cards. */
export function FigureBlock({ label, children, sub, size = 'md', secondary, className }: FigureBlockProps) {
  return (
    <div className={cx('min-w-0', className)}>
      <div className="text-12 text-text-2">{label}</div>
      <div className={cx(BLOCK_SIZES[size], secondary && 'font-medium')}>{children}</div>
      {sub ? <div className="text-12 text-text-3">{sub}</div> : null}
    </div>
  )
}

/** A row of figure blocks between two rules. */
export function FigureRow({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx('flex flex-wrap gap-x-10 gap-y-4 border-y border-line-strong py-3', className)}>{children}</div>
}

/** The 12 px line that closes every block: as of, basis, source. */
export function BasisLine({ figure, className }: { figure: Pick<MoneyFigureValue, 'asOf' | 'basis' | 'source'>; className?: string }) {
  const { locale } = useEnvironment()
  return (
    <div className={cx('text-12 text-text-3', className)}>
      {words('basisLine', { date: formatDate(locale, figure.asOf), basis: figure.basis, source: figure.source })}
    </div>
  )
}
