import { lazy, Suspense } from 'react'
import { PORTAL_PATHS } from '@/auth/paths'
import { session } from '@/data/session'
import { usePortalPath } from './path'
import { PortalShell } from './PortalShell'

const pages = () => import('./signInPages')
const SignIn = lazy(() => pages().then((m) => ({ default: m.SignIn })))
const ForgotPassword = lazy(() => pages().then((m) => ({ default: m.ForgotPassword })))
const ResetPassword = lazy(() => pages().then((m) => ({ default: m.ResetPassword })))
const Invitation = lazy(() => pages().then((m) => ({ default: m.Invitation })))

session.configure({ signInPath: PORTAL_PATHS.signIn })

const OUTSIDE = { '/sign-in': SignIn, '/forgot-password': ForgotPassword, '/reset-password': ResetPassword, '/invitation': Invitation } as const

/** The clients' entry. Pages before signing in are loaded only when needed. */
export function PortalApp() {
  const path = usePortalPath()
  const Outside = OUTSIDE[path as keyof typeof OUTSIDE]
  if (Outside) {
    return (
      <Suspense fallback={null}>
        <Outside />
      </Suspense>
    )
  }
  if (!session.present) {
    location.replace(`${PORTAL_PATHS.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`)
    return null
  }
  return <PortalShell path={path} />
}
