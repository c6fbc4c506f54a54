import { wordsOfCode } from '@/domain/codes'
import { texts, type Text } from '@/domain/text'
import messages from './party.messages'

/** The words of people, entities, owners and debts. */
export const partyText: Text<typeof messages> = texts(messages)

type Group = 'kind' | 'status' | 'kyc' | 'risk' | 'member' | 'owner' | 'edge' | 'debt' | 'tier' | 'contact'

/** The word for one code of a group; a code this build does not know yet is read as words. */
export function partyWord(group: Group, code: string): string {
  const key = `${group}_${code}`
  return key in messages ? partyText(key as keyof typeof messages & `kind_${string}`) : wordsOfCode(code)
}
