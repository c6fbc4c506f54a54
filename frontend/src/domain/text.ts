import { IntlMessageFormat } from 'intl-messageformat'

/** What a catalogue holds at run time: plain words, or the parsed form the build made of a message with arguments. */
export type Compiled = string | MessageElement[]

export interface MessageElement {
  type: number
  value?: string
  options?: Record<string, { value: MessageElement[] }>
  children?: MessageElement[]
  [key: string]: unknown
}

export type TextValue = string | number | Date
type Takes<Message> = Message extends `${string}{${string}` ? [values: Record<string, TextValue>] : []

/** `t('key')` or, when the message has arguments, `t('key', { name })`. An unknown key does not compile. */
export type Text<M extends Record<string, string>> = <K extends keyof M & string>(key: K, ...values: Takes<M[K]>) => string

export const PSEUDO_LOCALE = 'en-XA'

let locale = 'en-US'

/** Chosen once at start, from the firm or from the reader's own preference. */
export function setLocale(next: string): void {
  locale = next
}
export function activeLocale(): string {
  return locale
}
/** The locale for numbers and dates: the pseudo-locale has none of its own. */
export function formatLocale(): string {
  return locale === PSEUDO_LOCALE ? 'en-US' : locale
}

let inPseudo: (message: Compiled) => Compiled = (message) => message

/** `pseudo.ts` gives itself here: only a translator loads it. */
export function setPseudo(dress: (message: Compiled) => Compiled): void {
  inPseudo = dress
}

const formats = new WeakMap<MessageElement[], Map<string, IntlMessageFormat>>()

function formatterOf(message: MessageElement[]): IntlMessageFormat {
  let byLocale = formats.get(message)
  if (!byLocale) formats.set(message, (byLocale = new Map()))
  let format = byLocale.get(locale)
  if (!format) {
    const shown = locale === PSEUDO_LOCALE ? inPseudo(message) : message
    // Brand names and e-mail addresses may hold "<": tags are not part of our messages.
    format = new IntlMessageFormat(shown as never, formatLocale(), undefined, { ignoreTag: true })
    byLocale.set(locale, format)
  }
  return format
}

/** Binds a room's catalogue (`*.messages.ts`, default export, `as const`). */
export function texts<const M extends Record<string, string>>(messages: M): Text<M> {
  const compiled = messages as unknown as Record<string, Compiled>
  return (key, ...values) => {
    const message = compiled[key]
    if (message === undefined) throw new Error(`No message "${key}" in the catalogue`)
    if (typeof message === 'string') return locale === PSEUDO_LOCALE ? (inPseudo(message) as string) : message
    return formatterOf(message).format(values[0] ?? {}) as string
  }
}
