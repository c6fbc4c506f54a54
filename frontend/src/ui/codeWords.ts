import { texts, type Text } from '@/domain/text'
import { wordsOfCode } from '@/domain/codes'
import messages from './codes.messages'

const t: Text<typeof messages> = texts(messages)

/** The small line beside something found, such as "AAPL · COMMON_STOCK": the codes in it as words, the rest as it is. */
export function detailWords(detail: string): string {
  return detail
    .split(' · ')
    .map((part) => (/^[A-Z0-9]+(_[A-Z0-9]+)*$/.test(part) && (part in messages || part.includes('_')) ? codeName(part) : part))
    .join(' · ')
}

/** The word for a code of the books: from the catalogue, or the code read as words when this build does not know it yet. */
export function codeName(code: string): string {
  const key = code.toUpperCase()
  return key in messages ? t(key as keyof typeof messages) : wordsOfCode(code)
}
