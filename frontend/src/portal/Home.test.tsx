import { render, screen, within } from '@testing-library/react'
import { cacheExchange } from 'urql'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FIRM } from '../../tests/firm'
import { uncataloguedText } from '../../tests/pseudo'
import { createClients } from '@/data/client'
import { DataProvider } from '@/data/context'
import { PSEUDO_LOCALE, setLocale } from '@/domain/text'
import type { PortalAccountFragment } from '@/generated/graphql'
import { Home, type Viewer, type Worth } from './Home'
import { MovementsPage } from './Movements'
import { ownersLine } from './parts'

type Figure = Worth['netWorth']
type Access = Viewer['accesses'][number]

vi.stubGlobal('fetch', () => new Promise(() => {}))

const figure = (value: string | null, message?: string): Figure => ({
  __typename: 'MoneyFigure',
  value,
  currency: 'USD',
  asOf: '2021-03-31',
  basis: 'trade date',
  source: 'own books',
  computedAt: '2021-03-31T20:00:00Z',
  quality: value === null ? 'UNAVAILABLE' : 'COMPLETE',
  bookVersion: '3',
  reasons: message ? [{ __typename: 'FigureReason', code: 'UNPRICED', message }] : [],
  explain: { __typename: 'Explain', formula: 'Sum', version: '1', inputs: [], sources: [] },
})

const account = (id: string, name: string, value: Figure, more: Partial<PortalAccountFragment> = {}): PortalAccountFragment => ({
  __typename: 'Account',
  id,
  asOf: '2021-03-31',
  name,
  accountNumberLast4: '7718',
  accountType: 'PLAN_529',
  custodian: 'Cascade Custody',
  currency: 'USD',
  closedOn: null,
  custodianshipEndsOn: null,
  hiddenOwners: 0,
  viewerShare: null,
  households: [],
  owners: [],
  marketValue: value,
  ...more,
})

const access = (id: string, relationship: Access['relationship'], label: string | null, more: Partial<Access> = {}): Access => ({
  __typename: 'ViewerAccess',
  id,
  relationship,
  state: 'IN_FORCE',
  effectiveFrom: '2021-01-01',
  effectiveTo: null,
  accountCount: 1,
  subject: label === null ? null : { __typename: 'SubjectRef', id: `s-${id}`, kind: 'account', label },
  ...more,
})

const worth = (net: Figure, accounts: PortalAccountFragment[], more: Partial<Worth> = {}): Worth => ({
  __typename: 'Worth',
  id: 'u',
  asOf: '2021-03-31',
  currency: 'USD',
  assets: net,
  liabilities: figure('0'),
  netWorth: net,
  accounts,
  debts: [],
  ...more,
})

const viewer = (over: Partial<Viewer>): Viewer => ({
  __typename: 'Viewer',
  id: 'u',
  name: 'Ruth',
  email: 'r@x.example',
  kind: 'CLIENT',
  accesses: [access('g1', 'GUARDIAN', 'Clara 529 plan')],
  needs: [],
  party: null,
  worth: null,
  ...over,
})

const show = (who: Viewer, capacity: string | null = null) =>
  render(
    <DataProvider value={{ ...createClients(cacheExchange), firm: FIRM }}>
      <Home viewer={who} capacity={capacity} onGap={() => {}} />
    </DataProvider>,
  )

afterEach(() => setLocale('en-US'))

describe('the home of a client', () => {
  it('shows the value as the server sums it, and calls it net worth only where it is the person’s own', () => {
    const total = worth(figure('148902.35'), [account('a', 'Clara 529 plan', figure('148902.35'))])
    const { unmount } = show(viewer({ worth: total }))
    expect(screen.getByText('Value together')).toBeInTheDocument()
    expect(screen.getByText('Clara 529 plan, as guardian')).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Clara 529 plan' })).toHaveAttribute('href', '/portal/accounts/a')
    unmount()
    show(viewer({ worth: total, accesses: [access('g1', 'SELF', 'Whitfield Family')] }))
    expect(screen.getByText('Net worth')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: '$148,902.35' })).toBeInTheDocument()
  })

  it('puts debts beside what is owned, and takes the difference from the server', () => {
    const debt: Worth['debts'][number] = {
      __typename: 'Liability', id: 'l', name: 'Mortgage', kind: 'MORTGAGE', lender: 'First Ridge', currency: 'USD', balanceDate: '2021-03-31',
      interestRate: '0.03', maturesOn: null, hiddenOwners: 1, viewerShare: '0.7', owners: [], balance: figure('400000'),
    } // prettier-ignore
    const own = worth(figure('600000'), [account('a', 'Joint', figure('1000000'))], { assets: figure('1000000'), liabilities: figure('400000'), debts: [debt] })
    show(viewer({ worth: own }))
    expect(screen.getByText('Debts', { selector: '.text-14' })).toBeInTheDocument()
    expect(screen.getByText('$600,000.00', { selector: 'data' })).toBeInTheDocument()
    expect(screen.getByText('Your share 70%, shared with another owner')).toBeInTheDocument()
  })

  it('says why a value is missing and never shows a zero in its place', () => {
    const none = figure(null, 'Art collection has no price.')
    const { container } = show(viewer({ worth: worth(none, [account('a', 'Art', none)]) }))
    expect(screen.getAllByText(/Not available/).length).toBeGreaterThan(0)
    expect(container).toHaveTextContent('Art collection has no price.')
    expect(container).not.toHaveTextContent('$0')
  })

  it('asks for what is due, the most urgent with the strong button', () => {
    const needs: Viewer['needs'] = [
      { __typename: 'ViewerNeed', kind: 'REVIEW_DETAILS', dueOn: '2021-02-28', isOverdue: true, subject: { __typename: 'SubjectRef', id: 'p', kind: 'party', label: 'Edith Thorne' } },
      { __typename: 'ViewerNeed', kind: 'COMING_OF_AGE', dueOn: '2021-04-23', isOverdue: false, subject: { __typename: 'SubjectRef', id: 'acc', kind: 'account', label: 'Mateo UTMA' } },
    ]
    show(viewer({ worth: worth(figure('1'), [account('a', 'One', figure('1'))]), needs }))
    const section = screen.getByRole('heading', { name: 'Needs you' }).closest('section') as HTMLElement
    expect(within(section).getByText('Was due on 28 Feb 2021')).toBeInTheDocument()
    expect(within(section).getByRole('link', { name: 'Review: Look over the details of Edith Thorne' })).toHaveAttribute('href', '/portal/review/p')
    expect(within(section).getByText('From 23 Apr 2021 the account belongs to the person who comes of age.')).toBeInTheDocument()
  })

  it('lets somebody with several capacities choose, with until when', () => {
    const accesses = [access('g1', 'SELF', 'Petrov Household'), access('g2', 'PARENT', 'Theo 529 plan', { effectiveTo: '2021-06-30' })]
    show(viewer({ accesses, worth: worth(figure('1'), [account('a', 'One', figure('1'))]) }), 'g2')
    expect(screen.getByRole('combobox')).toHaveValue('g2')
    expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual([
      'Everything you may see',
      'Petrov Household, your own',
      'Theo 529 plan, as parent, through 29 Jun 2021',
    ])
  })

  it('is friendly where nothing is open: not yet, or no longer', async () => {
    const { unmount } = show(viewer({ accesses: [], worth: worth(figure('0'), []) }))
    expect(await screen.findByText('No accounts to show yet')).toBeInTheDocument()
    expect(screen.getByText(/help@harborpine\.example/)).toBeInTheDocument()
    unmount()
    show(viewer({ accesses: [access('g', 'ACCOUNTANT', null, { state: 'ENDED', effectiveTo: '2021-02-28' })], worth: worth(figure('0'), []) }))
    expect(await screen.findByText('Your access has ended')).toBeInTheDocument()
    expect(screen.getByText(/as accountant through 27 Feb 2021/)).toBeInTheDocument()
  })

  it('takes every word from the catalogue', () => {
    setLocale(PSEUDO_LOCALE)
    const { container } = show(viewer({ worth: worth(figure('148902.35'), [account('a', 'Clara 529 plan', figure('148902.35'))]) }))
    const data = ['Clara 529 plan', 'Cascade Custody', 'trade date', 'help@harborpine.example', '31 Mar 2021', '7718']
    expect(uncataloguedText(container, data)).toEqual([])
  })
})

describe('whose an account is', () => {
  const owner = (id: string, name: string, role = 'JOINT_SURVIVORSHIP') => ({ role, share: null, party: { id, name } })
  it.each([
    ['alone', { hiddenOwners: 0, viewerShare: '1', owners: [owner('me', 'Ida')] }, 'Yours alone'],
    ['with somebody hidden', { hiddenOwners: 1, viewerShare: '0.5', owners: [owner('me', 'Ida')] }, 'Your share 50%, shared with another owner'],
    ['a third of it', { hiddenOwners: 2, viewerShare: '0.333333333333', owners: [owner('me', 'Ida')] }, 'Your share 33.33%, shared with 2 other owners'],
    ['of somebody else', { hiddenOwners: 0, viewerShare: null, owners: [owner('x', 'Theo', 'MINOR'), owner('me', 'Ida', 'CUSTODIAN')] }, 'Belongs to Theo'],
    ['nobody is named', { hiddenOwners: 0, viewerShare: null, owners: [] }, ''],
  ])('%s', (_case, owned, words) => {
    expect(ownersLine(owned, 'me', 'en-US')).toBe(words)
  })
})

describe('the movements of a capacity', () => {
  const accounts = [account('a', 'Trust account', figure('10.00')), account('b', 'Trust savings', figure('5.00'))]
  const trust = access('g1', 'TRUSTEE', 'Lee Trust', { subject: { __typename: 'SubjectRef', id: 's-t', kind: 'party', label: 'Lee Trust' } })
  const open = (capacity: string | null) =>
    render(
      <DataProvider value={{ ...createClients(cacheExchange), firm: FIRM }}>
        <MovementsPage viewer={viewer({ worth: worth(figure('15.00'), accounts), accesses: [trust, access('g2', 'SELF', 'Own')] })} capacity={capacity} />
      </DataProvider>,
    )

  it('are told account by account where they cannot be told from those of another', () => {
    open('g1')
    expect(screen.getByText('Open an account to see its movements.')).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Trust savings' })).toHaveAttribute('href', '/portal/accounts/b')
    expect(screen.queryByRole('heading', { name: 'Movements', level: 2 })).toBeNull()
  })

  it('are one list of everything, and of an account', () => {
    const { unmount } = open(null)
    expect(screen.getByRole('heading', { name: 'Movements', level: 2 })).toBeInTheDocument()
    unmount()
    open('g2')
    expect(screen.getByRole('heading', { name: 'Movements', level: 2 })).toBeInTheDocument()
  })
})
