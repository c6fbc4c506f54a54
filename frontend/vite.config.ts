import { defineConfig } from 'vite'
import { alias, plugins } from './build/plugins'

export default defineConfig({
  plugins: plugins(),
  resolve: { alias },
  build: {
    target: 'es2023',
    outDir: 'dist',
    assetsDir: 'assets',
    // Under the strict policy nothing may be inlined as data except small images; fonts stay files.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { staff: 'index.html', portal: 'portal.html' } },
  },
})
