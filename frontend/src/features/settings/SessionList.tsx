import { useState } from 'react'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { RevokeSessionDocument, type SessionRowFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { RefusalNote } from '@/ui/RefusalNote'
import { Status } from '@/ui/Status'
import { toast } from '@/ui/Toast'
import { ageWords } from '@/ui/words'
import { deviceOf } from './device'
import { t } from './words'

export function deviceWords(userAgent: string | null): string {
  const { browser, system } = deviceOf(userAgent)
  if (browser && system) return t('browserOn', { browser, system })
  return browser ?? system ?? t('unknownDevice')
}

/** Sessions of one person: where, since when, and the way to end each. */
export function SessionList({ label, sessions, onChanged }: { label: string; sessions: readonly SessionRowFragment[]; onChanged: () => void }) {
  const revoke = useCommand(RevokeSessionDocument, 'revokeSession', 'RevokeSessionSuccess')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [ending, setEnding] = useState<string | null>(null)

  const end = async (session: SessionRowFragment) => {
    setEnding(session.id)
    const answer = await revoke.run({ input: { sessionId: session.id } }, t('endSentence', { device: deviceWords(session.userAgent) }))
    setEnding(null)
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(t('ended'))
    onChanged()
  }

  return (
    <>
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      <ul aria-label={label}>
        {sessions.map((session) => (
          <SessionItem key={session.id} session={session} pending={ending === session.id} onEnd={() => void end(session)} />
        ))}
      </ul>
    </>
  )
}

function SessionItem({ session, pending, onEnd }: { session: SessionRowFragment; pending: boolean; onEnd: () => void }) {
  const { locale, timeZone, now } = useEnvironment()
  const device = deviceWords(session.userAgent)
  return (
    <li className="flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-2">
      <span className="min-w-0">
        <span className="block font-medium" title={session.userAgent ?? undefined}>
          {device}
        </span>
        <span className="flex flex-wrap gap-x-3 text-12 text-text-3">
          {session.ipAddress ? <span className="identifier">{session.ipAddress}</span> : null}
          <span>
            {t('signedIn')} {formatInstant(locale, session.createdAt, timeZone)}
          </span>
          <span>
            {t('lastSeen')} {ageWords(session.lastSeenAt, now())}
          </span>
          <span>
            {t('expires')} {formatInstant(locale, session.expiresAt, timeZone)}
          </span>
        </span>
      </span>
      {session.current ? (
        <Status is="fine">{t('thisSession')}</Status>
      ) : can(session, 'REVOKE_SESSION') ? (
        <Button size="sm" isPending={pending} aria-label={t('endOf', { device })} onPress={onEnd}>
          {t('end')}
        </Button>
      ) : null}
    </li>
  )
}
