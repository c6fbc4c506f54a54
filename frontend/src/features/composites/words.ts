import { texts } from '@/domain/text'
import messages from './composites.messages'

export const t = texts(messages)
