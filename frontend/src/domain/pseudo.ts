import { setPseudo, type Compiled, type MessageElement } from './text'

const ACCENTS: Record<string, string> = {
  a: 'á', b: 'ƀ', c: 'ç', d: 'ð', e: 'é', f: 'ƒ', g: 'ĝ', h: 'ĥ', i: 'í', j: 'ĵ', k: 'ķ', l: 'ļ', m: 'ɱ', n: 'ñ', o: 'ó', p: 'þ',
  q: 'ɋ', r: 'ŕ', s: 'š', t: 'ţ', u: 'ú', v: 'ṽ', w: 'ŵ', x: 'ẋ', y: 'ý', z: 'ž',
  A: 'Á', B: 'Ɓ', C: 'Ç', D: 'Ð', E: 'É', F: 'Ƒ', G: 'Ĝ', H: 'Ĥ', I: 'Í', J: 'Ĵ', K: 'Ķ', L: 'Ļ', M: 'Ṁ', N: 'Ñ', O: 'Ó', P: 'Þ',
  Q: 'Ɋ', R: 'Ŕ', S: 'Š', T: 'Ţ', U: 'Ú', V: 'Ṽ', W: 'Ŵ', X: 'Ẋ', Y: 'Ý', Z: 'Ž',
}

function accented(words: string): string {
  return words.replace(/[A-Za-z]/g, (letter) => ACCENTS[letter] ?? letter)
}

const LITERAL = 0

function accentedElements(elements: MessageElement[]): MessageElement[] {
  return elements.map((element) => ({
    ...element,
    ...(element.type === LITERAL && element.value !== undefined ? { value: accented(element.value) } : {}),
    ...(element.options
      ? {
          options: Object.fromEntries(
            Object.entries(element.options).map(([key, option]) => [key, { ...option, value: accentedElements(option.value) }]),
          ),
        }
      : {}),
  }))
}

function pseudo(message: Compiled): Compiled {
  if (typeof message === 'string') return `⟦${accented(message)}⟧`
  return [{ type: LITERAL, value: '⟦' }, ...accentedElements(message), { type: LITERAL, value: '⟧' }]
}

setPseudo(pseudo)
