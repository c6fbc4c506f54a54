import { ageBetween } from '@/domain/dates'
import { texts } from '@/domain/text'
import messages from './ui.messages'

/** The words of the components themselves. */
export const words = texts(messages)

const AGE_WORDS = { second: 'ageSecond', minute: 'ageMinute', hour: 'ageHour', day: 'ageDay' } as const

/** "2 d", "6 h": how long ago an instant was. */
export function ageWords(from: string, now: Date): string {
  const age = ageBetween(from, now)
  return words(AGE_WORDS[age.unit], { count: age.count })
}
