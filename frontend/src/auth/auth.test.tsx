import type { Server } from 'node:http'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { cacheExchange } from 'urql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FIRM } from '../../tests/firm'
import { serve, type Answer, type Asked } from '../../tests/http'
import { installLocks } from '../../tests/locks'
import { uncataloguedText } from '../../tests/pseudo'
import { createClients } from '@/data/client'
import { DataProvider } from '@/data/context'
import { PSEUDO_LOCALE, setLocale } from '@/domain/text'
import { ForgotPasswordPage, InvitationPage, ResetPasswordPage, SignInPage } from './pages'
import { nextPath, STAFF_PATHS } from './paths'

let server: Server | undefined
const assign = vi.fn()

async function show(page: React.ReactNode, answer: (asked: Asked) => Answer) {
  installLocks()
  const served = await serve(answer)
  server = served.server
  const shown = render(<DataProvider value={{ ...createClients(cacheExchange), firm: FIRM }}>{page}</DataProvider>)
  return { ...shown, asked: served.asked, user: userEvent.setup() }
}

const refused = (status: number, code: string, more: object = {}): Answer => ({ status, body: { error: { code, message: `refused: ${code}`, requestId: 'req-1', ...more } } })
const VIEWER = { id: 'u1', name: 'Tilda Brandt', email: 'tilda@harborpine.example', roles: ['ADVISOR'], kind: 'STAFF' }

function address(search: string) {
  vi.stubGlobal('location', { protocol: 'http:', host: 'harbor.localhost', pathname: '/sign-in', search, hash: '', assign, reload: vi.fn() })
}

beforeEach(() => {
  assign.mockClear()
  address('')
})
afterEach(() => {
  setLocale('en-US')
  server?.close()
  vi.unstubAllGlobals()
})

async function typePassword(user: ReturnType<typeof userEvent.setup>, password: string) {
  await user.clear(screen.getByLabelText('Email'))
  await user.type(screen.getByLabelText('Email'), 'tilda@harborpine.example')
  await user.type(screen.getByLabelText('Password'), password)
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
}

describe('signing in', () => {
  it('asks for the password, then the code, and goes to the page first asked for', async () => {
    address('?next=%2Fbook%3Fsort%3Dname')
    const { user, asked } = await show(<SignInPage paths={STAFF_PATHS} />, ({ path, body }) => {
      if (path === '/auth/sign-in') return { body: { next: 'totp', challenge: 'c-1' } }
      return body['code'] === '123456' ? { body: { next: 'done', viewer: VIEWER, recoveryCodesLeft: 9 } } : refused(401, 'INVALID_CODE')
    })
    await typePassword(user, 'a long password')
    await user.type(await screen.findByLabelText('6-digit code'), '999999')
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('That code is not right, or it has been used.'))
    await user.type(screen.getByLabelText('6-digit code'), '123456')
    await waitFor(() => expect(assign).toHaveBeenCalledWith('/book?sort=name'))
    expect(asked.map((each) => each.body)).toEqual([
      { email: 'tilda@harborpine.example', password: 'a long password' },
      { challenge: 'c-1', code: '999999' },
      { challenge: 'c-1', code: '123456' },
    ])
  })

  it('takes a recovery code', async () => {
    const { user, asked } = await show(<SignInPage paths={STAFF_PATHS} />, ({ path }) =>
      path === '/auth/sign-in' ? { body: { next: 'totp', challenge: 'c-1' } } : { body: { next: 'done', viewer: VIEWER } },
    )
    await typePassword(user, 'a long password')
    await user.click(await screen.findByRole('button', { name: 'Use a recovery code' }))
    await user.type(screen.getByLabelText('Recovery code'), 'k7fw-2m9q{Enter}')
    await waitFor(() => expect(assign).toHaveBeenCalledWith('/'))
    expect(asked[1]?.body).toEqual({ challenge: 'c-1', code: 'k7fw-2m9q' })
  })

  it('says one thing for a wrong password and an unknown person, and empties the password', async () => {
    const { user } = await show(<SignInPage paths={STAFF_PATHS} />, () => refused(401, 'INVALID_CREDENTIALS'))
    await typePassword(user, 'wrong')
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('The email or the password is not right.'))
    expect(screen.getByLabelText('Password')).toHaveValue('')
  })

  it('says how long a locked account stays locked and holds the button', async () => {
    const { user } = await show(<SignInPage paths={STAFF_PATHS} />, () => refused(423, 'LOCKED', { retryAfterSeconds: 270 }))
    await typePassword(user, 'wrong')
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Too many wrong attempts. This account is locked for 5 minutes.'))
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeDisabled()
  })

  it('asks nothing of the server before the form is whole', async () => {
    const { user, asked } = await show(<SignInPage paths={STAFF_PATHS} />, () => ({ body: {} }))
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(screen.getByText('Enter a whole email address, such as name@firm.com.')).toBeInTheDocument()
    expect(screen.getByText('Enter your password.')).toBeInTheDocument()
    expect(asked).toEqual([])
  })

  it.each([
    ['?next=%2Fbook', '/book'],
    ['?next=%2F%2Fevil.example', '/'],
    ['?next=%2F%5Cevil.example', '/'],
    ['?next=https%3A%2F%2Fevil.example', '/'],
    ['?next=javascript%3Aalert(1)', '/'],
    ['', '/'],
  ])('%s leads to %s', (search, path) => {
    expect(nextPath(search, '/')).toBe(path)
  })
})

describe('invitation, reset', () => {
  it('accepts an invitation: password, code set up, recovery codes shown once', async () => {
    address('?token=invite-1')
    const { user, asked } = await show(<InvitationPage paths={STAFF_PATHS} />, ({ path }) => {
      if (path === '/auth/invitation/inspect') return { body: { email: 'new@harborpine.example', name: 'Nora Lind', firmName: 'Harbor & Pine' } }
      if (path === '/auth/invitation/accept') return { body: { next: 'enrol', challenge: 'c-2', secret: 'JBSWY3DPEHPK3PXP', otpauthUri: 'otpauth://totp/x', qrSvg: '<svg xmlns="http://www.w3.org/2000/svg"/>' } }
      if (path === '/auth/enrol') return { body: { next: 'done', recoveryCodes: ['aaaa-1111', 'bbbb-2222'] } }
      return { body: { viewer: VIEWER, accessExpiresAt: '' } }
    })
    expect(await screen.findByRole('heading', { name: 'Welcome to Harbor & Pine, Nora Lind' })).toBeInTheDocument()
    await user.type(screen.getByLabelText('New password'), 'a long password')
    await user.type(screen.getByLabelText('New password again'), 'another password')
    await user.click(screen.getByRole('button', { name: 'Accept the invitation' }))
    expect(screen.getByText('The two are not the same.')).toBeInTheDocument()
    await user.clear(screen.getByLabelText('New password again'))
    await user.type(screen.getByLabelText('New password again'), 'a long password')
    await user.click(screen.getByRole('button', { name: 'Accept the invitation' }))
    expect(await screen.findByRole('img', { name: 'QR code for the authenticator app' })).toHaveAttribute('src', expect.stringContaining('data:image/svg+xml'))
    expect(screen.getByRole('link', { name: 'Open the authenticator app' })).toHaveAttribute('href', 'otpauth://totp/x')
    await user.click(screen.getByRole('button', { name: 'Copy the key' }))
    expect(await navigator.clipboard.readText()).toBe('JBSWY3DPEHPK3PXP')
    await user.type(screen.getByLabelText('6-digit code'), '123456')
    await user.click(screen.getByRole('button', { name: 'Confirm' }))
    expect(await screen.findByText('aaaa-1111')).toBeInTheDocument()
    const go = screen.getByRole('button', { name: 'Continue' })
    expect(go).toBeDisabled()
    await user.click(screen.getByRole('checkbox', { name: 'I have kept them in a safe place' }))
    await user.click(go)
    await waitFor(() => expect(assign).toHaveBeenCalledWith('/'))
    expect(asked.find((each) => each.path === '/auth/invitation/accept')?.body).toEqual({ token: 'invite-1', password: 'a long password' })
  })

  it('says that an invitation is gone', async () => {
    address('?token=old')
    await show(<InvitationPage paths={STAFF_PATHS} />, () => refused(404, 'NOT_FOUND'))
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('This invitation has been used or is too old.'))
  })

  it('answers a reset request the same for every address', async () => {
    const { user } = await show(<ForgotPasswordPage paths={STAFF_PATHS} />, () => ({ body: {} }))
    await user.type(screen.getByLabelText('Email'), 'who@harborpine.example')
    await user.click(screen.getByRole('button', { name: 'Send the link' }))
    expect(await screen.findByRole('status')).toHaveTextContent('If who@harborpine.example belongs to an account, a link is on its way.')
  })

  it('shows what the server finds wrong with a new password beside the field', async () => {
    address('?token=reset-1')
    const { user } = await show(<ResetPasswordPage paths={STAFF_PATHS} />, () => refused(400, 'VALIDATION_FAILED', { path: ['password'], message: 'This password is in a list of leaked passwords.' }))
    await user.type(screen.getByLabelText('New password'), 'password password')
    await user.type(screen.getByLabelText('New password again'), 'password password')
    await user.click(screen.getByRole('button', { name: 'Set the password' }))
    expect(await screen.findByText('This password is in a list of leaked passwords.')).toBeInTheDocument()
  })
})

describe('in the pseudo-locale', () => {
  const DATA = ['Harbor & Pine', 'help@harborpine.example', FIRM.legalFooter, 'Nora Lind', 'new@harborpine.example']

  it.each([
    ['sign-in', <SignInPage key="1" paths={STAFF_PATHS} />],
    ['forgot password', <ForgotPasswordPage key="2" paths={STAFF_PATHS} />],
    ['reset', <ResetPasswordPage key="3" paths={STAFF_PATHS} />],
    ['invitation', <InvitationPage key="4" paths={STAFF_PATHS} />],
  ])('every word of the %s page comes from the catalogue', async (name, page) => {
    setLocale(PSEUDO_LOCALE)
    address('?token=t')
    const { container } = await show(page, () => ({ body: { email: 'new@harborpine.example', name: 'Nora Lind', firmName: 'Harbor & Pine' } }))
    if (name === 'invitation') await screen.findByRole('heading')
    expect(container.textContent).toContain('⟦')
    expect(uncataloguedText(container, DATA)).toEqual([])
  })

  it('finds a word that did not come through the catalogue', () => {
    const { container } = render(<p>Plain words</p>)
    expect(uncataloguedText(container, [])).toEqual(['text: Plain words'])
  })
})
