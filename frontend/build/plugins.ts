import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { PluginOption } from 'vite'
import { documentsPlugin } from './documents-plugin'
import { earlyPlugin } from './early-plugin'
import { messagesPlugin } from './messages-plugin'

export const plugins = (): PluginOption[] => [messagesPlugin(), documentsPlugin(), earlyPlugin(), tailwindcss(), react()]

export const alias = {
  '@': fileURLToPath(new URL('../src', import.meta.url)),
  // Messages are compiled by the build, so the run-time parser is never called.
  '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js',
}
