/** What the address says of the tab: which of the two lists, and which gains. */
export interface LotSearch {
  view?: 'gains'
  year?: number
  term?: 'SHORT' | 'LONG'
}

const YEAR_MIN = 1900
const YEAR_MAX = 2200

export function lotSearch(search: Record<string, unknown>): LotSearch {
  const year = Number(search['year'])
  const term = search['term']
  return {
    ...(search['view'] === 'gains' ? { view: 'gains' as const } : {}),
    ...(Number.isInteger(year) && year >= YEAR_MIN && year <= YEAR_MAX ? { year } : {}),
    ...(term === 'SHORT' || term === 'LONG' ? { term } : {}),
  }
}
