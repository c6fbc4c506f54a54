import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'

const folder = (file: string) => resolve(import.meta.dirname, '../src/generated', file)
const PREFIX = 'virtual:document/'
const RESOLVED = '\0' + PREFIX
const LANGUAGE = '@0no-co/graphql.web'
const DATA_CLIENT = /[\\/]@urql[\\/]core[\\/]/
const WITHOUT_PRINTER = resolve(import.meta.dirname, 'graphql-no-printer.ts')

interface GeneratedDocument {
  hash: string
  text: string
}

/** `export const HomeDocument = {"__meta__":{"hash":"…"},…} as unknown as DocumentNode<…>;`, one to a line. */
export function documents(): Map<string, GeneratedDocument> {
  const texts = JSON.parse(readFileSync(folder('persisted-documents.json'), 'utf8')) as Record<string, string>
  const found = readFileSync(folder('graphql.ts'), 'utf8').matchAll(/^export const (\w+Document) = \{"__meta__":\{"hash":"([0-9a-f]{64})"/gm)
  return new Map(
    [...found].map(([, name = '', hash = '']) => {
      const text = texts[hash]
      if (text === undefined) throw new Error(`The generated files disagree about ${name}: run "npm run codegen" again`)
      return [name, { hash, text }]
    }),
  )
}

/**
 * Gives every GraphQL document a module of its own, as text that the browser parses. The generated file holds the parsed
 * form of all of them, so that one page's first load would otherwise carry the documents of every room, ten times as long.
 */
export function documentsPlugin(): Plugin {
  return {
    name: 'wealthnexus-documents',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id.startsWith(PREFIX)) return '\0' + id
      return id === LANGUAGE && importer && DATA_CLIENT.test(importer) ? WITHOUT_PRINTER : null
    },
    load(id) {
      if (!id.startsWith(RESOLVED)) return null
      const name = id.slice(RESOLVED.length)
      const document = documents().get(name)
      if (!document) throw new Error(`There is no document ${name} in src/generated/graphql.ts: run "npm run codegen"`)
      // By its `documentId` the data client knows a document without printing it.
      const known = JSON.stringify({ __meta__: { hash: document.hash }, documentId: document.hash })
      return {
        code: `import { parse } from '${LANGUAGE}'
export const ${name} = /* @__PURE__ */ Object.assign(/* @__PURE__ */ parse(${JSON.stringify(document.text)}), ${known})`,
        map: null,
        moduleSideEffects: false,
      }
    },
    transform(code, id) {
      if (!/\.tsx?$/.test(id.split('?')[0] ?? '') || !code.includes("'@/generated/graphql'")) return null
      const rewritten = code.replace(/import \{([^}]*)\} from '@\/generated\/graphql'/g, (whole, list: string) => {
        const names = list
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean)
        const own = names.filter((name) => /^\w+Document$/.test(name))
        if (own.length === 0) return whole
        const rest = names.filter((name) => !own.includes(name))
        return [
          ...own.map((name) => `import { ${name} } from '${PREFIX}${name}'`),
          ...(rest.length ? [`import { ${rest.join(', ')} } from '@/generated/graphql'`] : []),
        ].join('; ')
      })
      return { code: rewritten, map: null }
    },
  }
}
