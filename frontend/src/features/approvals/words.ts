import { texts } from '@/domain/text'
import messages from './approvals.messages'

export const t = texts(messages)
