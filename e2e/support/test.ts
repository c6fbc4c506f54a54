import { test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test'
import { BASE } from './hosts'
import type { Person } from './people'
import { openSignedIn, keepSession } from './signIn'

export { expect } from '@playwright/test'

/** What a page may say in its console, when a journey makes it say so on purpose. */
interface Guards {
  /** Console errors and failed loads that this test provokes, by pattern. */
  allow: (...patterns: RegExp[]) => void
  /** Watches every page of one more browser. */
  watch: (context: BrowserContext) => Promise<void>
  troubles: string[]
}

interface Fixtures {
  guards: Guards
  /** A browser in which this person is signed in, on the page asked for. Watched, and closed with the test. */
  open: (person: Person, path?: string, options?: BrowserContextOptions) => Promise<Page>
  /** A browser in which nobody is signed in. */
  stranger: (options?: BrowserContextOptions) => Promise<Page>
}

async function watch(context: BrowserContext, note: (text: string) => void): Promise<void> {
  await context.exposeBinding('__wnPolicyBreach', (_source, text: string) => note(`policy: ${text}`))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { __wnPolicyBreach?: (text: string) => void }).__wnPolicyBreach
      report?.(`${event.violatedDirective} refused ${event.blockedURI || event.sample} at ${event.sourceFile}:${event.lineNumber}`)
    })
  })
  context.on('page', (page) => {
    page.on('console', (message) => {
      if (message.type() === 'error') note(`console: ${message.text()} (${message.location().url})`)
      else if (/content security policy|trusted ?type/i.test(message.text())) note(`policy: ${message.text()}`)
    })
    page.on('pageerror', (error) => note(`exception: ${error.stack ?? error.message}`))
    page.on('response', (response) => {
      if (response.status() >= 500) note(`answer ${response.status()} from ${response.url()}`)
    })
  })
}

/**
 * Every journey fails on a console error, an uncaught exception or a breach of the content security policy,
 * whatever else it looks at.
 */
export const test = base.extend<Fixtures>({
  guards: [
    async ({ context }, use) => {
      const troubles: string[] = []
      const allowed: RegExp[] = []
      const note = (text: string) => {
        if (!allowed.some((pattern) => pattern.test(text))) troubles.push(text)
      }
      await watch(context, note)
      await use({ allow: (...patterns) => allowed.push(...patterns), watch: (other) => watch(other, note), troubles })
      base.expect(troubles, 'console, exceptions and content security policy').toEqual([])
    },
    { auto: true },
  ],
  open: async ({ browser, guards, contextOptions }, use) => {
    const opened: { context: BrowserContext; person: Person }[] = []
    await use(async (person, path = '/', options = {}) => {
      const context = await browser.newContext({ ...contextOptions, baseURL: BASE[person.firm], ...options })
      opened.push({ context, person })
      await guards.watch(context)
      return openSignedIn(await context.newPage(), person, path)
    })
    for (const { context, person } of opened) {
      await keepSession(context, person)
      await context.close()
    }
  },
  stranger: async ({ browser, guards, contextOptions }, use) => {
    const opened: BrowserContext[] = []
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...contextOptions, ...options })
      opened.push(context)
      await guards.watch(context)
      return context.newPage()
    })
    for (const context of opened) await context.close()
  },
})

/** A refused request is an answer of 4xx, which the browser writes to its console. */
export const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/
