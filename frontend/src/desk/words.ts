import { texts } from '@/domain/text'
import messages from './desk.messages'

export const deskWords = texts(messages)
