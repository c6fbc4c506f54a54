import { chromium } from '@playwright/test'

// node tests/shot.mjs URL FILE [WIDTH] [HEIGHT] [full]
const [url, file, width = '1440', height = '900', full] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' })
const page = await browser.newPage({ viewport: { width: Number(width), height: Number(height) } })
page.on('console', (message) => {
  if (message.type() === 'error') process.stderr.write(`${message.text()}\n`)
})
page.on('pageerror', (error) => process.stderr.write(`${error.stack}\n`))
await page.goto(url, { waitUntil: 'networkidle' })
await page.waitForTimeout(400)
await page.screenshot({ path: file, fullPage: full === 'full' })
await browser.close()
