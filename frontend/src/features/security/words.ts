import { texts } from '@/domain/text'
import messages from './security.messages'

export const t = texts(messages)
