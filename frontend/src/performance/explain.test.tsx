import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { typeName } from '@/ui/ledger/words'
import { ExplainAside } from '@/ui/explain/ExplainAside'
import { MoneyFigure } from '@/ui/Figure'
import { factsOf, type FaceWords } from './explain'

const ACCOUNT = '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001'
const ENTRY = '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0002'
const base = { __typename: 'Explain' as const, inputs: [], sources: [], table: null, parts: [], movements: [], positions: [] }

const flows: Parameters<typeof factsOf>[0] = {
  ...base,
  formula: 'net flows = sum of FLOW and OPENING_CHANGE',
  version: 'performance/1 scope.flows/1',
  table: { __typename: 'ExplainTable', columns: ['day', 'effect', 'account', 'amount', 'reference'], rows: [['2021-03-08', 'FLOW', ACCOUNT, '9500', ENTRY]] },
  parts: [{ __typename: 'ExplainPart', path: 'ITD/net/0/after-50', formula: 'scope.flows', value: null, reason: null, label: '+12' }],
  movements: [
    {
      __typename: 'ExplainMovement',
      day: '2021-03-08',
      effect: 'FLOW',
      accountId: 'acc-1',
      accountName: 'Receiver',
      amount: '9500',
      currency: 'USD',
      entry: {
        __typename: 'BookedEntry',
        id: 'txn-1', accountId: 'acc-1', accountName: 'Receiver', type: 'TRANSFER_IN', day: '2021-03-08', amount: '0', currency: 'USD', units: '100',
        securityName: 'Gift', description: 'From her mother', source: 'custodian', file: 'transactions.csv', line: 412,
      },
    },
    { __typename: 'ExplainMovement', day: '2021-03-16', effect: 'FEES_ELSEWHERE', accountId: null, accountName: null, amount: '8000', currency: 'USD', entry: null },
  ],
}
const account: Parameters<typeof factsOf>[0] = {
  ...base,
  formula: 'cash + positions',
  version: 'performance/1 account.value/1',
  inputs: [{ __typename: 'ExplainInput', name: 'value', value: '6900', note: 'EUR' }, { __typename: 'ExplainInput', name: 'policy', value: '3', note: null }],
  positions: [
    { __typename: 'ExplainPosition', securityName: 'Gift', units: '60', close: '100', currency: 'USD', multiplier: '1', rate: '0.9', value: '5400', accruedInterest: null, priceDay: '2021-03-31', priceSource: 'custodian', file: 'prices.csv', line: 77 },
    { __typename: 'ExplainPosition', securityName: 'Painting', units: '1', close: '1500', currency: 'EUR', multiplier: '1', rate: '1', value: '1500', accruedInterest: null, priceDay: '2021-03-15', priceSource: 'MANUAL', file: null, line: null },
  ],
}
const day: Parameters<typeof factsOf>[0] = {
  ...base,
  formula: 'sum over the accounts',
  version: 'performance/1 scope.value/1',
  parts: [{ __typename: 'ExplainPart', path: 'ITD/net/value-2021-03-31/account-a', formula: 'account.value', value: '8280.00 USD', reason: null, label: 'Receiver' }],
}
const APP: FaceWords = { entry: typeName }
const PORTAL: FaceWords = { entry: () => 'Received in kind', isPlain: true }

function walk(face: FaceWords) {
  const steps: Record<string, Parameters<typeof factsOf>[0]> = { 'ITD/net/value-2021-03-31': day, 'ITD/net/value-2021-03-31/account-a': account, 'ITD/net/0': flows }
  const figure = (value: string, path: string) => ({
    value, currency: 'USD', asOf: '2021-03-31', basis: 'trade date', source: 'own books', quality: 'COMPLETE' as const, reasons: [],
    explain: { formula: '', version: '', inputs: [], sources: [], parts: [{ path }] },
  })
  return render(
    <ExplainAside
      link={({ id, day: on }, name) => <a href={`/accounts/${id}/activity?from=${on}&to=${on}`}>{name}</a>}
      load={async (path) => {
        const step = steps[path]
        if (!step) throw new Error(path)
        return factsOf(step, 'en-US', face)
      }}
    >
      <MoneyFigure figure={figure('8280', 'ITD/net/value-2021-03-31')} name="Value at the end" />
      <MoneyFigure figure={figure('9500', 'ITD/net/0')} name="Net flows" />
    </ExplainAside>,
  )
}

describe('a figure walked down', () => {
  it('goes from a value to its accounts, and to positions with the line of each close', async () => {
    const user = userEvent.setup()
    walk(APP)
    await user.click(screen.getByRole('button', { name: /8,280/ }))
    const panel = screen.getByRole('complementary')
    await user.click(await within(panel).findByRole('button', { name: /^Receiver/ }))
    const step = await within(panel).findByRole('group', { name: 'Receiver' })
    expect(step).toHaveTextContent(/Gift.*5,400\.00.*60 × 100.*at the rate 0\.9.*Close of .*2021, prices\.csv, line 77/)
    expect(step).toHaveTextContent(/Painting.*Entered by hand/)
  })

  it('names account, entry, file and line of each flow, and links to the entries of the day', async () => {
    const user = userEvent.setup()
    walk(APP)
    await user.click(screen.getByRole('button', { name: /9,500/ }))
    const panel = screen.getByRole('complementary')
    expect(await within(panel).findByRole('link', { name: 'Receiver' })).toHaveAttribute('href', '/accounts/acc-1/activity?from=2021-03-08&to=2021-03-08')
    expect(panel).toHaveTextContent(/Transfer in.*100 Gift.*From her mother.*transactions\.csv, line 412/)
    expect(panel).toHaveTextContent(/An account outside.*fee paid by another account/)
    expect(panel).not.toHaveTextContent('0192aaaa')
    expect(within(panel).getByRole('button', { name: /^12 more/ })).toBeInTheDocument()
  })

  it('says it to clients in plain words', async () => {
    const user = userEvent.setup()
    walk(PORTAL)
    await user.click(screen.getByRole('button', { name: /9,500/ }))
    const panel = screen.getByRole('complementary')
    expect(await within(panel).findByText(/What came in less what went out/)).toBeInTheDocument()
    expect(panel).toHaveTextContent(/Received in kind.*From her mother/)
    expect(panel).not.toHaveTextContent(/OPENING_CHANGE|transactions\.csv|scope\.flows|0192aaaa/)
  })

  it('never shows ids in rows either', () => {
    expect(factsOf({ ...flows, movements: [] }, 'en-US', APP).table).toEqual({ columns: ['Day', 'Effect', 'Amount'], rows: [['2021-03-08', 'Flow', '9500']] })
  })
})
