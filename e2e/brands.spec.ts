import { BASE, FIRM_NAMES, PORT, type FirmSlug } from './support/hosts'
import { freshCode, PEOPLE } from './support/people'
import { enterPassword, signIn } from './support/signIn'
import { expect, REFUSED, test } from './support/test'

/** The accent as OKLCH: hue and chroma belong to the firm, lightness to the product. */
const ACCENTS: Record<FirmSlug, { hue: number; chroma: number }> = { summit: { hue: 255, chroma: 0.115 }, harbor: { hue: 160, chroma: 0.095 } }

for (const firm of ['summit', 'harbor'] as const) {
  test(`${firm} answers on its own host with its own name, logo and accent @everywhere`, async ({ open }, { project }) => {
    const page = await open(firm === 'summit' ? PEOPLE.summitAdvisor : PEOPLE.harborAdvisor)
    const other = firm === 'summit' ? 'harbor' : 'summit'
    if (project.name === 'phone') await expect(page.getByRole('link', { name: FIRM_NAMES[firm] })).toBeVisible()
    else await expect(page.getByRole('complementary').getByText(FIRM_NAMES[firm])).toBeVisible()
    await expect(page).toHaveTitle(`Home · ${FIRM_NAMES[firm]}`)

    const accent = await page.getByRole('link', { name: 'Home', exact: true }).evaluate((link) => getComputedStyle(link).color)
    const [lightness, chroma, hue] = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)/.exec(accent)?.slice(1).map(Number) ?? []
    expect(lightness).toBeCloseTo(0.47, 2)
    expect(chroma).toBeCloseTo(ACCENTS[firm].chroma, 3)
    expect(hue).toBeCloseTo(ACCENTS[firm].hue, 1)

    const logos = await page.evaluate(async (otherHost) => {
      const text = async (address: string) => (await fetch(address)).text()
      return { own: await text('/brand/logo-light.svg'), dark: await text('/brand/logo-dark.svg'), names: document.body.innerText.includes(otherHost) }
    }, FIRM_NAMES[other])
    expect(logos.own).toContain('<svg')
    expect(logos.dark).toContain('<svg')
    expect(logos.names).toBe(false)
  })
}

test('the two firms have different logos', async ({ page }) => {
  const logo = async (firm: FirmSlug) => {
    await page.goto(`${BASE[firm]}/sign-in`)
    return page.evaluate(async () => (await fetch('/brand/logo-light.svg')).text())
  }
  expect(await logo('summit')).not.toBe(await logo('harbor'))
})

test('a person of one firm is nobody on the host of the other @everywhere', async ({ page, guards }) => {
  guards.allow(REFUSED)
  await page.goto(`${BASE.harbor}/sign-in`)
  await enterPassword(page, PEOPLE.summitCompliance.email)
  await expect(page.getByRole('alert')).toHaveText('The email or the password is not right.')
  await enterPassword(page, PEOPLE.harborCompliance.email)
  await page.getByLabel('6-digit code').fill(await freshCode(PEOPLE.harborCompliance.email))
  await expect(page).toHaveURL(`${BASE.harbor}/`)
  await expect(page.getByRole('main')).toBeVisible()
})

test('the cookies of one firm open nothing at the other @everywhere', async ({ stranger, guards }) => {
  guards.allow(REFUSED)
  const page = await stranger()
  await signIn(page, PEOPLE.summitManager, '/book')
  const context = page.context()
  const ours = (await context.cookies()).filter((cookie) => cookie.name.startsWith('wn_'))
  expect(ours.map((cookie) => cookie.name).sort()).toEqual(['wn_access', 'wn_csrf', 'wn_refresh'])
  await context.clearCookies()
  await context.addCookies(ours.map((cookie) => ({ ...cookie, domain: 'harbor.localhost' })))
  await page.goto(`${BASE.harbor}/book`)
  await expect(page).toHaveURL(/harbor\.localhost:\d+\/sign-in/)
  const csrf = ours.find((cookie) => cookie.name === 'wn_csrf')?.value ?? ''
  const answer = await page.evaluate(async (csrf) => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
      body: JSON.stringify({ query: '{ households(first: 1) { totalCount } }' }),
    })
    return { status: response.status, text: await response.text() }
  }, csrf)
  expect(answer.status).toBe(401)
  expect(answer.text).not.toContain('totalCount')

  // At home they still open the book.
  await context.clearCookies()
  await context.addCookies(ours)
  await page.goto(`${BASE.summit}/book`)
  await expect(page.getByRole('grid', { name: 'Households' })).toBeVisible()
})

test('an unknown host gets a page that names no firm', async ({ page, guards }) => {
  guards.allow(REFUSED)
  const answer = await page.goto(`http://elsewhere.localhost:${PORT}/book`)
  expect(answer?.status()).toBe(404)
  const text = await page.locator('body').innerText()
  for (const name of Object.values(FIRM_NAMES)) expect(text).not.toContain(name)
  expect(text.trim()).not.toBe('')
  await expect(page.locator('script')).toHaveCount(0)
})
