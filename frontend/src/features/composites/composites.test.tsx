import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { CompositeReportDocument, CompositesDocument, type CompositeReportQuery } from '@/generated/graphql'
import { answer, renderRoom } from '../../../tests/rooms'

type Composite = NonNullable<CompositeReportQuery['composite']>
type Year = Composite['years'][number]

const shown = (value: string | null, path = '2020/net') => ({
  __typename: 'ReturnFigure' as const,
  value,
  reason: value === null ? { __typename: 'FigureReason' as const, code: 'TOO_FEW_OBSERVATIONS', message: 'there are too few observations' } : null,
  asOf: '2021-03-31',
  basis: 'TWR net',
  source: 'LEDGER',
  computedAt: '2021-03-31T20:00:00Z',
  quality: value === null ? ('UNAVAILABLE' as const) : ('COMPLETE' as const),
  measuredFrom: null,
  path,
})

const money = (value: string) => ({
  __typename: 'MoneyFigure' as const,
  value,
  currency: 'USD',
  asOf: '2021-03-31',
  basis: 'MARKET_VALUE',
  source: 'LEDGER',
  computedAt: '2021-03-31T20:00:00Z',
  quality: 'COMPLETE' as const,
  reasons: [],
})

function year(over: Partial<Year> = {}): Year {
  return {
    __typename: 'CompositeYear',
    year: 2020,
    begin: '2019-12-31',
    end: '2020-12-31',
    monthCount: 12,
    net: shown('0.20247894'),
    gross: shown('0.21000000'),
    benchmark: shown('0.18000000'),
    equalWeightedDispersion: shown('0.01707825'),
    assetWeightedDispersion: shown('0.01490712'),
    lowest: '0.06000000',
    highest: '0.11000000',
    comparedCount: 6,
    deviation: shown(null),
    benchmarkDeviation: shown(null),
    memberCount: 7,
    assets: money('5803.70'),
    firmAssets: money('90210.00'),
    ...over,
  }
}

const report = () =>
  answer(CompositeReportDocument, () => ({
    __typename: 'Query' as const,
    composite: {
      __typename: 'Composite' as const,
      id: 'c1',
      name: 'US equity',
      description: 'All discretionary accounts of US equity.',
      currency: 'USD',
      minimumAssets: '500.00',
      benchmark: { __typename: 'BenchmarkRef' as const, id: 'b1', name: 'S&P 500' },
      asOf: '2021-03-31',
      policy: { __typename: 'AppliedPolicy' as const, version: '1', digest: 'abc', choices: [] },
      members: [
        { __typename: 'CompositeMember' as const, accountId: 'a1', accountName: 'Growth account', from: '2019-01-01', to: null, authorName: 'Priya Raman', reason: 'Its mandate', recordedAt: '2021-03-31T20:00:00Z', endAuthorName: null, endReason: null },
        { __typename: 'CompositeMember' as const, accountId: 'a2', accountName: 'Old account', from: '2019-01-01', to: '2020-06-15', authorName: 'Priya Raman', reason: 'Its mandate', recordedAt: '2021-03-31T20:00:00Z', endAuthorName: 'Priya Raman', endReason: 'Restricted by the client' },
      ],
      years: [year(), year({ year: 2021, monthCount: 3, lowest: null, highest: null, assetWeightedDispersion: shown(null), equalWeightedDispersion: shown(null) })],
      months: [{ __typename: 'CompositeMonth' as const, end: '2020-02-29', leftOut: [{ __typename: 'LeftOutMember' as const, accountId: 'a1', accountName: 'Growth account', reason: 'BELOW_MINIMUM' as const }] }],
    },
  }))

const manager = { permissions: ['findings.read', 'performance.manage'] }

describe('composites', () => {
  it('are listed with what they are and how many accounts they have', async () => {
    const list = answer(CompositesDocument, () => ({
      __typename: 'Query' as const,
      composites: [{ __typename: 'CompositeRef' as const, id: 'c1', name: 'US equity', description: 'All of US equity.', currency: 'USD', minimumAssets: null, memberCount: 2 }],
    }))
    renderRoom('/composites', { answers: [list], viewer: manager })
    expect(await screen.findByRole('link', { name: 'US equity' })).toHaveAttribute('href', '/composites/c1')
    expect(screen.getByText('any')).toBeVisible()
    expect(screen.getByRole('button', { name: 'New composite' })).toBeVisible()
  })

  it('show net beside gross, dispersion and assets by year, the latest first, and who belongs why', async () => {
    renderRoom('/composites/c1', { answers: [report()], viewer: { permissions: ['findings.read'] } })
    const table = await screen.findByRole('table', { name: 'Returns, dispersion and assets by year' })
    const [, first, second] = within(table).getAllByRole('row')
    expect(first).toHaveTextContent('2021')
    expect(first).toHaveTextContent('3 months')
    expect(second).toHaveTextContent('+20.25')
    expect(second).toHaveTextContent('+21.00')
    expect(second).toHaveTextContent('1.49')
    expect(second).toHaveTextContent('5,803.70')
    expect(within(table).getByRole('columnheader', { name: 'Benchmark' })).toBeVisible()
    expect(screen.getByText(/^Benchmark: S&P 500\./)).toBeVisible()
    const members = screen.getByRole('table', { name: 'Accounts of the composite, with their days' })
    expect(members).toHaveTextContent('Restricted by the client (Priya Raman)')
    expect(screen.getByRole('table', { name: /did not take part/ })).toHaveTextContent('below the minimum at the opening')
    expect(screen.queryByRole('button', { name: 'Add an account' })).toBeNull()
  })

  it('are changed by who may, and a reason is asked for', async () => {
    const { user, asked } = renderRoom('/composites/c1', { answers: [report()], viewer: manager })
    await user.click(await screen.findByRole('button', { name: 'Remove: Growth account' }))
    const dialog = await screen.findByRole('dialog', { name: 'Remove Growth account from US equity' })
    await user.click(within(dialog).getByRole('button', { name: 'Remove' }))
    expect(within(dialog).getAllByText('Needed.')).toHaveLength(2)
    expect(asked.map(({ name }) => name)).not.toContain('RemoveCompositeMembers')
  })
})
