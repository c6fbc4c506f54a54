import { texts } from '@/domain/text'
import messages from './rooms.messages'

/** The names of the rooms, apart from their own catalogues: the rail needs every name, the first page one catalogue. */
export const roomWords = texts(messages)
