import LogOut from 'lucide-react/icons/log-out'
import { useAct, useRead } from '@/data/hooks'
import { session } from '@/data/session'
import { can } from '@/domain/permissions'
import { formatInstant } from '@/domain/dates'
import { PortalProfileDocument, PortalRevokeSessionDocument, type PortalProfileQuery } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { setScheme, usePreferences, type Scheme } from '@/ui/preferences'
import { ErrorState } from '@/ui/States'
import { toast } from '@/ui/Toast'
import { usePageTitle } from '@/ui/title'
import { t } from './words'

const SCHEMES: readonly { value: Scheme; label: () => string }[] = [
  { value: 'system', label: () => t('appearanceSystem') },
  { value: 'light', label: () => t('appearanceLight') },
  { value: 'dark', label: () => t('appearanceDark') },
]

export function More() {
  const { data, failure, reload } = useRead(PortalProfileDocument, {})
  const { scheme } = usePreferences()
  usePageTitle(t('more'))
  return (
    <div className="grid gap-8">
      <section>
        <h1 className="text-24 font-semibold display">{data?.viewer.name ?? t('profile')}</h1>
        <p className="text-text-2">{data?.viewer.email}</p>
      </section>
      <section>
        <SectionHeading>{t('appearance')}</SectionHeading>
        <div role="radiogroup" aria-label={t('appearance')} className="flex flex-wrap gap-2 pt-3">
          {SCHEMES.map((each) => (
            <button
              key={each.value}
              type="button"
              role="radio"
              aria-checked={scheme === each.value}
              onClick={() => setScheme(each.value)}
              className={`min-h-11 rounded-control border px-4 ${scheme === each.value ? 'border-accent-line bg-accent-soft font-medium text-accent' : 'border-line-strong'}`}
            >
              {each.label()}
            </button>
          ))}
        </div>
      </section>
      <section>
        <SectionHeading>{t('sessions')}</SectionHeading>
        {failure && !data ? <ErrorState message={failure.message} requestId={failure.requestId} onRetry={reload} /> : null}
        <ul>
          {data?.viewer.sessions.map((each) => (
            <SessionLine key={each.id} session={each} onEnded={reload} />
          ))}
        </ul>
      </section>
      <Button size="xl" icon={LogOut} onPress={() => void session.signOut()}>
        {t('signOut')}
      </Button>
    </div>
  )
}

interface SessionLineProps {
  session: PortalProfileQuery['viewer']['sessions'][number]
  onEnded: () => void
}

function SessionLine({ session: each, onEnded }: SessionLineProps) {
  const { locale, timeZone } = useEnvironment()
  const [revoke, busy] = useAct(PortalRevokeSessionDocument)
  const device = each.userAgent ?? t('unknownDevice')
  const end = async () => {
    const outcome = await revoke({ input: { sessionId: each.id } })
    if (!outcome.ok) toast(outcome.failure.message, { status: 'breach' })
    else if ('message' in outcome.data.revokeSession) toast(outcome.data.revokeSession.message, { status: 'breach' })
    else {
      toast(t('sessionEnded'))
      onEnded()
    }
  }
  return (
    <li className="flex min-h-16 items-center justify-between gap-4 border-b border-line py-2">
      <span className="min-w-0">
        <span className="block truncate">{each.current ? t('thisSession') : device}</span>
        <span className="block truncate text-14 text-text-2">
          {t('lastSeen', { when: formatInstant(locale, each.lastSeenAt, timeZone) })}
          {each.ipAddress ? `, ${each.ipAddress}` : ''}
        </span>
      </span>
      {!each.current && can(each, 'REVOKE_SESSION') ? (
        <Button size="xl" isPending={busy} aria-label={t('endSessionOf', { device })} onPress={() => void end()}>
          {t('endSession')}
        </Button>
      ) : null}
    </li>
  )
}
