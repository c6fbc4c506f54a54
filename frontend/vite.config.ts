import { defineConfig } from 'vite'
import { alias, plugins } from './build/plugins'

// What an entry always loads is few files: a phone opens few connections, and each costs a round trip.
const BASE =
  /node_modules[\\/](react|react-dom|scheduler|urql|@urql[\\/](core|exchange-auth|exchange-retry)|wonka|@0no-co|intl-messageformat|@formatjs)[\\/]|rolldown[\\/]runtime|preload-helper/
const FRAME =
  /src[\\/](boot|domain[\\/](text|firm|decimal|dates|format|permissions)|data[\\/](auth-api|client|connection|context|errors|hooks|session|trusted)|ui[\\/](Banner|BottomNav|Brand|Figure|Heading|Icon|QualityNote|ReconnectBanner|States|Status|Toast|brand|cx|environment|preferences|title|ui\.messages|words)|auth[\\/]paths)\.tsx?$|lucide-react[\\/].*icons[\\/](house|eye|eye-off|chevron-down|chevron-right)\.mjs$/
const ROUTER = /node_modules[\\/](@tanstack[\\/](react-router|router-core|history|store|react-store)|use-sync-external-store)[\\/]/
const LIVE = /src[\\/]live[\\/](LiveFigure|LiveNote|store|use|words|live\.messages)\.tsx?$/
const PORTAL = /src[\\/]portal[\\/](PortalApp|PortalShell|Home|Needs|Capacity|parts|groups|path|words|portal\.messages)\.tsx?$/

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
    rollupOptions: {
      input: { staff: 'index.html', portal: 'portal.html' },
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', test: BASE, priority: 3 },
            { name: 'frame', test: FRAME, priority: 2 },
            { name: 'router', test: ROUTER, priority: 1 },
            { name: 'live', test: LIVE, priority: 1.5 },
            { name: 'portal-home', test: PORTAL, priority: 1 },
          ],
        },
      },
    },
  },
})
