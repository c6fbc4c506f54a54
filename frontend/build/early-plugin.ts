import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { documents } from './documents-plugin'

export interface EarlyRead {
  /** Which addresses of the entry read it, as a regular expression over the path. */
  path: string
  /** Only where the address carries no question: its variables would be others. */
  plain: boolean
  document: string
  variables: Record<string, unknown>
}

const SIGNED_IN = '^/(?!sign-in|forgot-password|reset-password|invitation)'
const SIGNED_IN_PORTAL = '^/portal(?!/sign-in|/forgot-password|/reset-password|/invitation)'

/** What the first page of each entry asks as soon as its code runs. A test holds it to what the pages really ask. */
export const EARLY_READS: Record<'index.html' | 'portal.html', readonly EarlyRead[]> = {
  'index.html': [
    { path: SIGNED_IN, plain: false, document: 'ShellDocument', variables: {} },
    { path: '^/$', plain: true, document: 'HomeDocument', variables: { scope: 'FIRM' } },
  ],
  'portal.html': [
    { path: SIGNED_IN_PORTAL, plain: true, document: 'PortalHomeDocument', variables: { grantId: null } },
    { path: '^/portal/?$', plain: true, document: 'PortalCourseDocument', variables: { grantId: null, latest: null } },
  ],
}

const SCRIPT = resolve(import.meta.dirname, 'early.js')

/** The inline script of an entry, without its comments. */
export function earlyScript(page: keyof typeof EARLY_READS): string {
  const known = documents()
  const reads = EARLY_READS[page].map(({ document, ...read }) => {
    const found = known.get(document)
    if (!found) throw new Error(`The early reads of ${page} name ${document}, which is not in src/generated/graphql.ts: run "npm run codegen"`)
    return { ...read, documentId: found.hash }
  })
  const text = readFileSync(SCRIPT, 'utf8')
    .replace(/^\s*\/\/.*\n/gm, '')
    .replace(/\n\s*/g, '\n')
    .trim()
  return text.replace('__READS__', JSON.stringify(reads))
}

/** Puts the script first in the head: behind a style sheet it would wait for it. */
export function earlyPlugin(): Plugin {
  return {
    name: 'wealthnexus-early',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { filename }) {
        const page = filename.endsWith('portal.html') ? 'portal.html' : 'index.html'
        return [{ tag: 'script', attrs: { nonce: '__CSP_NONCE__' }, children: earlyScript(page), injectTo: 'head-prepend' }]
      },
    },
  }
}
