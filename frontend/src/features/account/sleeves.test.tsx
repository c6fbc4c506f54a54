import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  AccountDocument,
  AccountSleevesDocument,
  JournalSleevesDocument,
  OpenSleeveDocument,
  SleeveReturnDocument,
  type JournalSleevesMutationVariables,
  type SleevePartsFragment,
  type SleeveReturnQueryVariables,
} from '@/generated/graphql'
import { account } from '../../../tests/account'
import { answer, figure, renderRoom } from '../../../tests/rooms'

function sleeve(over: Partial<SleevePartsFragment> = {}): SleevePartsFragment {
  return {
    __typename: 'Sleeve',
    id: 'v1',
    asOf: '2021-03-31',
    name: 'Core',
    strategy: null,
    isDefault: true,
    openedOn: null,
    closedOn: null,
    version: 1,
    currency: 'USD',
    share: '0.60000000',
    cashShare: '0.16666667',
    positionCount: 1,
    viewerCan: [],
    account: { __typename: 'AccountRef', id: 'a1', name: 'Joint brokerage', last4: '4471' },
    marketValue: figure('600.00'),
    accruedInterest: figure('0.00'),
    cash: figure('100.00'),
    settledCash: figure('100.00'),
    ...over,
  }
}

const SECOND = sleeve({ id: 'v2', name: 'Satellite', strategy: 'Large growth', isDefault: false, openedOn: '2020-11-02', share: '0.40000000', marketValue: figure('400.00'), cash: figure('50.00') })

const read = (viewerCan: ('POST_TRANSACTION' | 'EDIT_OWNERS')[]) => answer(AccountDocument, () => account({ viewerCan, marketValue: figure('1000.00'), cash: figure('150.00') }))
const listed = (sleeves: SleevePartsFragment[]) => answer(AccountSleevesDocument, () => ({ __typename: 'Query' as const, account: { __typename: 'Account' as const, id: 'a1', asOf: '2021-03-31', sleeves } }))
const RETURNS: Record<string, string> = { v1: '0.01000000', v2: '0.05000000', a1: '0.02500000' }
const returns = answer(SleeveReturnDocument, ({ scope }: SleeveReturnQueryVariables) => ({
  __typename: 'Query' as const,
  performance: {
    __typename: 'Performance' as const,
    asOf: '2021-03-31',
    periods: [
      {
        __typename: 'PeriodPerformance' as const,
        net: { __typename: 'ReturnFigure' as const, value: RETURNS[scope.sleeveId ?? scope.accountId ?? ''] ?? null, reason: null, asOf: '2021-03-31', basis: 'TWR net', source: 'own books', computedAt: '2021-03-31T20:00:00Z', quality: 'COMPLETE' as const, measuredFrom: null, path: 'YTD/net' },
      },
    ],
    course: { __typename: 'PerformanceCourse' as const, days: [{ __typename: 'CourseDay' as const, day: '2020-12-31', growthNet: '1' }, { __typename: 'CourseDay' as const, day: '2021-03-31', growthNet: '1.05' }] },
  },
}))

describe('the sleeves of an account', () => {
  it('stand beside the account with value, share, cash and the return of the period', async () => {
    const { lastAsked, user } = renderRoom('/accounts/a1/sleeves', { answers: [read([]), listed([sleeve(), SECOND]), returns] })
    const table = await screen.findByRole('region', { name: 'Sleeves of Joint brokerage' })
    const row = (name: RegExp) => within(within(table).getByRole('row', { name }))
    expect(row(/^Satellite/).getByText('Large growth, started 2 Nov 2020')).toBeVisible()
    expect(row(/^Satellite/).getByRole('button', { name: '$400.00' })).toBeVisible()
    expect(row(/^Satellite/).getByText('40.00%')).toBeVisible()
    expect(await row(/^Satellite/).findByText('+5.00%')).toBeVisible()
    expect(await row(/^The account/).findByText('+2.50%')).toBeVisible()
    expect(row(/^The account/).getByRole('button', { name: '$1,000.00' })).toBeVisible()
    expect(screen.queryByRole('button', { name: 'New sleeve' })).toBeNull()
    await user.click(screen.getByRole('button', { name: /MTD/ }))
    await waitFor(() => expect(lastAsked('SleeveReturn')).toMatchObject({ period: 'MTD' }))
  })

  it('say what a sleeve is where there is but one, and make another', async () => {
    const made = answer(OpenSleeveDocument, () => ({ __typename: 'Mutation' as const, openSleeve: { __typename: 'OpenSleeveSuccess' as const, sleeve: { __typename: 'Sleeve' as const, id: 'v2', asOf: '2021-03-31' } } }))
    const { user, lastAsked } = renderRoom('/accounts/a1/sleeves', { answers: [read(['EDIT_OWNERS', 'POST_TRANSACTION']), listed([sleeve({ share: '1.00000000' })]), returns, made] })
    expect(await screen.findByText('This account is run as one')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Move between sleeves' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'New sleeve' }))
    await user.click(await screen.findByRole('button', { name: 'Make the sleeve' }))
    expect(await screen.findByText('A sleeve needs a name.')).toBeVisible()
    await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Satellite')
    await user.click(screen.getByRole('button', { name: 'Make the sleeve' }))
    expect(await screen.findByText('The sleeve Satellite was made.')).toBeVisible()
    expect(lastAsked('OpenSleeve')).toMatchObject({ input: { accountId: 'a1', name: 'Satellite', strategy: null, openedOn: null } })
  })

  it('move cash after showing what it changes in both', async () => {
    const moved = answer(JournalSleevesDocument, ({ input }: JournalSleevesMutationVariables) => ({
      __typename: 'Mutation' as const,
      journalSleeves: {
        __typename: 'JournalSleevesSuccess' as const,
        dryRun: input.dryRun === true,
        currency: 'USD',
        security: null,
        left: { __typename: 'SleeveEnd' as const, sleeveId: 'v1', name: 'Core', cashBefore: '100.00', cashAfter: '60.00', quantityBefore: null, quantityAfter: null },
        arrived: { __typename: 'SleeveEnd' as const, sleeveId: 'v2', name: 'Satellite', cashBefore: '50.00', cashAfter: '90.00', quantityBefore: null, quantityAfter: null },
        lots: [],
        warnings: [],
      },
    }))
    const { user, lastAsked } = renderRoom('/accounts/a1/sleeves', { answers: [read(['POST_TRANSACTION']), listed([sleeve(), SECOND]), returns, moved] })
    await user.click(await screen.findByRole('button', { name: 'Move between sleeves' }))
    await user.type(await screen.findByRole('textbox', { name: 'Amount' }), '40')
    await user.click(screen.getByRole('button', { name: 'Check' }))
    expect(await screen.findByRole('row', { name: 'Cash of Satellite $50.00 $90.00' })).toBeVisible()
    expect(lastAsked('JournalSleeves')).toMatchObject({ input: { fromSleeveId: 'v1', toSleeveId: 'v2', amount: '40', dryRun: true } })
    await user.click(screen.getByRole('button', { name: 'Move it' }))
    expect(await screen.findByText('Moved from Core to Satellite.')).toBeVisible()
    expect(lastAsked('JournalSleeves')).toMatchObject({ input: { dryRun: false } })
  })
})
