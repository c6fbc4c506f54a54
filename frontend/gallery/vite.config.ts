import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { alias, plugins } from '../build/plugins'

// A development page that shows every component in every state; it is not part of the build.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: plugins(),
  resolve: { alias },
  server: { port: Number(process.env['PORT'] ?? 5199), strictPort: true },
  cacheDir: '../node_modules/.vite-gallery',
})
