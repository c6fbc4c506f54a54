import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { BenchmarkListDocument, BenchmarkPageDocument, ChangeBenchmarkDocument, type BenchmarkPageQuery, type ChangeBenchmarkMutationVariables } from '@/generated/graphql'
import { answer, renderRoom } from '../../../tests/rooms'
import { componentOf, emptyPart, fractionOf, isWhole, partProblems, sumOf } from './blend'

type Benchmark = NonNullable<BenchmarkPageQuery['benchmark']>

const part = (label: string, weight: string, securityId: string | null, yearlyRate: string | null) => ({
  __typename: 'BenchmarkPart' as const, label, weight, securityId, yearlyRate, currency: securityId ? 'USD' : null, assetClass: securityId ? 'EQUITY' : null,
})

function benchmark(over: Partial<Benchmark> = {}): BenchmarkPageQuery {
  return {
    __typename: 'Query',
    benchmark: {
      __typename: 'Benchmark',
      id: 'b1',
      name: '60/40',
      version: 2,
      asOf: '2021-03-31',
      blends: [
        { __typename: 'BenchmarkBlend', firstDay: '2015-01-02', rebalance: 'MONTHLY', parts: [part('S&P 500 ETF', '1', 's1', null)] },
        { __typename: 'BenchmarkBlend', firstDay: '2020-01-02', rebalance: 'QUARTERLY', parts: [part('S&P 500 ETF', '0.6', 's1', null), part('3 % a year', '0.4', null, '0.03')] },
      ],
      uses: [
        { __typename: 'BenchmarkUse', id: 'u1', householdId: 'h1', accountId: null, name: 'Whitfield Family', effectiveFrom: '2020-01-01', effectiveTo: null, reason: 'In their policy statement', authorName: 'Priya Raman', recordedAt: '2020-01-02T15:00:00Z' },
        { __typename: 'BenchmarkUse', id: 'u2', householdId: null, accountId: null, name: null, effectiveFrom: '2015-01-01', effectiveTo: '2020-01-01', reason: 'The house view', authorName: null, recordedAt: '2015-01-02T15:00:00Z' },
      ],
      course: {
        __typename: 'BenchmarkCourse',
        currency: 'USD',
        change: '0.32610000',
        reason: null,
        days: [
          { __typename: 'BenchmarkLevel', day: '2020-03-31', level: '100.00000000', reason: null },
          { __typename: 'BenchmarkLevel', day: '2021-03-31', level: '132.61000000', reason: null },
        ],
      },
      ...over,
    },
  }
}

const manager = { permissions: ['findings.read', 'performance.manage'], scope: 'FIRM' as const }

describe('a blend as it is typed', () => {
  it('is summed digit by digit, and sent as fractions', () => {
    const parts = [{ ...emptyPart('RATE', '33.3333'), rate: '2.5' }, { ...emptyPart('RATE', '66.6667'), rate: '-0.5' }]
    expect(sumOf(parts)).toBe('100')
    expect(isWhole(parts)).toBe(true)
    expect(isWhole([...parts, emptyPart('RATE', '0.0001')])).toBe(false)
    expect(parts.map((each) => componentOf(each, '2021-01-01'))).toEqual([
      { firstDay: '2021-01-01', weight: '0.333333', securityId: null, yearlyRate: '0.025' },
      { firstDay: '2021-01-01', weight: '0.666667', securityId: null, yearlyRate: '-0.005' },
    ])
    expect(fractionOf('x')).toBeNull()
    expect(partProblems(emptyPart())).toEqual({ security: 'Needed.', weight: 'A number such as 60 or 2.5' })
  })
})

describe('benchmarks', () => {
  it('are listed, each a place of its own', async () => {
    renderRoom('/settings/benchmarks', { answers: [answer(BenchmarkListDocument, () => ({ __typename: 'Query' as const, benchmarks: [{ __typename: 'BenchmarkRef' as const, id: 'b1', name: '60/40' }] }))], viewer: { permissions: ['findings.read'] } })
    expect(await screen.findByRole('link', { name: '60/40' })).toHaveAttribute('href', '/settings/benchmarks/b1')
    expect(screen.queryByRole('button', { name: 'New benchmark' })).toBeNull()
  })

  it('tell their levels, of what they are made since when, and whom they stand beside why', async () => {
    const { lastAsked } = renderRoom('/settings/benchmarks/b1?years=3', { answers: [answer(BenchmarkPageDocument, () => benchmark())], viewer: { permissions: ['findings.read'] } })
    const blends = await screen.findByRole('region', { name: 'What it is made of' })
    expect(lastAsked('BenchmarkPage')).toEqual({ id: 'b1', firstDay: '2018-04-01' })
    const [latest, first] = within(blends).getAllByRole('table')
    expect(latest).toHaveAccessibleName(/^From 2 Jan 2020/)
    expect(latest).toHaveTextContent('60.00%')
    expect(latest).toHaveTextContent('3 % a year')
    expect(first).toHaveAccessibleName(/^From 2 Jan 2015/)
    expect(within(screen.getByRole('region', { name: 'Levels' })).getByText('+32.61%')).toBeVisible()
    const uses = screen.getByRole('region', { name: 'Whom it stands beside' })
    expect(within(uses).getByRole('link', { name: 'Whitfield Family' })).toHaveAttribute('href', '/households/h1/performance')
    expect(uses).toHaveTextContent('1 Jan 2015 to 31 Dec 2019')
    expect(uses).toHaveTextContent('In their policy statement')
    expect(screen.queryByRole('button', { name: 'Change the blend' })).toBeNull()
  })

  it('are changed from a day on when the weights are 100 % together', async () => {
    const changed = answer(ChangeBenchmarkDocument, () => ({ __typename: 'Mutation' as const, changeBenchmark: { __typename: 'ChangeBenchmarkSuccess' as const, benchmark: { __typename: 'Benchmark' as const, id: 'b1', version: 3 } } }))
    const { user, asked, lastAsked } = renderRoom('/settings/benchmarks/b1', { answers: [answer(BenchmarkPageDocument, () => benchmark()), changed], viewer: manager })
    await user.click(await screen.findByRole('button', { name: 'Change the blend' }))
    const dialog = await screen.findByRole('dialog', { name: 'Change the blend of 60/40' })
    const write = async (label: string, text: string) => {
      const field = within(dialog).getByLabelText(label)
      await user.clear(field)
      await user.click(field)
      await user.paste(text)
    }
    await write('Weight of part 1, %', '70')
    await write('Reason', 'More equity')
    expect(within(dialog).getByText('Together 110.00%; 100 % is wanted.')).toBeVisible()
    await user.click(within(dialog).getByRole('button', { name: 'Change the blend' }))
    expect(asked.map(({ name }) => name)).not.toContain('ChangeBenchmark')
    await write('Weight of part 2, %', '30')
    expect(within(dialog).getByText('Together 100.00%')).toBeVisible()
    await user.click(within(dialog).getByRole('button', { name: 'Change the blend' }))
    await waitFor(() => expect(lastAsked('ChangeBenchmark')).toBeDefined())
    const { input } = lastAsked('ChangeBenchmark') as ChangeBenchmarkMutationVariables
    expect(input).toMatchObject({ benchmarkId: 'b1', expectedVersion: 2, rebalance: 'QUARTERLY', reason: 'More equity' })
    expect(input.components).toEqual([
      { firstDay: '2021-03-31', weight: '0.7', securityId: 's1', yearlyRate: null },
      { firstDay: '2021-03-31', weight: '0.3', securityId: null, yearlyRate: '0.03' },
    ])
  })
})
