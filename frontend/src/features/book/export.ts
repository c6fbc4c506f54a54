import type { HouseholdFilter, HouseholdOrder } from '@/generated/graphql'
import { STANDARD, type ColumnChoice } from './columnSet'
import { t } from './words'

interface ExportOptions {
  filter: HouseholdFilter
  orderBy: HouseholdOrder
  columns?: readonly ColumnChoice[] | undefined
  signal: AbortSignal
}

/** What the columns of the grid do not say alone: an amount needs its currency, its day and how far it can be relied on. */
const BESIDES = ['currency', 'quality', 'reasons', 'asOf', 'reference'] as const
/** The grid has tags, the file has not: a household has several. */
const ONLY_SHOWN = new Set<string>(['tags'])

export function exportAddress({ filter, orderBy, columns = STANDARD }: Omit<ExportOptions, 'signal'>): string {
  const shown = columns.map(({ id }) => id as string).filter((id) => !ONLY_SHOWN.has(id))
  const asked = new URLSearchParams({
    filter: JSON.stringify(filter),
    orderBy: JSON.stringify(orderBy),
    columns: [...new Set([...shown, ...BESIDES])].join(','),
  })
  return `/files/book.csv?${asked.toString()}`
}

/** The list as it is filtered, ordered and laid out, made by the server. Throws with the server's words. */
export async function fetchBook({ signal, ...options }: ExportOptions): Promise<Blob> {
  const answer = await fetch(exportAddress(options), { signal, credentials: 'same-origin' })
  if (answer.ok) return await answer.blob()
  const said = (await answer.json().catch(() => null)) as { error?: { message?: string }; message?: string } | null
  throw new Error(said?.error?.message ?? said?.message ?? t('exportStatus', { status: answer.status }))
}
