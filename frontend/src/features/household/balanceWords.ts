import { texts } from '@/domain/text'
import messages from './balance.messages'

/** The words of the balance sheet and of ownership, apart from the room's own: they load with their tabs. */
export const b = texts(messages)
