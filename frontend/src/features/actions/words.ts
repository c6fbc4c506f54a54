import { texts } from '@/domain/text'
import messages from './actions.messages'

export const t = texts(messages)
