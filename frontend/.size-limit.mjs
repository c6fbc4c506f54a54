import { readFileSync } from 'node:fs'

// A first route is its entry, its page and everything either of them imports without asking. Budgets are gzip.
const manifest = JSON.parse(readFileSync(new URL('dist/.vite/manifest.json', import.meta.url), 'utf8'))

function closure(keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue
    const chunk = manifest[key]
    if (!chunk) throw new Error(`The build has no chunk ${key}: run "npm run build" first`)
    seen.add(key)
    closure(chunk.imports ?? [], seen)
  }
  return seen
}
const files = (keys) => [...keys].map((key) => `dist/${manifest[key].file}`)
const staff = closure(['index.html'])
const portal = closure(['portal.html'])
const lazy = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && !staff.has(key) && !portal.has(key))
export default [
  { name: 'Staff shell and first route, JS', path: files(staff), limit: '170 KB', gzip: true },
  { name: 'Portal first route, JS', path: files(portal), limit: '110 KB', gzip: true },
  { name: 'CSS', path: 'dist/assets/*.css', limit: '20 KB', gzip: true },
  ...lazy.map((key) => ({ name: `Lazy: ${key}`, path: files([key]), limit: '60 KB', gzip: true })),
]
