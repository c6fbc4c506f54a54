import { parse } from '@formatjs/icu-messageformat-parser'
import { transformWithOxc, type Plugin } from 'vite'

/** Drops source locations: the formatter never reads them and they triple the size. */
function withoutLocations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLocations)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'location')
      .map(([key, inner]) => [key, withoutLocations(inner)]),
  )
}

/**
 * Compiles `*.messages.ts` catalogues: a message with arguments becomes its parsed form at build time, so that the
 * browser carries the formatter without the parser. A message that is not valid ICU fails the build by name.
 */
export function messagesPlugin(): Plugin {
  return {
    name: 'wealthnexus-messages',
    enforce: 'pre',
    async transform(code, id) {
      if (!id.split('?')[0]?.endsWith('.messages.ts')) return null
      const { code: js } = await transformWithOxc(code, id)
      const url = `data:text/javascript;base64,${Buffer.from(js).toString('base64')}`
      const catalogue = ((await import(url)) as { default: Record<string, string> }).default
      const compiled = Object.entries(catalogue).map(([key, message]) => {
        if (!/[{}<']/.test(message)) return [key, message] as const
        try {
          return [key, withoutLocations(parse(message, { ignoreTag: true }))] as const
        } catch (error) {
          throw new Error(`Message "${key}" in ${id} is not valid ICU: ${(error as Error).message}`, { cause: error })
        }
      })
      return { code: `export default ${JSON.stringify(Object.fromEntries(compiled))}`, map: null }
    },
  }
}
