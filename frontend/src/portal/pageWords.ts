import { texts } from '@/domain/text'
import messages from './pages.messages'

/** The words of the pages behind Home, which come with them. */
export const pageText = texts(messages)
