import { ForgotPasswordPage, InvitationPage, ResetPasswordPage, SignInPage } from '@/auth/pages'
import { STAFF_PATHS } from '@/auth/paths'

export const SignIn = () => <SignInPage paths={STAFF_PATHS} />
export const ForgotPassword = () => <ForgotPasswordPage paths={STAFF_PATHS} />
export const ResetPassword = () => <ResetPasswordPage paths={STAFF_PATHS} />
export const Invitation = () => <InvitationPage paths={STAFF_PATHS} />
