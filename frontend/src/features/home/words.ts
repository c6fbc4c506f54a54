import { texts } from '@/domain/text'
import messages from './home.messages'

export const t = texts(messages)
