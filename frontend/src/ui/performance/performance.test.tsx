import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { EnvironmentProvider } from '../environment'
import { ExplainAside } from '../explain/ExplainAside'
import type { ExplainFacts } from '../ExplainPanel'
import { BarList } from './Bars'
import { Calendar } from './Calendar'
import { Charges } from './Charges'
import { Contribution } from './Contribution'
import { GainSplit } from './GainSplit'
import { GrowthChart } from './GrowthChart'
import { KnownAtBanner, KnownAtControl } from './KnownAt'
import { MoneyWeighted } from './MoneyWeighted'
import { PeriodControl } from './PeriodControl'
import { PeriodTable } from './PeriodTable'
import { PolicyNote } from './PolicyNote'
import { ReturnFigure } from './ReturnFigure'
import { Risk, type RiskView } from './Risk'
import type { PeriodReturns, ReturnFigureValue } from './types'

const explain = (over: Partial<ExplainFacts> = {}): ExplainFacts => ({
  formula: 'Sub-period returns linked by product, less one.',
  version: 'TWR 1',
  inputs: [{ name: 'begin', value: '2020-12-31' }],
  sources: [],
  ...over,
})

function of(value: string | null, message?: string, over: Partial<ReturnFigureValue> = {}): ReturnFigureValue {
  return {
    value,
    reason: message ? { code: 'HISTORY_TOO_SHORT', message } : null,
    asOf: '2021-03-31',
    basis: 'TWR net',
    source: 'own books',
    computedAt: '2021-03-31T20:00:00Z',
    quality: value === null ? 'UNAVAILABLE' : 'COMPLETE',
    path: value === null ? null : 'YTD/net',
    ...over,
  }
}

function period(kind: PeriodReturns['kind'], over: Partial<PeriodReturns> = {}): PeriodReturns {
  return {
    kind,
    begin: '2020-12-31',
    end: '2021-03-31',
    days: 90,
    net: of('0.06420000'),
    gross: of('0.06610000'),
    netAnnualised: of(null, 'a return of less than a year is not annualised'),
    grossAnnualised: of(null),
    benchmark: of('0.05950000'),
    benchmarkAnnualised: of(null),
    excess: of('0.00470000'),
    ...over,
  }
}

const THREE = period('THREE_YEARS', { begin: '2018-03-31', days: 1096, net: of('0.50610000'), netAnnualised: of('0.14620000'), grossAnnualised: of('0.15440000'), benchmarkAnnualised: of('0.13400000') })
const SHORT = period('TEN_YEARS', { net: of(null, 'the history begins within the period'), gross: of(null, 'the history begins within the period'), benchmark: of(null), excess: of(null) })

describe('returns by period', () => {
  it('stand net and gross beside each other in every row, and per year only where there is a figure', () => {
    render(<PeriodTable periods={[period('YTD'), THREE]} chosen="YTD" hasBenchmark />)
    const rows = screen.getAllByRole('row').map((row) => row.textContent)
    expect(rows).toEqual([
      'Time-weightedNet of feesGross of feesBenchmarkNet minus benchmark',
      'Year to date31 Dec 2020 to 31 Mar 2021+6.42%+6.61%+5.95%+0.47%',
      '3 years31 Mar 2018 to 31 Mar 2021+50.61%+6.61%+5.95%+0.47%',
      '3 years, a year+14.62%+15.44%+13.40%\u00a0',
    ])
  })

  it('say why there is no figure, and never a zero', () => {
    render(<PeriodTable periods={[SHORT]} chosen="YTD" hasBenchmark />)
    const row = screen.getAllByRole('row')[1]
    expect(row).toHaveTextContent('no figure. the history begins within the period')
    expect(row).not.toHaveTextContent('0.00%')
  })

  it('leave the benchmark out where there is none', () => {
    render(<PeriodTable periods={[period('YTD', { benchmark: null, excess: null })]} chosen="YTD" hasBenchmark={false} />)
    expect(screen.getAllByRole('columnheader')).toHaveLength(3)
  })
})

describe('the period control', () => {
  it('says which period holds and changes it', async () => {
    const user = userEvent.setup()
    const onPeriod = vi.fn()
    const onFrom = vi.fn()
    render(<PeriodControl period="YTD" from={null} latest="2021-03-31" onPeriod={onPeriod} onFrom={onFrom} />)
    expect(screen.getByRole('button', { name: 'YTD Year to date' })).toHaveAttribute('aria-pressed', 'true')
    await user.click(screen.getByRole('button', { name: '3Y 3 years' }))
    expect(onPeriod).toHaveBeenCalledWith('THREE_YEARS')
    await user.type(screen.getByRole('textbox', { name: 'From' }), '15 Jan 2020{Enter}')
    expect(onFrom).toHaveBeenLastCalledWith('2020-01-15')
  })
})

describe('the chart', () => {
  const days = [
    { day: '2021-03-29', value: '100.00', netContributions: '100.00', growthNet: '1.00000000', growthGross: '1.00000000', benchmarkGrowth: '1.00000000' },
    { day: '2021-03-30', value: '104.00', netContributions: '100.00', growthNet: '1.04000000', growthGross: '1.04010000', benchmarkGrowth: '0.99000000' },
    { day: '2021-03-31', value: '156.00', netContributions: '150.00', growthNet: '1.06420000', growthGross: '1.06610000', benchmarkGrowth: '1.05950000' },
  ]

  it('reads out the last day, and any other by the arrow keys', async () => {
    const user = userEvent.setup()
    render(<GrowthChart days={days} currency="USD" benchmark="Policy benchmark" />)
    const readout = screen.getByRole('figure')
    expect(readout).toHaveTextContent('31 Mar 2021')
    expect(readout).toHaveTextContent('Portfolio, net+6.42%Portfolio, gross+6.61%Policy benchmark+5.95%Value$156.00Net contributions$150.00')
    const slider = screen.getByRole('slider')
    slider.focus()
    await user.keyboard('{ArrowLeft}')
    expect(readout).toHaveTextContent('Portfolio, net+4.00%')
    expect(readout).toHaveTextContent('Policy benchmark−1.00%')
    expect(slider).toHaveAttribute('aria-valuetext', '30 Mar 2021, Portfolio, net +4.00%, Portfolio, gross +4.01%, Policy benchmark −1.00%, Value $104.00, Net contributions $100.00')
  })

  it('is a table when asked, with the same words', async () => {
    const user = userEvent.setup()
    render(<GrowthChart days={days} currency="USD" benchmark={null} />)
    await user.click(screen.getByRole('button', { name: 'Show as table' }))
    const rows = within(screen.getByRole('table')).getAllByRole('row')
    expect(rows[3]).toHaveTextContent('31 Mar 2021+6.42%+6.61%$156.00$150.00')
    expect(screen.queryByText(/benchmark/i)).not.toBeInTheDocument()
  })

  it('names each month under it once', () => {
    const year = Array.from({ length: 366 }, (_, at) => new Date(Date.UTC(2020, 2, 31 + at)).toISOString().slice(0, 10))
    const measured = vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 1_100, 240))
    const { container } = render(<GrowthChart days={year.flatMap((day) => days.slice(0, 1).map((each) => ({ ...each, day })))} currency="USD" benchmark={null} />)
    const named = [...container.querySelectorAll('svg[data-chart] text')].map((text) => text.textContent).filter((text) => /^[A-Z][a-z]{2} \d\d$/.test(text ?? ''))
    measured.mockRestore()
    expect(named.length).toBeGreaterThan(3)
    expect(new Set(named).size).toBe(named.length)
  })

  it('is not drawn from one day', () => {
    render(<GrowthChart days={days.slice(0, 1)} currency="USD" benchmark={null} />)
    expect(screen.getByText(/There is no course to draw/)).toBeInTheDocument()
  })
})

describe('an explanation', () => {
  const child = explain({
    formula: '(closing + outflow) / (opening + inflow) - 1',
    inputs: [],
    table: { columns: ['day', 'return', 'growth', 'file'], rows: [['2021-03-15', '-0.04721724', '0.95278276', 'transactions.csv:412']] },
    sources: [{ kind: 'TRANSACTION', label: 'Wire in, transactions.csv line 412', date: '2021-03-15' }],
  })
  const root = of('0.06420000')
  const first = explain({ parts: [{ id: 'YTD/net/0', name: 'March', value: '0.02910000', unit: 'fraction', note: '2 sub-periods' }] })

  it('is walked step by step down to rows and sources, beside the page', async () => {
    const user = userEvent.setup()
    const load = vi.fn(async (path: string) => (path === 'YTD/net' ? first : child))
    render(
      <ExplainAside load={load} foot={() => <p>Policy 3</p>}>
        <ReturnFigure figure={root} name="Net, year to date" />
      </ExplainAside>,
    )
    const figure = screen.getByRole('button', { name: '+6.42%' })
    await user.click(figure)
    const panel = screen.getByRole('complementary', { name: 'How is Net, year to date computed?' })
    expect(panel).toHaveFocus()
    expect(panel).toHaveTextContent('As of 31 Mar 2021, TWR net, own books')
    expect(panel).toHaveTextContent('Policy 3')
    await user.click(await within(panel).findByRole('button', { name: /^March/ }))
    expect(panel).toHaveTextContent('Sub-period returns linked by product, less one.')
    expect(load.mock.calls).toEqual([['YTD/net'], ['YTD/net/0']])
    const step = await within(panel).findByRole('group', { name: 'March' })
    expect(step).toHaveTextContent('(closing + outflow) / (opening + inflow) - 1')
    expect(step).toHaveTextContent('15 Mar 2021−4.72%0.95278276transactions.csv:412')
    expect(step).toHaveTextContent('Wire in, transactions.csv line 412')
    await user.click(within(panel).getByRole('button', { name: /^March/ }))
    expect(within(panel).queryByRole('group', { name: 'March' })).not.toBeInTheDocument()
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('complementary')).not.toBeInTheDocument()
    expect(figure).toHaveFocus()
  })

  it('is given of a figure that is none too: why, and down to what is missing', async () => {
    const user = userEvent.setup()
    render(
      <ExplainAside load={async () => first}>
        <ReturnFigure figure={of(null, 'the history begins within the period', { path: '10Y/net' })} name="Net, 10 years" />
      </ExplainAside>,
    )
    await user.click(screen.getByRole('button', { name: 'no figure' }))
    const panel = screen.getByRole('complementary', { name: 'How is Net, 10 years computed?' })
    expect(panel).toHaveTextContent('the history begins within the period')
    expect(await within(panel).findByRole('button', { name: /^March/ })).toBeInTheDocument()
    expect(within(panel).queryByRole('button', { name: 'Copy value' })).not.toBeInTheDocument()
  })

  it('says when a step cannot be read', async () => {
    const user = userEvent.setup()
    render(
      <ExplainAside load={(path) => (path === 'YTD/net' ? Promise.resolve(first) : Promise.reject(new Error('lost')))}>
        <ReturnFigure figure={root} name="Net" />
      </ExplainAside>,
    )
    await user.click(screen.getByRole('button', { name: '+6.42%' }))
    await user.click(await screen.findByRole('button', { name: /^March/ }))
    expect(await screen.findByRole('alert')).toHaveTextContent('This part could not be read.')
  })
})

describe('the money-weighted return', () => {
  it('shows every root where there are several, and the reason', () => {
    render(<MoneyWeighted figure={of(null, 'several rates solve the flows; all of them are shown')} roots={['0.10100000', '0.39400000']} name="Money-weighted" />)
    expect(screen.getByText(/2 rates a year solve the flows/)).toHaveTextContent('2 rates a year solve the flows; each is shown: +10.10%, +39.40%')
  })

  it('is a figure alone where one root is it', () => {
    const { container } = render(<MoneyWeighted figure={of('0.07250000')} roots={['0.07250000']} name="Money-weighted" />)
    expect(container).toHaveTextContent(/^\+7\.25%$/)
  })
})

describe('parts of the whole', () => {
  const parts = [
    { key: 'a', label: 'GOOG', weight: '0.15', return: '0.17', contribution: '0.02360000' },
    { key: 'b', label: 'AAPL', weight: '0.15', return: '-0.07', contribution: '-0.01100000' },
  ]

  it('carry their sign in words and in the bar', () => {
    const { container } = render(<BarList label="Contribution" rows={parts.map((part) => ({ key: part.key, label: part.label, value: part.contribution }))} />)
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['GOOG+2.36%', 'AAPL−1.10%'])
    expect(container.querySelectorAll('.border-negative')).toHaveLength(1)
  })

  it('are a table when asked, and sum to the figure the server gives', async () => {
    const user = userEvent.setup()
    render(<Contribution parts={parts} total={of('0.01260000')} by="SECURITY" onBy={() => {}} period="Year to date" />)
    expect(screen.getByText('Sum of the parts').parentElement).toHaveTextContent('+1.26%')
    await user.click(screen.getByRole('button', { name: 'Show as table' }))
    expect(screen.getByRole('row', { name: /AAPL/ })).toHaveTextContent('AAPL15.00%−7.00%−1.10%')
  })
})

describe('the gain', () => {
  it('is split into its parts, what is taken off told as an amount paid', () => {
    const money = (value: string | null) => ({ value, currency: 'USD', asOf: '2021-03-31', basis: 'trade date', source: 'own books', quality: 'COMPLETE' as const, reasons: [] })
    const gain = { opening: money('1000'), closing: money('1486'), netFlows: money('0'), gain: money('486'), income: money('36'), realised: money('240'), unrealised: money('80'), currencyEffect: money('130'), fees: money('0'), expenses: money(null) }
    render(<GainSplit gain={gain} period="Year to date" />)
    expect(screen.getByRole('region', { name: 'Where the gain comes from' })).toHaveTextContent(
      'Value at the start$1,000.00Net contributions$0.00Gain+$486.00Income+$36.00Realised+$240.00Unrealised+$80.00Currency+$130.00Less fees$0.00Less expensesNot availableValue at the end$1,486.00',
    )
  })
})

describe('risk', () => {
  it('gives each statistic in its own writing, or its reason', () => {
    const risk: RiskView = {
      volatility: of('0.1234'),
      maxDrawdown: of('0.2011'),
      sharpe: of('1.234567'),
      sortino: of(null, 'no return is below the minimum acceptable one'),
      beta: of('0.98'),
      alpha: of('-0.0021'),
      trackingError: of('0.02'),
      informationRatio: of('-0.3'),
      upCapture: of('1.02'),
      downCapture: of('0.97'),
      drawdown: { peak: '2020-02-19', trough: '2020-03-23', recovery: null },
    }
    render(<Risk risk={risk} period="3 years" />)
    const told = screen.getByRole('region', { name: 'Risk' })
    expect(told).toHaveTextContent('Volatility12.34%')
    expect(told).toHaveTextContent('Largest drawdownFrom the top of 19 Feb 2020, to the bottom of 23 Mar 2020, not yet made good20.11%')
    expect(told).toHaveTextContent('Sharpe ratio1.23')
    expect(told).toHaveTextContent('no return is below the minimum acceptable one')
    expect(told).toHaveTextContent('Alpha, a year−0.21%')
    expect(told).toHaveTextContent('Information ratio−0.30')
  })
})

describe('the calendar', () => {
  it('opens a month to net, gross and benchmark', async () => {
    const user = userEvent.setup()
    render(
      <Calendar
        months={[
          { year: 2021, month: 1, net: '-0.00740000', gross: '-0.00700000', benchmark: '-0.01010000' },
          { year: 2021, month: 2, net: null, gross: null, benchmark: '0.02' },
          { year: 2021, month: null, net: '0.0642', gross: '0.0661', benchmark: '0.0595' },
        ]}
      />,
    )
    expect(screen.getByRole('row', { name: /2021/ })).toHaveTextContent('2021−0.74%no figure+6.42%')
    await user.click(screen.getByRole('button', { name: '−0.74%' }))
    expect(screen.getByRole('status')).toHaveTextContent('Jan 21: net −0.74%, gross −0.70%, benchmark −1.01%')
  })
})

describe('the policy', () => {
  it('is printed with its digest, and who chose each convention', () => {
    render(<PolicyNote policy={{ version: '3', digest: 'abcdef0123456789', choices: [{ name: 'flow_timing', value: 'SPLIT', origin: 'FIRM' }, { name: 'periods_per_year', value: '252', origin: 'HOUSEHOLD' }] }} />)
    expect(screen.getByText(/Calculation policy: Policy 3/)).toHaveTextContent('abcdef012345')
    expect(screen.getByText('Flow timing').parentElement).toHaveTextContent('Flow timingSplit set by the firm')
    expect(screen.getByText('Periods per year').parentElement).toHaveTextContent('252 set by the household')
  })
})

describe('the time machine', () => {
  const clock = { currency: 'USD', timeZone: 'America/New_York', businessDate: '2021-03-31', now: () => new Date('2026-11-21T20:00:00Z') }

  it('asks for a moment of the firm’s own clock', async () => {
    const user = userEvent.setup()
    const onChange = vi.fn()
    render(
      <EnvironmentProvider value={clock}>
        <KnownAtControl value={null} onChange={onChange} />
      </EnvironmentProvider>,
    )
    await user.click(screen.getByRole('button', { name: 'Known now' }))
    const dialog = await screen.findByRole('dialog', { name: 'As known on' })
    const day = within(dialog).getByRole('textbox', { name: 'Day of knowledge' })
    expect(day).toHaveValue('21 Nov 2026')
    await user.clear(day)
    await user.type(day, '15 Jun 2026{Tab}')
    await user.click(within(dialog).getByRole('button', { name: 'Show what was known' }))
    expect(onChange).toHaveBeenCalledWith('2026-06-15T19:00:00Z')
  })

  it('says over the page that it is not what is known now, and leads back', async () => {
    const user = userEvent.setup()
    const onBack = vi.fn()
    render(
      <EnvironmentProvider value={clock}>
        <KnownAtBanner value="2026-06-15T19:00:00Z" bookVersion="12" onBack={onBack} />
      </EnvironmentProvider>,
    )
    expect(screen.getByRole('status')).toHaveTextContent('As known on 15 Jun 2026, 15:00:00. What was recorded later is left out')
    await user.click(screen.getByRole('button', { name: 'Back to what is known now' }))
    expect(onBack).toHaveBeenCalled()
  })
})

describe('fees billed', () => {
  const charge = (over: object = {}) => ({ day: '2021-01-04', accountId: 'a1', accountName: 'Her IRA', type: 'ADVISORY_FEE' as const, amount: '125.00', currency: 'USD', isPaidElsewhere: false, share: '1', borne: '125.00', countsAs: 'FEE' as const, ...over })

  it('say who paid, and how what was paid outside enters the net return', () => {
    render(<Charges charges={[charge({ isPaidElsewhere: true }), charge({ accountName: 'His account' })]} period="Year to date" currency="USD" />)
    const [first, second] = screen.getAllByRole('listitem')
    expect(first).toHaveTextContent('4 Jan 2021')
    expect(first).toHaveTextContent('Her IRA')
    expect(first).toHaveTextContent('paid by an account outside')
    expect(first).toHaveTextContent('$125.00')
    expect(second).toHaveTextContent('paid here')
    expect(screen.getByText(/whoever paid\. What an account outside paid/)).toBeVisible()
  })

  it('of a share of an account stand with the share and what is borne of them', () => {
    const billed = [charge({ share: '0.5', borne: '62.50' }), charge({ currency: 'EUR', borne: null, borneReason: { code: 'RATE_MISSING', message: 'an exchange rate is missing' } })]
    render(<Charges charges={billed} period="Year to date" currency="USD" />)
    const [half, unknown] = screen.getAllByRole('listitem')
    expect(half).toHaveTextContent(/50(\.00)?\s?% of \$125\.00.*\$62\.50/)
    expect(unknown).toHaveTextContent('€125.00')
    expect(unknown).not.toHaveTextContent('$125.00')
  })

  it('are said to be none where there are none, and opened where there are many', async () => {
    const { rerender } = render(<Charges charges={[]} period="Month to date" currency="USD" />)
    expect(screen.getByText('No fee was billed in this period.')).toBeVisible()
    rerender(<Charges charges={Array.from({ length: 9 }, (_, at) => charge({ amount: `${at + 1}.00` }))} period="Year to date" currency="USD" />)
    expect(screen.getAllByRole('listitem')).toHaveLength(6)
    await userEvent.click(screen.getByRole('button', { name: 'Show all 9' }))
    expect(screen.getAllByRole('listitem')).toHaveLength(9)
  })
})
