import type { Client, OperationResult } from 'urql'
import { failureOf } from '@/data'
import { csvLine, type CsvCell } from '@/domain/csv'
import { BookPageDocument, type BookPageQuery, type BookRowFragment, type HouseholdFilter, type HouseholdOrder } from '@/generated/graphql'
import { t } from './words'

const PAGE = 200
export const EXPORT_ROWS_MAX = 100_000

interface ExportOptions {
  filter: HouseholdFilter
  orderBy: HouseholdOrder
  onProgress: (rows: number) => void
  signal: AbortSignal
}

export interface ExportResult {
  blob: Blob
  rows: number
  /** The list was longer than one file may be. */
  cut: boolean
}

function header(): CsvCell[] {
  return [
    t('household'),
    t('advisor'),
    t('accounts'),
    t('value'),
    t('cash'),
    t('columnCurrency'),
    t('cashShare'),
    t('columnQuality'),
    t('columnReasons'),
    t('columnAsOf'),
    t('openItems'),
    t('openedOn'),
    t('columnId'),
  ]
}

export function exportRow(row: BookRowFragment): CsvCell[] {
  return [
    row.name,
    row.advisorName,
    row.accountCount,
    row.marketValue.value,
    row.cash.value,
    row.marketValue.currency,
    row.cashShare,
    row.marketValue.quality,
    row.marketValue.reasons.map((reason) => reason.message).join(' '),
    row.marketValue.asOf,
    row.openItems,
    row.openedOn,
    row.id,
  ]
}

/**
 * The whole filtered list in the server's order, read page by page and kept as text parts, so that the rows themselves are
 * never all in memory. Throws an Error with the server's words when a page fails, an AbortError when stopped.
 */
export async function exportBook(bulk: Client, { filter, orderBy, onProgress, signal }: ExportOptions): Promise<ExportResult> {
  // The byte order mark makes a spreadsheet read the file as UTF-8.
  const parts: string[] = ['\uFEFF', csvLine(header())]
  let after: string | null = null
  let rows = 0
  let more = true
  while (more && rows < EXPORT_ROWS_MAX) {
    signal.throwIfAborted()
    // oxlint-disable-next-line no-await-in-loop -- a keyset page needs the cursor of the one before
    const result: OperationResult<BookPageQuery> = await bulk.query(BookPageDocument, { first: PAGE, after, filter, orderBy }).toPromise()
    if (result.error) throw new Error(failureOf(result.error).message)
    const page = result.data?.households
    if (!page) break
    parts.push(page.edges.map(({ node }) => csvLine(exportRow(node))).join(''))
    rows += page.edges.length
    onProgress(rows)
    after = page.pageInfo.endCursor
    more = page.pageInfo.hasNextPage && after !== null
  }
  signal.throwIfAborted()
  return { blob: new Blob(parts, { type: 'text/csv;charset=utf-8' }), rows, cut: more }
}

/** Hands a file to the browser's own download. */
export function saveFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
