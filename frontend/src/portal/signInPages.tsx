import { ForgotPasswordPage, InvitationPage, ResetPasswordPage, SignInPage } from '@/auth/pages'
import { PORTAL_PATHS } from '@/auth/paths'

export const SignIn = () => <SignInPage paths={PORTAL_PATHS} />
export const ForgotPassword = () => <ForgotPasswordPage paths={PORTAL_PATHS} />
export const ResetPassword = () => <ResetPasswordPage paths={PORTAL_PATHS} />
export const Invitation = () => <InvitationPage paths={PORTAL_PATHS} />
