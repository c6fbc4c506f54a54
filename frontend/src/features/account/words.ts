import { texts } from '@/domain/text'
import messages from './account.messages'

export const t = texts(messages)
