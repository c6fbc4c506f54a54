// Puts the list of trusted documents beside the build. The server reads it at start and accepts no other document from the app.
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const documents = JSON.parse(readFileSync(resolve(root, 'src/generated/persisted-documents.json'), 'utf8'))
const sorted = Object.fromEntries(Object.entries(documents).sort(([a], [b]) => (a < b ? -1 : 1)))
const text = `${JSON.stringify(sorted, null, 1)}\n`
for (const file of ['persisted-documents.json', 'dist/persisted-documents.json']) writeFileSync(resolve(root, file), text)
process.stdout.write(`${Object.keys(sorted).length} trusted documents\n`)
