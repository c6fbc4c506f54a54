import { useCallback } from 'react'
import { useData } from '@/data/context'
import { failureOf } from '@/data/errors'
import { wordsOfCode } from '@/domain/codes'
import { formatDate } from '@/domain/dates'
import { texts, type Text } from '@/domain/text'
import { PerformanceExportDocument, PerformanceStepDocument, type PerformanceScope, type PerformanceStepQuery } from '@/generated/graphql'
import type { ExplainFacts } from '@/ui/ExplainPanel'
import { useEnvironment } from '@/ui/environment'
import type { ExplainLoad, ExplainMovementFacts, ExplainPositionFacts, ExplainTableFacts } from '@/ui/explain/types'
import messages from './explain.messages'

export const explainText: Text<typeof messages> = texts(messages)

/** Whose performance, of which day, as known when. */
export interface Asked {
  scope: PerformanceScope
  asOf: string | null
  knownAt: string | null
  /** What it is measured beside; null: what was agreed. */
  benchmarkId: string | null
  /** By the conventions of the report of this name; null: those that were agreed. */
  report: string | null
}

type Step = NonNullable<PerformanceStepQuery['performanceExplain']>

const UNITS = /^(fraction|days|years|[A-Z]{3})$/
/** Statistics that are plain ratios; what else has no currency is a fraction. */
const RATIOS: ReadonlySet<string> = new Set(['risk.sharpe', 'risk.sortino', 'risk.beta', 'risk.information_ratio', 'risk.capture'])

/** "periodsPerYear" and "file_line" as words. */
export function inputWords(name: string): string {
  return wordsOfCode(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))
}

/** The name of a step by its formula; a formula this build does not know yet is read as words. */
export function stepWords(formula: string): string {
  const key = formula.replaceAll('.', '_')
  return key in messages ? explainText(key as 'twr_daily') : wordsOfCode(formula)
}

/** A choice such as SPLIT as a word; amounts, days and currencies stay as they are. */
function valueWords(name: string, value: string): string {
  return name !== 'currency' && /^[A-Z][A-Z_]+$/.test(value) ? wordsOfCode(value) : value
}

const DIGEST = /^[0-9a-f]{64}$/
/** So much of a digest tells two policies apart; all of it is with the policy. */
const DIGEST_SHOWN = 12

/** Rows behind a step; what a cell chooses of is a word, as it is among the inputs. */
function tableOf({ columns, rows }: TableRows): ExplainTableFacts {
  return { columns: columns.map(inputWords), rows: rows.map((row) => row.map((cell, at) => cell && valueWords(columns[at] ?? '', cell))) }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** How a face of the platform says what the ledger's codes say. */
export interface FaceWords {
  /** What an entry is, as in "Deposit". */
  entry: (type: EntryType, security: string | null) => string
  /** In plain words, without rules, conventions, files and lines. */
  isPlain?: boolean
}

type EntryType = NonNullable<Step['movements'][number]['entry']>['type']
/** What a composite answers has no entries and no positions. */
type AnyStep = Omit<Step, 'movements' | 'positions' | 'parts'> & { parts: readonly (Omit<Step['parts'][number], 'label'> & { label?: string | null })[] } & Partial<Pick<Step, 'movements' | 'positions'>>

type TableRows = Pick<NonNullable<Step['table']>, 'columns' | 'rows'>

/** Columns of ids stand for what has names elsewhere. */
function withoutIds({ columns, rows }: TableRows): TableRows {
  const kept = columns.map((_, at) => !rows.some((row) => UUID.test(row[at] ?? '')))
  const pick = <T>(row: readonly T[]) => row.filter((_, at) => kept[at])
  return { columns: pick(columns), rows: rows.map(pick) }
}

/** The columns of sub-periods that say what happened, for whom the engine's own say nothing. */
const PLAIN_COLUMNS = { begin: 'plainBegin', opening: 'plainOpening', inflow: 'plainInflow', outflow: 'plainOutflow', end: 'plainEnd', closing: 'plainClosing' } as const
const PLAIN_INPUTS: ReadonlySet<string> = new Set(['begin', 'end', 'measuredFrom', 'day', 'accounts', 'cash', 'accruedInterest', 'value', 'onTheWay', 'rate', 'share', 'opening', 'closing', 'currency'])

function plainTable({ columns, rows }: TableRows): ExplainTableFacts | null {
  const names = Object.keys(PLAIN_COLUMNS) as (keyof typeof PLAIN_COLUMNS)[]
  const at = names.map((name) => columns.indexOf(name))
  if (at.includes(-1)) return null
  return { columns: names.map((name) => explainText(PLAIN_COLUMNS[name])), rows: rows.map((row) => at.map((each) => row[each] ?? null)) }
}

function tableFor(step: AnyStep, isPlain: boolean): ExplainTableFacts | null {
  // Movements say with names what the rows say with ids.
  if (!step.table || (step.movements?.length ?? 0) > 0) return null
  return isPlain ? plainTable(step.table) : tableOf(withoutIds(step.table))
}

/** The name of a part: an account, the value of a day, how many more there are. */
function partName({ formula, label }: AnyStep['parts'][number], locale: string): string {
  if (label?.startsWith('+')) return explainText('more', { count: Number(label.slice(1)) })
  if (formula === 'scope.value' && label) return explainText('valueOn', { day: formatDate(locale, label) })
  if (formula === 'scope.values' && label) return explainText('valuesOf', { count: Number(label) })
  return label ?? stepWords(formula)
}

function originOf({ file, line, source }: { file: string | null; line: number | null; source: string | null }): string | null {
  if (file) return line === null ? file : explainText('fileLine', { file, line: String(line) })
  return source === 'MANUAL' ? explainText('byHand') : source && wordsOfCode(source)
}

const EFFECTS: ReadonlySet<string> = new Set(['OPENING_CHANGE', 'FEES', 'FEES_ELSEWHERE', 'EXPENSES_ELSEWHERE', 'TRANSIT'])

function effectWords(effect: string): string | null {
  return EFFECTS.has(effect) ? explainText(`effect_${effect}` as 'effect_FEES') : effect === 'FLOW' ? null : wordsOfCode(effect)
}

function movementsOf(step: AnyStep, face: FaceWords): ExplainMovementFacts[] {
  return (step.movements ?? []).map(({ entry, effect, ...row }) => ({
    ...row,
    effect: entry === null && effect === 'FLOW' ? explainText('effect_OPENING_CHANGE') : effectWords(effect),
    entry: entry && { ...entry, what: face.entry(entry.type, entry.securityName), origin: face.isPlain ? null : originOf(entry) },
  }))
}

/** Positions are valued in the currency in which the account's own value is told. */
function positionsOf(step: AnyStep, face: FaceWords): ExplainPositionFacts[] {
  const valueCurrency = step.inputs.find(({ name }) => name === 'value')?.note
  return (step.positions ?? []).map(({ securityName, accruedInterest, priceSource, file, line, ...row }) => ({
    ...row,
    name: securityName,
    valueCurrency: valueCurrency ?? row.currency,
    accrued: accruedInterest,
    origin: face.isPlain ? null : originOf({ file, line, source: priceSource }),
  }))
}

/** Every step in plain words; without any for it, its name says it. */
function plainFormula(step: AnyStep): string {
  const key = `plain_${formulaOf(step.version).replaceAll('.', '_')}`
  return key in messages ? explainText(key as 'plain_twr_linked') : ''
}

/** "performance/1 twr.linked/1" is by twr.linked. */
function formulaOf(version: string): string {
  return /\s([a-z_.]+)\//.exec(version)?.[1] ?? ''
}

/** A step as the explanation draws it: names in words, units beside their values. */
export function factsOf(step: AnyStep, locale: string, face: FaceWords = { entry: wordsOfCode }): ExplainFacts {
  const isPlain = face.isPlain ?? false
  return {
    formula: isPlain ? plainFormula(step) : step.formula,
    version: isPlain ? '' : step.version,
    inputs: step.inputs
      .filter(({ name }) => !isPlain || PLAIN_INPUTS.has(name))
      .map(({ name, value, note }) => ({
        name: inputWords(name),
        value: valueWords(name, value),
        ...(note && UNITS.test(note) ? { unit: note } : { note: note && DIGEST.test(note) ? note.slice(0, DIGEST_SHOWN) : note }),
      })),
    sources: isPlain ? [] : step.sources,
    table: tableFor(step, isPlain),
    parts: step.parts.map((part) => ({
      id: part.path,
      name: partName(part, locale),
      value: part.value,
      unit: RATIOS.has(part.formula) ? null : 'fraction',
      note: part.reason?.message ?? null,
      isStep: part.value === null && part.reason === null,
    })),
    movements: movementsOf(step, face),
    positions: positionsOf(step, face),
  }
}

/** Reads steps of an explanation, each when it is asked for. */
export function useExplainLoad({ scope, asOf, knownAt, benchmarkId, report }: Asked, face: FaceWords): ExplainLoad {
  const { client } = useData()
  const { locale } = useEnvironment()
  const key = JSON.stringify(scope)
  return useCallback(
    async (path) => {
      const { data, error } = await client.query(PerformanceStepDocument, { scope: JSON.parse(key) as PerformanceScope, path, asOf, knownAt, benchmarkId, report }).toPromise()
      if (error) throw new Error(failureOf(error).message)
      if (!data?.performanceExplain) throw new Error(path)
      return factsOf(data.performanceExplain, locale, face)
    },
    [client, key, asOf, knownAt, benchmarkId, report, locale, face],
  )
}

/** Everything behind one figure, as the server writes it for strangers. Throws with the server's words. */
export function useExplainExport({ scope, asOf, knownAt, benchmarkId, report }: Asked): (path: string) => Promise<Blob> {
  const { bulk } = useData()
  return async (path) => {
    const { data, error } = await bulk.query(PerformanceExportDocument, { scope, path, asOf, knownAt, benchmarkId, report }).toPromise()
    if (error) throw new Error(failureOf(error).message)
    return new Blob([JSON.stringify(data?.performanceExplanation, null, 2)], { type: 'application/json' })
  }
}
