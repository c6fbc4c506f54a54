// Finishes what the bundler wrote. First the list of trusted documents beside the build: the server reads it at start and accepts no other document from the app.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const root = resolve(import.meta.dirname, '..')
const documents = JSON.parse(readFileSync(resolve(root, 'src/generated/persisted-documents.json'), 'utf8'))
const sorted = Object.fromEntries(Object.entries(documents).sort(([a], [b]) => (a < b ? -1 : 1)))
const text = `${JSON.stringify(sorted, null, 1)}\n`
for (const file of ['persisted-documents.json', 'dist/persisted-documents.json']) writeFileSync(resolve(root, file), text)

// Every text the server hands out, at the strongest setting: too slow for a request, and a hashed file never changes.
const assets = resolve(root, 'dist/assets')
const SMALL = 1_000
for (const name of readdirSync(assets)) {
  if (!/\.(js|css|svg|json)$/.test(name)) continue
  const text = readFileSync(resolve(assets, name))
  if (text.length < SMALL) continue
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
  writeFileSync(resolve(assets, `${name}.br`), brotliCompressSync(text, { params }))
}
process.stdout.write(`${Object.keys(sorted).length} trusted documents\n`)
