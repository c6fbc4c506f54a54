import { texts } from '@/domain/text'
import messages from './party.messages'

export const t = texts(messages)
