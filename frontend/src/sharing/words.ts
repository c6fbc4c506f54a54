import { wordsOfCode } from '@/domain/codes'
import { texts } from '@/domain/text'
import type { GrantRowFragment } from '@/generated/graphql'
import messages from './sharing.messages'

export const t = texts(messages)

export type Relationship = GrantRowFragment['relationship']

/** What a person may be to the one whose things are shared; the firm's own people are its staff or stand in. */
export const CLIENT_RELATIONSHIPS: readonly Relationship[] = ['SELF', 'SPOUSE', 'PARENT', 'GUARDIAN', 'TRUSTEE', 'EXECUTOR', 'ATTORNEY', 'ACCOUNTANT', 'DELEGATE']
export const STAFF_RELATIONSHIPS: readonly Relationship[] = ['STAFF', 'DELEGATE']

/** The word for a kind of subject. */
export function kindWord(kind: string): string {
  const key = `kind_${kind}`
  return key in messages ? t(key as 'kind_household') : wordsOfCode(kind)
}

/** "3 accounts". */
export function countWord(kind: string, count: number): string {
  const key = `count_${kind}`
  return key in messages ? t(key as 'count_household', { count }) : `${count} ${wordsOfCode(kind)}`
}

/** What a grant on such a thing leaves out, for a client. */
export function leftOut(kind: string): string | null {
  const key = `not_${kind}`
  return key in messages ? t(key as 'not_household') : null
}

export function relationshipWord(relationship: Relationship): string {
  return t(relationship)
}
