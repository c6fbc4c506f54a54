import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { Figure, MoneyFigure, type MoneyFigureValue } from './Figure'
import { setPrivacy } from './preferences'

const FIGURE: MoneyFigureValue = {
  value: '10162893.27',
  currency: 'USD',
  asOf: '2021-03-31',
  basis: 'market value',
  source: 'custodian values',
  quality: 'COMPLETE',
  reasons: [],
  computedAt: '2021-03-31T20:42:00Z',
  bookVersion: '12',
  explain: {
    formula: 'Sum over positions of quantity times price, plus cash.',
    version: 'VAL-1',
    inputs: [{ name: 'Joint brokerage', value: '$4,182,306.42', note: '12 positions' }],
    sources: [{ kind: 'PRICE', label: 'Official close', date: '2021-03-31' }],
  },
}

afterEach(() => setPrivacy(false))

describe('Figure', () => {
  it('keeps sign and colour apart', () => {
    render(
      <>
        <Figure kind="money" value="-310000" currency="USD" sign="always" />
        <Figure kind="percent" value="-0.0112" sign="always" tone="gain" />
      </>,
    )
    expect(screen.getByText('−$310,000.00')).not.toHaveClass('text-negative')
    expect(screen.getByText('−1.12%')).toHaveClass('text-negative')
  })

  it('says a word and the reason when there is no value, never a zero', () => {
    render(<Figure kind="money" value={null} reasons={[{ code: 'UNPRICED', message: 'No price for XYZ since 12 Mar 2021.' }]} />)
    expect(screen.getByText(/Not available/)).toHaveTextContent('Not available. No price for XYZ since 12 Mar 2021.')
    expect(screen.queryByText(/0/)).not.toHaveTextContent('$0')
  })

  it('hides amounts and quantities in privacy mode, and leaves shares and dates', () => {
    setPrivacy(true)
    const { container } = render(
      <>
        <Figure kind="money" value="12345.67" currency="USD" />
        <Figure kind="quantity" value="3100" />
        <Figure kind="percent" value="0.0411" />
        <Figure kind="date" value="2021-03-31" />
        <MoneyFigure figure={FIGURE} />
      </>,
    )
    expect(container).not.toHaveTextContent(/12,345|3,100|10,162/)
    expect(container.innerHTML).not.toMatch(/12345|3100|10162893/)
    expect(screen.getAllByText('Hidden')).toHaveLength(3)
    expect(container).toHaveTextContent('4.11%')
    expect(container).toHaveTextContent('31 Mar 2021')
  })

  it('explains itself: rule, formula, inputs, sources', async () => {
    const user = userEvent.setup()
    render(<MoneyFigure figure={FIGURE} name="Managed assets" />)
    const figure = screen.getByRole('button', { name: '$10,162,893.27' })
    expect(figure).toHaveClass('explainable')
    await user.click(figure)
    const panel = await screen.findByRole('dialog', { name: 'How is Managed assets computed?' }, { timeout: 8_000 })
    expect(panel).toHaveTextContent('Sum over positions of quantity times price, plus cash.')
    expect(panel).toHaveTextContent('Joint brokerage$4,182,306.4212 positions')
    expect(panel).toHaveTextContent('Official close31 Mar 2021')
    expect(panel).toHaveTextContent('Rule VAL-1')
    expect(panel).toHaveTextContent('Book version 12')
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
  })
})
