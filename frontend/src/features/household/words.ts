import { texts } from '@/domain/text'
import messages from './household.messages'

export const t = texts(messages)
