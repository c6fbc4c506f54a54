import { texts } from '@/domain/text'
import messages from './app.messages'

export const t = texts(messages)

type RoleKey = Extract<keyof typeof messages, `role${string}`>

/** "Portfolio manager"; a role this build does not know yet is shown by its own name. */
export function roleWords(role: string): string {
  const key = `role${role}`
  return key in messages ? t(key as RoleKey) : role
}
