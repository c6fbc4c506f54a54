import { texts } from '@/domain/text'
import messages from './jobs.messages'

export const t = texts(messages)
