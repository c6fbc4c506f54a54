/** Where the sign-in pages of an entry live. */
export interface AuthPaths {
  signIn: string
  forgot: string
  home: string
}

export const STAFF_PATHS: AuthPaths = { signIn: '/sign-in', forgot: '/forgot-password', home: '/' }
export const PORTAL_PATHS: AuthPaths = { signIn: '/portal/sign-in', forgot: '/portal/forgot-password', home: '/portal' }

/** The page asked for before signing in, if it is one of ours: an absolute address would lead elsewhere. */
export function nextPath(search: string, home: string): string {
  const next = new URLSearchParams(search).get('next')
  return next && /^\/(?![/\\])/.test(next) ? next : home
}

/** The token of a mailed link, from the query or from the fragment, which servers never log. */
export function linkToken(): string | null {
  return new URLSearchParams(location.search).get('token') ?? new URLSearchParams(location.hash.slice(1)).get('token')
}
