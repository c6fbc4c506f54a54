import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { ConventionHouseholdDocument, ConventionsDocument, SetConventionsDocument, type ConventionsQuery, type SetConventionsMutationVariables } from '@/generated/graphql'
import { answer, renderRoom } from '../../../tests/rooms'
import { GROUPS, sentValue, valueWord } from './conventions'

type Policy = ConventionsQuery['calculationPolicy']
type Applied = Policy['effective']

const choice = (name: string, value: string, origin = 'default') => ({ __typename: 'PolicyChoice' as const, name, value, origin })

const CHOICES = [
  choice('flow_timing', 'SPLIT'),
  choice('large_flow_share', '0.05', 'firm'),
  choice('expenses', 'ADVISORY_FEE reduces net; OTHER reduces gross and net'),
  choice('fiscal_year_first_month', '4', 'household'),
]

const applied = (over: Partial<Applied> = {}): Applied => ({ __typename: 'AppliedPolicy', since: null, version: '1', digest: 'a1b2', choices: CHOICES, ...over })

function policy(over: Partial<Policy> = {}): ConventionsQuery {
  return {
    __typename: 'Query',
    reportPolicies: ['annual letter'],
    calculationPolicy: {
      __typename: 'CalculationPolicy',
      effective: applied({ since: '2021-01-01', version: '1+firm:2+household:1' }),
      turns: [applied({ choices: [choice('flow_timing', 'END_OF_DAY'), ...CHOICES.slice(1)] }), applied({ since: '2021-01-01', version: '1+firm:2+household:1' })],
      history: [
        {
          __typename: 'PolicyVersion',
          number: 1,
          effectiveFrom: '2021-01-01',
          changes: [choice('fiscal_year_first_month', '4', 'household')],
          authorName: 'Priya Raman',
          reason: 'Their year begins in April',
          recordedAt: '2021-03-01T15:00:00Z',
          bookVersion: '7',
        },
      ],
      ...over,
    },
  }
}

const household = answer(ConventionHouseholdDocument, () => ({ __typename: 'Query' as const, household: { __typename: 'Household' as const, id: 'h1', asOf: '2021-03-31', name: 'Whitfield Family' } }))
const manager = { permissions: ['findings.read', 'performance.manage'], scope: 'FIRM' as const }

describe('the words of conventions', () => {
  it('are sent as the server reads them, also where they are printed in others', () => {
    expect(sentValue('expenses', 'ADVISORY_FEE reduces net; OTHER reduces gross and net')).toBe('ADVISORY_FEE=NET;OTHER=GROSS_AND_NET')
    expect(sentValue('expenses', 'ADVISORY_FEE reduces neither; OTHER reduces net')).toBe('ADVISORY_FEE=NEITHER;OTHER=NET')
    expect(valueWord('en-US', 'expenses', 'ADVISORY_FEE=NET;OTHER=GROSS_AND_NET')).toBe('Advisory fees reduce net alone; other expenses reduce gross and net')
    expect(valueWord('en-US', 'large_flow_share', '0.05')).toBe('5.00%')
    expect(valueWord('en-US', 'fiscal_year_first_month', '4')).toBe('April')
    for (const { conventions } of GROUPS) for (const [name, way] of Object.entries(conventions)) if (way.kind === 'words') expect(new Set(way.words.map((word) => valueWord('en-US', name, word))).size).toBe(way.words.length)
  })
})

describe('conventions', () => {
  it('say which level chose each, how they changed from day to day, and why', async () => {
    const { lastAsked } = renderRoom('/settings/conventions?household=h1', { answers: [answer(ConventionsDocument, () => policy()), household], viewer: { permissions: ['findings.read'] } })
    const force = await screen.findByRole('region', { name: 'In force on 31 Mar 2021' })
    expect(lastAsked('Conventions')).toMatchObject({ householdId: 'h1', report: null })
    const row = (name: string) => within(force).getByRole('rowheader', { name }).closest('tr') as HTMLElement
    expect(row('First month of the fiscal year')).toHaveTextContent('April')
    expect(row('First month of the fiscal year')).toHaveTextContent('set by the household')
    expect(row('Large flow, part of the opening value')).toHaveTextContent('the firm')
    expect(row('Flows of a day with a value')).toHaveTextContent('the product')
    const turns = screen.getByRole('region', { name: 'From day to day' })
    expect(turns).toHaveTextContent('From 1 Jan 2021')
    expect(turns).toHaveTextContent('Flows of a day with a value: In at the start, out at the end of the day')
    expect(screen.getByRole('region', { name: 'Versions of this level' })).toHaveTextContent('Their year begins in April')
    expect(screen.queryByRole('button', { name: 'New version' })).toBeNull()
  })

  it('are set anew with a day and a reason; what is left as above is not sent', async () => {
    const set = answer(SetConventionsDocument, () => ({
      __typename: 'Mutation' as const,
      setCalculationPolicy: { __typename: 'SetCalculationPolicySuccess' as const, calculationPolicy: { __typename: 'CalculationPolicy' as const, effective: applied() } },
    }))
    const { user, asked, lastAsked } = renderRoom('/settings/conventions?household=h1', { answers: [answer(ConventionsDocument, () => policy()), household, set], viewer: manager })
    await screen.findByDisplayValue('Whitfield Family')
    await user.click(await screen.findByRole('button', { name: 'New version' }))
    const dialog = await screen.findByRole('dialog', { name: 'New version of the conventions: Whitfield Family' })
    expect(within(dialog).getByText('This level changes 1 convention')).toBeVisible()
    const write = async (label: string, text: string) => {
      await user.click(within(dialog).getByLabelText(label))
      await user.paste(text)
    }
    await write('Large flow, part of the opening value', 'x')
    await user.click(within(dialog).getByRole('button', { name: 'Set the conventions' }))
    expect(within(dialog).getByText('Say why')).toBeVisible()
    expect(within(dialog).getByText('A number such as 0.10, or nothing')).toBeVisible()
    expect(asked.map(({ name }) => name)).not.toContain('SetConventions')
    await user.clear(within(dialog).getByLabelText('Large flow, part of the opening value'))
    await write('Periods a year', '260')
    await write('Reason', 'As their trustee asks')
    await user.click(within(dialog).getByRole('button', { name: 'Set the conventions' }))
    await waitFor(() => expect(lastAsked('SetConventions')).toBeDefined())
    const { input } = lastAsked('SetConventions') as SetConventionsMutationVariables
    expect(input).toMatchObject({ householdId: 'h1', report: null, effectiveFrom: '2021-03-31', reason: 'As their trustee asks', expectedNumber: 1 })
    expect(input.changes).toEqual([
      { name: 'fiscal_year_first_month', value: '4' },
      { name: 'periods_per_year', value: '260' },
    ])
    expect(await screen.findByText('The conventions of Whitfield Family hold from 31 Mar 2021.')).toBeVisible()
  })
})
