import { texts } from '@/domain/text'
import messages from './lots.messages'

export const t = texts(messages)

export type Term = 'SHORT' | 'LONG'

export const termWord = (term: Term | null) => t(term ?? 'NONE')
