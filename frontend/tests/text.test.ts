import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { PSEUDO_LOCALE, setLocale, texts } from '@/domain/text'
import uiMessages from '@/ui/ui.messages'

afterEach(() => setLocale('en-US'))

describe('the text catalogue', () => {
  const t = texts(uiMessages)

  it('formats plain words, arguments and plurals', () => {
    expect(t('close')).toBe('Close')
    expect(t('positionOf', { position: 1, total: 412 })).toBe('1 of 412')
    expect(t('selected', { count: 1 })).toBe('1 selected')
    expect(t('selected', { count: 1200 })).toBe('1,200 selected')
    expect(t('paletteNone', { query: '<b>' })).toBe('Nothing found for “<b>”.')
  })

  it('marks every word in the pseudo-locale and leaves arguments whole', () => {
    setLocale(PSEUDO_LOCALE)
    expect(t('close')).toBe('⟦Çļóšé⟧')
    expect(t('positionOf', { position: 1, total: 412 })).toBe('⟦1 óƒ 412⟧')
    expect(t('selected', { count: 2 })).toBe('⟦2 šéļéçţéð⟧')
  })

  it('names a key that does not exist', () => {
    expect(() => (t as (key: string) => string)('nothing')).toThrow('No message "nothing"')
  })

  it('holds only messages that compile, in every catalogue of the app', async () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.messages.ts'))
    expect(files.length).toBeGreaterThanOrEqual(4)
    for (const file of files) {
      const catalogue = ((await import(/* @vite-ignore */ `/src/${file}`)) as { default: Record<string, unknown> }).default
      for (const [key, message] of Object.entries(catalogue)) {
        expect(typeof message === 'string' || Array.isArray(message), `${file} ${key}`).toBe(true)
        expect(message, `${file} ${key} is empty`).not.toBe('')
      }
    }
  })
})
