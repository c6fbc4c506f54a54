import { texts } from '@/domain/text'
import messages from './portal.messages'

export const t = texts(messages)
