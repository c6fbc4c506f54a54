import { axeViolations } from './support/axe'
import { BASE } from './support/hosts'
import { expect, test } from './support/test'

test('the guards notice a console error, an exception and a breach of the policy', async ({ page, guards }) => {
  await page.goto(`${BASE.summit}/sign-in`)
  expect(guards.troubles).toEqual([])
  await page.evaluate(() => {
    // oxlint-disable-next-line no-console -- provoked
    console.error('provoked on purpose')
    setTimeout(() => {
      throw new Error('thrown on purpose')
    })
    const style = document.createElement('style')
    style.textContent = 'body { color: red }'
    document.head.append(style)
    try {
      document.body.innerHTML += '<p>text as markup</p>'
    } catch {
      // Refused, as it must be.
    }
  })
  await expect.poll(() => guards.troubles.length).toBeGreaterThanOrEqual(4)
  const heard = guards.troubles.splice(0).join('\n')
  expect(heard).toContain('provoked on purpose')
  expect(heard).toContain('thrown on purpose')
  expect(heard).toContain('style-src')
  expect(heard).toContain('require-trusted-types-for')
})

test('axe notices a button without a name', async ({ page }) => {
  await page.goto(`${BASE.summit}/sign-in`)
  await page.getByRole('main').evaluate((main) => main.append(document.createElement('button')))
  expect((await axeViolations(page)).join('\n')).toContain('button-name')
})
