/** Where the two demo firms answer. Chromium resolves every name under .localhost to this machine; Node does not. */
export type FirmSlug = 'summit' | 'harbor'

export const PORT = process.env.E2E_PORT ?? '8000'

export const BASE: Record<FirmSlug, string> = {
  summit: `http://summit.localhost:${PORT}`,
  harbor: `http://harbor.localhost:${PORT}`,
}
export const FIRM_NAMES: Record<FirmSlug, string> = { summit: 'Summit Ridge Advisors', harbor: 'Harbor & Pine' }

/** For requests outside the browser: the loopback address with the firm's host name in the header. */
export const LOOPBACK = `http://127.0.0.1:${PORT}`
export const hostHeader = (firm: FirmSlug) => ({ host: `${firm}.localhost:${PORT}` })
