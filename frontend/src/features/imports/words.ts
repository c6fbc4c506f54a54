import { texts } from '@/domain/text'
import messages from './imports.messages'

export const t = texts(messages)
