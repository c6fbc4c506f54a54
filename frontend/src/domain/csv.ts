/** A value of one cell. Decimals come as strings and are written as they are. */
export type CsvCell = string | number | null

const NUMBER = /^-?\d+(\.\d+)?$/

/**
 * One cell after RFC 4180. Text a spreadsheet would run as a formula is led by an apostrophe; numbers stay numbers,
 * the minus of a negative amount included.
 */
export function csvCell(value: CsvCell): string {
  if (value === null) return ''
  const text = String(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
}

export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
