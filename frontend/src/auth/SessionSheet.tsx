import { session, useSessionState } from '@/data/session'
import { Sheet } from '@/ui/Overlay'
import { SignInFlow } from './SignInFlow'
import type { AuthPaths } from './paths'
import { t } from './words'

/** Over the page when the session has ended: the page below keeps its forms, and waiting requests go on afterwards. */
export function SessionSheet({ email, paths }: { email: string; paths: AuthPaths }) {
  const state = useSessionState()
  return (
    <Sheet isOpen={state === 'expired'} onClose={() => {}} title={t('expiredTitle')} mustAnswer role="alertdialog">
      <SignInFlow
        fixedEmail={email}
        forgotPath={paths.forgot}
        firstTitle={t('signIn')}
        firstHint={t('expiredHint', { email })}
        heading={(_title, hint) => (hint ? <p className="mb-5 text-text-2">{hint}</p> : null)}
        onDone={(viewer) => session.signedIn(viewer.id)}
      />
    </Sheet>
  )
}
