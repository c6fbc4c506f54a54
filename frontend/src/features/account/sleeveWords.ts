import { texts } from '@/domain/text'
import messages from './sleeves.messages'

export const s = texts(messages)
