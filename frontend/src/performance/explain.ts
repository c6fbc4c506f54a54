import { useCallback } from 'react'
import { useData } from '@/data/context'
import { failureOf } from '@/data/errors'
import { wordsOfCode } from '@/domain/codes'
import { texts, type Text } from '@/domain/text'
import { PerformanceExportDocument, PerformanceStepDocument, type PerformanceScope, type PerformanceStepQuery } from '@/generated/graphql'
import type { ExplainFacts } from '@/ui/ExplainPanel'
import type { ExplainLoad, ExplainTableFacts } from '@/ui/explain/types'
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
function tableOf({ columns, rows }: NonNullable<Step['table']>): ExplainTableFacts {
  return { columns: columns.map(inputWords), rows: rows.map((row) => row.map((cell, at) => cell && valueWords(columns[at] ?? '', cell))) }
}

/** A step as the explanation draws it: names in words, units beside their values. */
export function factsOf(step: Step): ExplainFacts {
  return {
    formula: step.formula,
    version: step.version,
    inputs: step.inputs.map(({ name, value, note }) => ({
      name: inputWords(name),
      value: valueWords(name, value),
      ...(note && UNITS.test(note) ? { unit: note } : { note: note && DIGEST.test(note) ? note.slice(0, DIGEST_SHOWN) : note }),
    })),
    sources: step.sources,
    table: step.table && tableOf(step.table),
    parts: step.parts.map((part) => ({
      id: part.path,
      name: stepWords(part.formula),
      value: part.value,
      unit: RATIOS.has(part.formula) ? null : 'fraction',
      note: part.reason?.message ?? null,
    })),
  }
}

/** Reads steps of an explanation, each when it is asked for. */
export function useExplainLoad({ scope, asOf, knownAt, benchmarkId, report }: Asked): ExplainLoad {
  const { client } = useData()
  const key = JSON.stringify(scope)
  return useCallback(
    async (path) => {
      const { data, error } = await client.query(PerformanceStepDocument, { scope: JSON.parse(key) as PerformanceScope, path, asOf, knownAt, benchmarkId, report }).toPromise()
      if (error) throw new Error(failureOf(error).message)
      if (!data?.performanceExplain) throw new Error(path)
      return factsOf(data.performanceExplain)
    },
    [client, key, asOf, knownAt, benchmarkId, report],
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
