import { texts } from '@/domain/text'
import messages from './drafts.messages'

export const w = texts(messages)
