import { expect, type BrowserContext, type Page } from '@playwright/test'
import { BASE } from './hosts'
import { remember, remembered } from './memory'
import { DEMO_PASSWORD, freshCode, type Person } from './people'

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

const memoryOf = (person: Person) => `session-${person.email}`
const isClient = (path: string) => path.startsWith('/portal')

/** Types the password and the code as a person does, and waits for the page asked for. */
export async function signIn(page: Page, person: Person, path = '/'): Promise<void> {
  await page.goto(`${BASE[person.firm]}${isClient(path) ? '/portal/sign-in' : '/sign-in'}?next=${encodeURIComponent(path)}`)
  await enterPassword(page, person.email)
  await page.getByLabel('6-digit code').fill(await freshCode(person.email))
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'))
  await expect(page.locator('main')).toBeVisible()
}

export async function enterPassword(page: Page, email: string, password = DEMO_PASSWORD): Promise<void> {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The same two questions without the forms: for journeys that are not about signing in. */
async function signInQuietly(page: Page, person: Person): Promise<void> {
  await page.goto(`${BASE[person.firm]}/sign-in`)
  const ask = (path: string, body: object) =>
    page.evaluate(
      async ([path, body]) => {
        const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        return (await answer.json()) as { next?: string; challenge?: string; error?: { message: string } }
      },
      [path, JSON.stringify(body)] as const,
    )
  const first = await ask('/auth/sign-in', { email: person.email, password: DEMO_PASSWORD })
  if (first.next !== 'totp') throw new Error(`${person.email} could not sign in: ${JSON.stringify(first)}`)
  const second = await ask('/auth/totp', { challenge: first.challenge, code: await freshCode(person.email) })
  if (second.next !== 'done') throw new Error(`The code of ${person.email} was refused: ${JSON.stringify(second)}`)
}

/** The person's session of this run, or a new one where it has ended; then the page asked for. */
export async function openSignedIn(page: Page, person: Person, path: string): Promise<Page> {
  const address = `${BASE[person.firm]}${path}`
  const kept = remembered<Cookies>(memoryOf(person))
  if (kept) {
    await page.context().addCookies(kept)
    await page.goto(address)
    await expect(page.getByRole('main')).toBeVisible()
    if (!new URL(page.url()).pathname.endsWith('/sign-in')) return page
  }
  await signInQuietly(page, person)
  await keepSession(page.context(), person)
  await page.goto(address)
  await expect(page.getByRole('main')).toBeVisible()
  return page
}

/** Renewed tokens replace the kept ones: a spent one would end the session. */
export async function keepSession(context: BrowserContext, person: Person): Promise<void> {
  const cookies = (await context.cookies()).filter((cookie) => cookie.name.startsWith('wn_'))
  if (cookies.some((cookie) => cookie.name === 'wn_refresh')) remember(memoryOf(person), cookies)
}

export async function signOut(page: Page, person: Person): Promise<void> {
  await page.getByRole('button', { name: `Your account, ${person.name}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
}
