import type { AccountQuery } from '@/generated/graphql'
import { figure } from './rooms'

type Account = NonNullable<AccountQuery['account']>

/** The head of an account, as the pages under it are tested. */
export function account(over: Partial<Account> = {}): AccountQuery {
  return {
    __typename: 'Query',
    account: {
      __typename: 'Account',
      id: 'a1',
      externalId: 'A-0001',
      name: 'Joint brokerage',
      accountNumberLast4: '4471',
      accountType: 'ROTH_IRA',
      taxStatus: 'TAX_DEFERRED',
      custodian: 'Granite Trust',
      currency: 'USD',
      openedOn: '2015-02-03',
      closedOn: null,
      reconciledThrough: '2021-03-30',
      hasMargin: false,
      custodianshipEndsOn: null,
      tags: [],
      lotMethod: 'FIFO',
      asOf: '2021-03-31',
      version: 1,
      viewerCan: ['POST_TRANSACTION'],
      households: [{ __typename: 'HouseholdRef', id: 'h1', name: 'Whitfield Family' }],
      marketValue: figure('1229623.00'),
      accruedInterest: figure('0.00'),
      cash: figure('1000.00'),
      cashShare: '0.00081326',
      settledCash: figure('750.00'),
      ...over,
    },
  }
}
