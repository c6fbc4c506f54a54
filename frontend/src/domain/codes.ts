/** "MUTUAL_FUND" is "Mutual fund": for codes of the books that have no word of their own in the catalogue. */
export function wordsOfCode(code: string): string {
  const words = code.replace(/[._]+/g, ' ').trim().toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Names that are written as they are. */
const ACRONYMS: Record<string, string> = {
  CUSIP: 'CUSIP',
  ISIN: 'ISIN',
  SEDOL: 'SEDOL',
  FIGI: 'FIGI',
  ETF: 'ETF',
  REIT: 'REIT',
  ADR: 'ADR',
  IRA: 'IRA',
  ROTH_IRA: 'Roth IRA',
  TRADITIONAL_IRA: 'Traditional IRA',
  SEP_IRA: 'SEP IRA',
  INHERITED_IRA: 'Inherited IRA',
  '529': '529 plan',
  FX_RATES: 'FX rates',
  FIFO: 'First in, first out',
  LIFO: 'Last in, first out',
  HIFO: 'Highest cost first',
}

/** The word for a code of the books: known acronyms stay, the rest is read as words. */
export function codeName(code: string): string {
  return ACRONYMS[code.toUpperCase()] ?? wordsOfCode(code)
}
