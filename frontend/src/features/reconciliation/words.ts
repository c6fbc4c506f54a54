import { texts } from '@/domain/text'
import messages from './reconciliation.messages'

export const t = texts(messages)
