import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeNode {
  target: string[]
  failureSummary?: string
}
interface AxeViolation {
  id: string
  help: string
  nodes: AxeNode[]
}

/** WCAG 2.2 A and AA on the page as it stands. The engine is evaluated, not added to the page: the policy stays strict. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(source)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (where: object, options: object) => Promise<{ violations: AxeViolation[] }> } }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    // Under an open question the page is out of reach: its own landmarks and heading are not looked for then.
    const isAsked = document.querySelector('[role="dialog"],[role="alertdialog"]') !== null
    const rules = { 'landmark-one-main': { enabled: !isAsked }, 'page-has-heading-one': { enabled: !isAsked } }
    // What a button has just said to screen readers stands in the announcer for seven seconds, though its words may be gone.
    return (await axe.run({ exclude: [['[data-live-announcer]']] }, { runOnly: { type: 'tag', values: tags }, rules })).violations
  })
  return violations.map(({ id, help, nodes }) => {
    const shown = nodes.slice(0, 2).map((node) => `${node.target.join(' ')} (${(node.failureSummary ?? '').split('\n').slice(1).join(' ').trim()})`)
    return `${id}: ${help} at ${shown.join(' and ')}${nodes.length > 2 ? ` and ${nodes.length - 2} more` : ''}`
  })
}

export async function expectAccessible(page: Page): Promise<void> {
  expect(await axeViolations(page)).toEqual([])
}

/** Nothing may need sideways scrolling: the page fits its width. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow).toBeLessThanOrEqual(0)
}
