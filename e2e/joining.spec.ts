import type { Page } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScroll } from './support/axe'
import { BASE } from './support/hosts'
import { freshCode, keyOf, PEOPLE } from './support/people'
import { enterPassword } from './support/signIn'
import { mails } from './support/system'
import { expect, REFUSED, test } from './support/test'

const FIRST_PASSWORD = 'a quiet harbour at noon'
const SECOND_PASSWORD = 'the ridge above the lake'

/** The link in the newest mail to somebody, opened from the mailbox page as a person would. */
async function followMail(page: Page, email: string, subject: RegExp): Promise<void> {
  await expect.poll(async () => (await mails('summit')).filter((mail) => mail.to === email && subject.test(mail.subject)).length, { timeout: 20_000 }).toBeGreaterThan(0)
  await page.goto(`${BASE.summit}/dev/mailbox`)
  const mail = page.getByRole('article').filter({ hasText: email }).filter({ has: page.getByRole('heading', { name: subject }) })
  await mail.first().getByRole('link').first().click()
}

test('invited by e-mail, joined, signed in by code and recovery code, password reset @everywhere', async ({ open, stranger, guards }, { project }) => {
  guards.allow(REFUSED)
  test.setTimeout(120_000)
  const email = `${project.name}.${Date.now()}@summitridge.example`
  const admin = await open(PEOPLE.summitAdmin, '/settings/users')
  await admin.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Invite somebody' })
  await dialog.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(dialog.getByText('Give the person’s name.')).toBeVisible()
  await expect(dialog.getByText('Choose at least one role.')).toBeVisible()
  await dialog.getByLabel('Name', { exact: true }).fill('Mira Castellanos')
  await dialog.getByLabel('E-mail address').fill(email)
  await dialog.getByRole('checkbox', { name: /^Advisor/ }).setChecked(true, { force: true })
  await expectAccessible(admin)
  await dialog.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(admin.getByText(`The invitation to ${email} is on its way.`).first()).toBeVisible()

  // The invited person, in a browser of their own.
  const page = await stranger()
  await followMail(page, email, /^Your access to/)
  await expect(page.getByRole('heading', { name: /^Welcome to Summit Ridge Advisors, Mira/ })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('New password', { exact: true }).fill('short')
  await page.getByLabel('New password again').fill('other')
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  await expect(page.getByText('Use at least 12 characters.')).toBeVisible()
  await expect(page.getByText('The two are not the same.')).toBeVisible()
  await page.getByLabel('New password', { exact: true }).fill(FIRST_PASSWORD)
  await page.getByLabel('New password again').fill(FIRST_PASSWORD)
  await page.getByRole('button', { name: 'Accept the invitation' }).click()

  // An authenticator app, then codes for the day it is not at hand.
  await expect(page.getByRole('heading', { name: 'Set up your code' })).toBeVisible()
  await expect(page.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible()
  await expectNoSidewaysScroll(page)
  const key = keyOf((await page.locator('[data-totp-secret]').textContent()) ?? '')
  await page.getByLabel('6-digit code').fill(await freshCode(email, key))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('heading', { name: 'Keep these recovery codes' })).toBeVisible()
  const codes = await page.locator('[data-recovery-codes] li').allTextContents()
  expect(new Set(codes).size).toBe(10)
  await expectAccessible(page)
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled()
  await page.getByRole('checkbox', { name: 'I have kept them in a safe place' }).setChecked(true, { force: true })
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('region', { name: 'Work queue' })).toBeVisible()
  await page.goto(`${BASE.summit}/settings/profile`)
  await expect(page.getByText('10 recovery codes are left')).toBeVisible()

  // The link is spent.
  const later = await stranger()
  await followMail(later, email, /^Your access to/)
  await expect(later.getByRole('alert')).toContainText('This invitation has been used or is too old.')

  // A recovery code stands in for the app, once.
  const signInByRecovery = async (code: string) => {
    await later.goto(`${BASE.summit}/sign-in`)
    await enterPassword(later, email, FIRST_PASSWORD)
    await later.getByRole('button', { name: 'Use a recovery code' }).click()
    await later.getByLabel('Recovery code').fill(code)
    await later.getByRole('button', { name: 'Confirm' }).click()
  }
  await signInByRecovery(codes[0] ?? '')
  await expect(later.getByRole('region', { name: 'Work queue' })).toBeVisible()
  await later.context().clearCookies()
  await signInByRecovery(codes[0] ?? '')
  await expect(later.getByRole('alert')).toHaveText('That recovery code is not right, or it has been used.')

  // A new password by mail ends every session and replaces the old one.
  await later.goto(`${BASE.summit}/sign-in`)
  await later.getByRole('link', { name: 'Forgot it?' }).click()
  await later.getByLabel('Email').fill(email)
  await later.getByRole('button', { name: 'Send the link' }).click()
  await expect(later.getByRole('heading', { name: 'Look in your mail' })).toBeVisible()
  await expectAccessible(later)
  await followMail(later, email, /password/i)
  await later.getByLabel('New password', { exact: true }).fill(SECOND_PASSWORD)
  await later.getByLabel('New password again').fill(SECOND_PASSWORD)
  await later.getByRole('button', { name: 'Set the password' }).click()
  await expect(later.getByRole('heading', { name: 'The password is set' })).toBeVisible()
  await page.goto(`${BASE.summit}/book`)
  await expect(page).toHaveURL(/\/sign-in/)
  await later.getByRole('link', { name: 'Back to sign in' }).click()
  await enterPassword(later, email, FIRST_PASSWORD)
  await expect(later.getByRole('alert')).toHaveText('The email or the password is not right.')
  await enterPassword(later, email, SECOND_PASSWORD)
  await later.getByLabel('6-digit code').fill(await freshCode(email, key))
  await expect(later.getByRole('region', { name: 'Work queue' })).toBeVisible()
})

test('asking for a new password says the same about an address nobody has', async ({ page }) => {
  await page.goto(`${BASE.summit}/forgot-password`)
  await page.getByLabel('Email').fill('nobody.at.all@summitridge.example')
  await page.getByRole('button', { name: 'Send the link' }).click()
  await expect(page.getByRole('heading', { name: 'Look in your mail' })).toBeVisible()
  expect((await mails('summit')).filter((mail) => mail.to === 'nobody.at.all@summitridge.example')).toEqual([])
})
