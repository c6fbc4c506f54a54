import { texts } from '@/domain/text'
import messages from './onboarding.messages'

export const o = texts(messages)
