import { test as base, type Page } from '@playwright/test'

export { expect } from '@playwright/test'

/** What a page may say in its console, when a journey makes it say so on purpose. */
interface Guards {
  /** Console errors and failed loads that this test provokes, by pattern. */
  allow: (...patterns: RegExp[]) => void
  guard: (page: Page) => Promise<void>
  troubles: string[]
}

/**
 * Every journey fails on a console error, an uncaught exception or a breach of the content security policy,
 * whatever else it looks at.
 */
export const test = base.extend<{ guards: Guards }>({
  guards: [
    async ({ context }, use) => {
      const troubles: string[] = []
      const allowed: RegExp[] = []
      const note = (text: string) => {
        if (!allowed.some((pattern) => pattern.test(text))) troubles.push(text)
      }
      const guard = async (page: Page) => {
        page.on('console', (message) => {
          if (message.type() === 'error') note(`console: ${message.text()} (${message.location().url})`)
          else if (/content security policy|trusted ?type/i.test(message.text())) note(`policy: ${message.text()}`)
        })
        page.on('pageerror', (error) => note(`exception: ${error.stack ?? error.message}`))
        page.on('response', (response) => {
          if (response.status() >= 500) note(`answer ${response.status()} from ${response.url()}`)
        })
      }
      await context.exposeBinding('__wnPolicyBreach', (_source, text: string) => note(`policy: ${text}`))
      await context.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
          const report = (globalThis as unknown as { __wnPolicyBreach?: (text: string) => void }).__wnPolicyBreach
          report?.(`${event.violatedDirective} refused ${event.blockedURI || event.sample} at ${event.sourceFile}:${event.lineNumber}`)
        })
      })
      context.on('page', (page) => void guard(page))
      await use({ allow: (...patterns) => allowed.push(...patterns), guard, troubles })
      base.expect(troubles, 'console, exceptions and content security policy').toEqual([])
    },
    { auto: true },
  ],
})

/** A refused sign-in is an answer of 4xx, which the browser writes to its console. */
export const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/
