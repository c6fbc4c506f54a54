import { expect, type Locator, type Page } from '@playwright/test'

/** Exact arithmetic on decimal strings, in hundredths. */
export function cents(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,2})0*)?$/.exec(text)
  if (!match) throw new Error(`"${text}" is not an amount with at most two decimals`)
  const [, sign, whole = '0', part = ''] = match
  const value = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
  return sign ? -value : value
}

/** The exact values behind the figures of a place, as the server sent them. */
export async function valuesIn(place: Locator): Promise<string[]> {
  return place.locator('data[value], button[data-value]').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('value') ?? node.getAttribute('data-value') ?? ''))
}

export const book = (page: Page): Locator => page.getByRole('grid', { name: 'Households' })

/** Rows that are drawn, without the head and the total. */
export const rowsOf = (grid: Locator): Locator => grid.locator('[role="row"][data-row]')

/** The first column of every drawn row, in order. */
export async function names(grid: Locator): Promise<string[]> {
  const rows = rowsOf(grid)
  await expect(rows.first()).toBeVisible()
  return rows.evaluateAll((all) =>
    all
      .sort((a, b) => Number(a.getAttribute('data-row')) - Number(b.getAttribute('data-row')))
      .map((row) => [...row.querySelectorAll('[role="gridcell"]')].map((cell) => cell.textContent?.trim() ?? '').find((text) => text !== '') ?? ''),
  )
}
