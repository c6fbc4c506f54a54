import { texts } from '@/domain/text'
import messages from './live.messages'

export const liveWords = texts(messages)
