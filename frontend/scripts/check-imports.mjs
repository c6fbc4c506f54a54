// Holds the import rule: domain is pure, ui knows domain, data knows domain, features know ui, data and domain but never
// each other, the portal never imports features. What several rooms do alike is in ledger (entries), clients (the forms of people, accounts and debts), desk (notes, tags), performance (returns and their explanations), sharing (who sees what) and live (values as quotes move them), which know what they know. Exit code 1 names every line that breaks it.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const SRC = resolve(import.meta.dirname, '../src')
const MAY = {
  domain: ['domain'],
  generated: ['generated'],
  ui: ['ui', 'domain'],
  data: ['data', 'domain', 'generated'],
  auth: ['auth', 'ui', 'data', 'domain', 'generated'],
  live: ['live', 'ui', 'data', 'domain', 'generated'],
  ledger: ['ledger', 'live', 'ui', 'data', 'domain', 'generated'],
  clients: ['clients', 'ui', 'data', 'domain', 'generated'],
  desk: ['desk', 'ui', 'data', 'domain', 'generated'],
  performance: ['performance', 'ui', 'data', 'domain', 'generated'],
  sharing: ['sharing', 'ui', 'data', 'domain', 'generated'],
  features: ['ledger', 'performance', 'desk', 'clients', 'sharing', 'live', 'ui', 'data', 'domain', 'generated'],
  portal: ['portal', 'performance', 'auth', 'live', 'ui', 'data', 'domain', 'generated'],
  app: ['app', 'features', 'auth', 'ui', 'data', 'domain', 'generated'],
}
const broken = []

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* files(path)
    else if (/\.tsx?$/.test(name)) yield path
  }
}

for (const file of files(SRC)) {
  const [area, room] = relative(SRC, file).split('/')
  const allowed = MAY[area]
  if (!allowed) continue
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, at) => {
      const wanted = /(?:from|import\()\s*'((?:@\/|\.)[^']*)'/.exec(line)?.[1]
      if (!wanted) return
      const target = relative(SRC, wanted.startsWith('@/') ? join(SRC, wanted.slice(2)) : resolve(dirname(file), wanted))
      const [to, toRoom] = target.split('/')
      if (to === 'styles' || to === '..') return
      const sameRoom = area === 'features' && to === 'features' && toRoom === room
      if (!allowed.includes(to) && !sameRoom) broken.push(`${relative(SRC, file)}:${at + 1} ${area} may not import ${target}`)
    })
}
if (broken.length) {
  process.stderr.write(`${broken.join('\n')}\n${broken.length} imports break the rule\n`)
  process.exit(1)
}
