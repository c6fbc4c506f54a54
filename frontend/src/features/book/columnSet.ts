/** The columns of the Book: which there are, which are shown, in which order and how wide, as the address says it. */

export const COLUMN_IDS = ['name', 'advisor', 'value', 'cash', 'cashShare', 'accounts', 'openItems', 'opened', 'left', 'tags', 'reference'] as const
export type ColumnId = (typeof COLUMN_IDS)[number]

export const DEFAULT_COLUMNS: readonly ColumnId[] = ['name', 'advisor', 'value', 'cash', 'cashShare', 'accounts', 'openItems', 'opened']
export const WIDTHS = [96, 144, 220] as const
const WIDTH_MIN = 60
const WIDTH_MAX = 480

export interface ColumnChoice {
  id: ColumnId
  /** Pixels; left out: as the column is made. */
  width?: number
}

export const STANDARD: readonly ColumnChoice[] = DEFAULT_COLUMNS.map((id) => ({ id }))

/** "name,value.160"; the name always stands first and cannot be left out. Nothing known: undefined. */
export function columnsIn(value: unknown): readonly ColumnChoice[] | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const found: ColumnChoice[] = []
  for (const part of value.split(',')) {
    const [name, wide] = part.split('.')
    const id = COLUMN_IDS.find((each) => each === name)
    if (!id || found.some((each) => each.id === id)) continue
    const width = wide !== undefined && /^\d{2,3}$/.test(wide) ? Number(wide) : undefined
    found.push(width !== undefined && width >= WIDTH_MIN && width <= WIDTH_MAX ? { id, width } : { id })
  }
  if (found.length === 0) return undefined
  const name = found.find((each) => each.id === 'name') ?? { id: 'name' as const }
  return [name, ...found.filter((each) => each.id !== 'name')]
}

/** As the address has it; undefined for the standard set, which needs no words. */
export function columnsText(columns: readonly ColumnChoice[] | undefined): string | undefined {
  const text = columns?.map(({ id, width }) => (width === undefined ? id : `${id}.${width}`)).join(',')
  return text === undefined || text === DEFAULT_COLUMNS.join(',') ? undefined : text
}

/** One column a place up or down; the name keeps its place. */
export function moved(columns: readonly ColumnChoice[], id: ColumnId, by: -1 | 1): readonly ColumnChoice[] {
  const at = columns.findIndex((each) => each.id === id)
  const to = at + by
  if (at < 1 || to < 1 || to >= columns.length) return columns
  const next = [...columns]
  const [taken] = next.splice(at, 1)
  if (taken) next.splice(to, 0, taken)
  return next
}
