import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What one run keeps between tests: sessions of the people already signed in, and the last code each of them spent.
 * On disk, because a failed test costs the worker its memory. It goes away with the demo it belongs to.
 */
export const folder = join(process.env.E2E_DATA_DIR ?? join(tmpdir(), `wealthnexus-e2e-${process.env.E2E_PORT ?? '8000'}`), 'browser')

export function remembered<T>(name: string): T | null {
  try {
    return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T
  } catch {
    return null
  }
}

export function remember(name: string, value: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(value), { mode: 0o600 })
}
