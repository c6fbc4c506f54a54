import { texts } from '@/domain/text'
import messages from './wash.messages'

export const w = texts(messages)
