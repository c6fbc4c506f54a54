import { texts } from '@/domain/text'
import messages from './debt.messages'

export const t = texts(messages)
