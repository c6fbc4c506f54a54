import { texts } from '@/domain/text'
import messages from './book.messages'

export const t = texts(messages)
