import { texts } from '@/domain/text'
import { AuthError } from '@/data/auth-api'
import messages from './auth.messages'

export const t = texts(messages)

/** "4 minutes" or "30 seconds". */
export function waitWords(seconds: number): string {
  return seconds >= 60 ? t('waitMinutes', { minutes: Math.ceil(seconds / 60) }) : t('waitSeconds', { seconds: Math.max(1, Math.ceil(seconds)) })
}

/** What a refused sign-in request means to the person; codes that one screen explains better are handled there. */
export function failureWords(error: unknown): string {
  if (!(error instanceof AuthError)) throw error
  if (error.code === 'NETWORK') return t('network')
  if (error.status === 423) return t('locked', { wait: waitWords(error.retryAfterSeconds ?? 60) })
  if (error.status === 429) return t('tooMany', { wait: waitWords(error.retryAfterSeconds ?? 60) })
  const said = t('failed', { message: error.message })
  return error.requestId ? `${said} ${t('requestId', { id: error.requestId })}` : said
}
