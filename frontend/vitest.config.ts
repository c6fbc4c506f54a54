import { defineConfig } from 'vitest/config'
import { alias, plugins } from './build/plugins'

export default defineConfig({
  plugins: plugins(),
  resolve: { alias: { '@': alias['@'] } },
  test: {
    environment: 'jsdom',
    globals: false,
    setupFiles: ['tests/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.{ts,tsx}'],
    css: false,
    restoreMocks: true,
    // A loaded machine types slowly.
    testTimeout: 20_000,
    pool: 'threads',
    maxWorkers: 2,
  },
})
