/** The sign-in routes: JSON over POST, the session itself lives in HttpOnly cookies this code never sees. */

export interface SignedIn {
  id: string
  name: string
  email: string
  roles: string[]
  kind: 'STAFF' | 'CLIENT'
}

export interface EnrolStep {
  next: 'enrol'
  challenge: string
  secret: string
  otpauthUri: string
  qrSvg: string
}

export type SignInStep =
  | { next: 'totp'; challenge: string }
  | EnrolStep
  | { next: 'done'; viewer: SignedIn; recoveryCodesLeft?: number }

/** A refused or failed request to a sign-in route. `code` is `NETWORK` when no answer came. */
export class AuthError extends Error {
  readonly code: string
  readonly status: number
  readonly retryAfterSeconds: number | null
  readonly requestId: string | null
  readonly path: readonly string[]

  constructor(status: number, body: { code: string; message: string; retryAfterSeconds?: number; requestId?: string; path?: string[] }) {
    super(body.message)
    this.name = 'AuthError'
    this.status = status
    this.code = body.code
    this.retryAfterSeconds = body.retryAfterSeconds ?? null
    this.requestId = body.requestId ?? null
    this.path = body.path ?? []
  }
}

/** The readable half of the CSRF pair. Over https the cookie carries the `__Host-` prefix. */
export function csrfToken(): string | null {
  const match = /(?:^|;\s*)(?:__Host-)?wn_csrf=([^;]+)/.exec(document.cookie)
  return match?.[1] ? decodeURIComponent(match[1]) : null
}

const TIMEOUT_MS = 20_000

async function post<Answer>(route: string, body: object = {}): Promise<Answer> {
  const token = csrfToken()
  let response: Response
  try {
    response = await fetch(`/auth/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { 'x-csrf-token': token } : {}) },
      body: JSON.stringify(body),
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    throw new AuthError(0, { code: 'NETWORK', message: (error as Error).message })
  }
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as Answer
  const error = (answer as { error?: { code: string; message: string } } | null)?.error
  throw new AuthError(response.status, error ?? { code: 'INTERNAL', message: `HTTP ${response.status}` })
}

export const authApi = {
  signIn: (email: string, password: string) => post<SignInStep>('sign-in', { email, password }),
  totp: (challenge: string, code: string) => post<SignInStep>('totp', { challenge, code }),
  enrol: (challenge: string, code: string) => post<{ next: 'done'; recoveryCodes: string[] }>('enrol', { challenge, code }),
  refresh: () => post<{ accessExpiresAt: string }>('refresh'),
  signOut: () => post<object>('sign-out'),
  stepUp: (proof: { code: string } | { password: string }) => post<{ steppedUpUntil: string }>('step-up', proof),
  requestReset: (email: string) => post<object>('password-reset/request', { email }),
  confirmReset: (token: string, password: string) => post<object>('password-reset/confirm', { token, password }),
  inspectInvitation: (token: string) => post<{ email: string; name: string; firmName: string }>('invitation/inspect', { token }),
  acceptInvitation: (token: string, password: string) => post<SignInStep>('invitation/accept', { token, password }),
  session: () => post<{ viewer: SignedIn; accessExpiresAt: string }>('session'),
}
