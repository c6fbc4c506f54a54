import { texts } from '@/domain/text'
import messages from './settings.messages'
import type { RoleName } from './search'

export const t = texts(messages)

export function roleName(role: RoleName): string {
  return t(role)
}
