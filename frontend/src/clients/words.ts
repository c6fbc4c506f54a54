import { texts } from '@/domain/text'
import messages from './clients.messages'

export const c = texts(messages)
