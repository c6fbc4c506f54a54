import { defineConfig } from '@playwright/test'
import { BASE } from './support/hosts'

const WHOLE = process.env.WEALTHNEXUS_SOAK === '1'
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

// The server is started by scripts/e2e.sh, which says by E2E_PORT where it answers.
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: process.env.E2E_RESULTS ?? '../test-results',
  // One worker: the demo is shared, and what is measured must not be measured beside something else.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // A shared machine may stall for seconds; a retried journey is listed as flaky, never silently passed.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    baseURL: BASE.summit,
    launchOptions: { executablePath },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    locale: 'en-US',
    timezoneId: 'America/New_York',
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1440, height: 900 } }, grepInvert: WHOLE ? /@phone/ : /@phone|screens of .* at summit/ },
    {
      name: 'phone',
      use: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
      // What is walked at a desk is walked on a phone too in `make soak`; in `make test` every screen is looked at on
      // both, of one firm on each.
      grep: WHOLE ? /@phone|@everywhere/ : /@phone|screens? of/,
      ...(WHOLE ? {} : { grepInvert: /screens of .* at harbor/ }),
    },
  ],
})
