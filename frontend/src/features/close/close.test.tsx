import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { CloseListDocument, RunCloseDocument, type CloseDayFragment } from '@/generated/graphql'
import { answer, failing, refusal, renderRoom } from '../../../tests/rooms'
import { countWords } from './words'

type Row = CloseDayFragment['stages'][number]
const NAMES = ['PRICES', 'ACTIONS', 'VALUATIONS', 'PERFORMANCE', 'FINDINGS'] as const

function stage(name: Row['stage'], over: Partial<Row> = {}): Row {
  return {
    __typename: 'CloseStage',
    stage: name,
    state: 'DONE',
    attempts: 1,
    startedAt: '2021-04-01T04:00:00Z',
    finishedAt: '2021-04-01T04:00:07Z',
    seconds: 7.2,
    problem: null,
    bookVersion: '12',
    counts: [],
    ...over,
  }
}

function close(over: Partial<CloseDayFragment> = {}): CloseDayFragment {
  return { __typename: 'Close', day: '2021-03-31', state: 'DONE', job: null, stages: NAMES.map((name) => stage(name)), ...over }
}

const list = (days: CloseDayFragment[], viewerCan: 'RUN_CLOSE'[] = ['RUN_CLOSE']) =>
  answer(CloseListDocument, () => ({
    __typename: 'Query' as const,
    closes: { __typename: 'Closes' as const, businessDate: '2021-03-31', hasNext: false, viewerCan, days },
  }))

describe('the nightly close', () => {
  it('stands on a rail of its five stages with what each counted', async () => {
    const stages = NAMES.map((name) => stage(name, name === 'FINDINGS' ? { counts: [{ __typename: 'CloseCount', name: 'invariantsBroken', value: '0' }] } : {}))
    renderRoom('/close', { answers: [list([close({ stages })])] })
    const rail = await screen.findByRole('list', { name: /^Stages of/ })
    expect(within(rail).getAllByRole('listitem')).toHaveLength(5)
    expect(within(rail).getByText('everything holds')).toBeVisible()
    expect(within(rail).getAllByText('7 seconds')).toHaveLength(5)
  })

  it('says why it stopped and where', async () => {
    const stages = NAMES.map((name, at) => stage(name, at < 2 ? {} : at === 2 ? { state: 'FAILED', problem: 'the disk is full' } : { state: 'WAITING', seconds: null, finishedAt: null, startedAt: null, attempts: 0 }))
    renderRoom('/close', { answers: [list([close({ state: 'FAILED', stages })])] })
    expect(await screen.findByText('Valuations: the disk is full')).toBeVisible()
    expect(screen.getByText('Valuations').closest('li')).toHaveAttribute('aria-current', 'step')
  })

  it('is run again by those who may; a refusal is said', async () => {
    const refused = failing(RunCloseDocument, refusal('Conflict', 'the close of 31 Mar 2021 is running; nothing was started'))
    renderRoom('/close', { answers: [list([close()]), refused] })
    await userEvent.click(await screen.findByRole('button', { name: /^Close .* again$/ }))
    expect(await screen.findByText(/is running; nothing was started/)).toBeVisible()
  })

  it('offers nothing to who may only look', async () => {
    renderRoom('/close', { answers: [list([close()], [])] })
    await screen.findByRole('list', { name: /^Stages of/ })
    expect(screen.queryByRole('button', { name: /^Close/ })).toBeNull()
  })
})

describe('what a stage counted', () => {
  it('is said in words, and nothing of what there is none of', () => {
    const counts = [
      { name: 'securities', value: '120' },
      { name: 'faults', value: '0' },
      { name: 'closed', value: '0' },
      { name: 'month', value: '2021-02-28' },
      { name: 'somethingNew', value: 'x' },
    ]
    expect(countWords(counts, 'en-US')).toEqual(['120 securities looked at', 'no fault', 'for the month to 28 Feb 2021', expect.stringContaining('x')])
  })
})
