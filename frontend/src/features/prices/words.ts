import { texts } from '@/domain/text'
import messages from './prices.messages'

export const t = texts(messages)
