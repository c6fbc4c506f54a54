import { expect, type Page } from '@playwright/test'
import { BASE } from './hosts'
import { DEMO_PASSWORD, freshCode, type Person } from './people'

/** Types the password and the code as a person does, and waits for the page asked for. */
export async function signIn(page: Page, person: Person, path = '/'): Promise<void> {
  const client = path.startsWith('/portal')
  const home = BASE[person.firm]
  await page.goto(`${home}${client ? '/portal/sign-in' : '/sign-in'}?next=${encodeURIComponent(path)}`)
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

export async function signOut(page: Page, person: Person): Promise<void> {
  await page.getByRole('button', { name: `Your account, ${person.name}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
}
