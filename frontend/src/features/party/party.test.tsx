import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { announce } from '@/data/changes'
import {
  AddNoteDocument,
  NotesDocument,
  PartyDocument,
  RevealSensitiveDocument,
  TagSubjectsDocument,
  TimelineDocument,
  UntagSubjectsDocument,
  type NotePartsFragment,
  type PartyQuery,
  type RevealSensitiveMutation,
} from '@/generated/graphql'
import { answer, connection, failing, figure, reason, refusal, renderRoom, silent } from '../../../tests/rooms'

type Party = NonNullable<PartyQuery['party']>

const ref = (id: string, name: string, kind: 'PERSON' | 'TRUST' = 'PERSON') => ({ __typename: 'PartyRef' as const, id, name, kind })

function party(over: Partial<Party> = {}): PartyQuery {
  return {
    __typename: 'Query',
    party: {
      __typename: 'Party',
      id: 'p1',
      externalId: 'C-0001-1',
      kind: 'PERSON',
      status: 'ACTIVE',
      name: 'Eleanor Whitfield',
      givenName: 'Eleanor',
      familyName: 'Whitfield',
      birthDateKnown: true,
      taxIdLast4: '7697',
      taxIdType: 'SSN',
      citizenship: 'US',
      residence: 'US',
      jurisdiction: null,
      formedOn: null,
      endedOn: null,
      kycState: 'VERIFIED',
      kycVerifiedOn: '2018-11-17',
      kycRefreshDue: '2023-11-18',
      riskProfile: 'MODERATE',
      riskAssessedOn: null,
      asOf: '2021-03-31',
      version: 3,
      tags: ['VIP'],
      viewerCan: ['REVEAL_SENSITIVE', 'WRITE_NOTE', 'TAG'],
      contacts: [{ __typename: 'PartyContact', kind: 'PHONE', label: 'mobile', value: '+1 303 555 0104', isPrimary: true }],
      relationships: [{ __typename: 'PartyRelationship', id: 'r1', kind: 'ACCOUNTANT', isInverse: true, effectiveFrom: '1900-01-01', effectiveTo: null, other: ref('p9', 'Marisol Vega') }],
      ownerships: [],
      holdings: [{ __typename: 'PartyOwnership', share: '0.5', effectiveFrom: '2015-10-08', effectiveTo: null, party: ref('p5', 'Whitfield Family Trust', 'TRUST') }],
      households: [{ __typename: 'PartyHousehold', role: 'HEAD', household: { __typename: 'HouseholdRef', id: 'h1', name: 'Whitfield Family' } }],
      netWorth: figure('5265087.13'),
      liabilities: [{ __typename: 'Liability', id: 'l1', name: 'Mortgage, Elm Street', kind: 'MORTGAGE', balanceDate: '2021-03-01', balance: figure('842116.00') }],
      accounts: connection('AccountConnection', [
        {
          __typename: 'Account' as const,
          id: 'a1',
          asOf: '2021-03-31',
          name: 'Joint brokerage',
          accountNumberLast4: '4471',
          accountType: 'JOINT',
          owners: [{ __typename: 'AccountOwner' as const, role: 'JOINT_COMMON' as const, share: '0.6', party: ref('p1', 'Eleanor Whitfield') }],
          marketValue: figure('4182306.42'),
        },
      ]),
      ...over,
    },
  }
}

const read = (over: Partial<Party> = {}) => answer(PartyDocument, () => party(over))

describe('a client', () => {
  it('says who it is, what it owns and owes, and with whom it is related', async () => {
    renderRoom('/parties/p1', { answers: [read()] })
    expect(await screen.findByRole('heading', { level: 1, name: 'Eleanor Whitfield' })).toBeVisible()
    expect(screen.getByText('KYC verified, refresh due 18 Nov 2023')).toBeVisible()
    expect(screen.getByText('Risk: Moderate')).toBeVisible()
    expect(screen.getByRole('link', { name: 'Head in Whitfield Family' })).toHaveAttribute('href', '/households/h1')
    expect(screen.getByRole('button', { name: '$5,265,087.13' })).toBeVisible()
    const grid = screen.getByRole('grid', { name: 'Accounts of Eleanor Whitfield' })
    expect(within(grid).getByText('Joint owner in common')).toBeVisible()
    expect(within(grid).getByText('60.00%')).toBeVisible()
    expect(within(screen.getByRole('region', { name: 'Owns' })).getByRole('link', { name: 'Whitfield Family Trust' })).toHaveAttribute('href', '/parties/p5')
    expect(screen.getByText('Mortgage, balance of 1 Mar 2021')).toBeVisible()
    expect(within(screen.getByRole('region', { name: 'Relationships' })).getByRole('listitem')).toHaveTextContent(/^Marisol Vega is accountant of Eleanor Whitfield$/)
  })

  it('warns when the refresh of what is known is overdue, and says what is partial', async () => {
    renderRoom('/parties/p1', { answers: [read({ kycRefreshDue: '2021-03-30', netWorth: figure('1.00', { quality: 'PARTIAL', reasons: [reason('UNPRICED', 'Art has no price.')] }) })] })
    expect(await screen.findByText('KYC refresh was due 30 Mar 2021')).toBeVisible()
    expect(screen.getByText('Art has no price.')).toBeVisible()
  })

  it('never tells a foreign client from a missing one, outlines while it waits, and says who to ask', async () => {
    const first = renderRoom('/parties/nope', { answers: [failing(PartyDocument, refusal('NOT_FOUND', 'No such party for you.'))] })
    expect(await screen.findByRole('heading', { name: 'This client cannot be shown' })).toBeVisible()
    first.unmount()
    const second = renderRoom('/parties/p2', { answers: [silent(PartyDocument)] })
    expect((await screen.findAllByText('Loading')).length).toBeGreaterThan(0)
    second.unmount()
    renderRoom('/parties/p3', { answers: [failing(PartyDocument, refusal('FORBIDDEN', 'It needs parties.read.'))] })
    expect(await screen.findByRole('heading', { name: 'You may not see clients' })).toBeVisible()
  })
})

describe('the timeline of a client', () => {
  it.each(['clients', 'ledger', 'people', 'approvals', 'reconciliation'] as const)('is read again when %s were changed', async (what) => {
    const empty = answer(TimelineDocument, () => ({ __typename: 'Query' as const, timeline: { __typename: 'TimelineConnection' as const, pageInfo: { __typename: 'PageInfo' as const, hasNextPage: false, endCursor: null }, edges: [] } }))
    const { asked } = renderRoom('/parties/p1', { answers: [read(), empty] })
    const times = () => asked.filter(({ name }) => name === 'Timeline').length
    await waitFor(() => expect(times()).toBe(1))
    act(() => announce(what))
    await waitFor(() => expect(times()).toBe(2))
  })
})

describe('what is kept secret', () => {
  const revealed: RevealSensitiveMutation = { __typename: 'Mutation', revealSensitive: { __typename: 'RevealSensitiveSuccess', value: '900-12-7697' } }
  const stepUp: RevealSensitiveMutation = { __typename: 'Mutation', revealSensitive: { __typename: 'StepUpRequired', code: 'STEP_UP_REQUIRED', message: 'Confirm it is you.', path: null } }

  it('is masked, wants a reason and a confirmation, and can be hidden again', async () => {
    let asked = 0
    const sentences: string[] = []
    const reply = answer(RevealSensitiveDocument, () => (asked++ === 0 ? stepUp : revealed))
    const { user, lastAsked } = renderRoom('/parties/p1', {
      answers: [read(), reply],
      stepUp: async (sentence) => {
        sentences.push(sentence)
        return true
      },
    })
    expect(await screen.findByText('•••••7697')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Reveal the Tax id' }))
    await user.click(await screen.findByRole('button', { name: 'Reveal it' }))
    expect(screen.getByText('Say why; a reason is kept with every look.')).toBeVisible()
    expect(lastAsked('RevealSensitive')).toBeUndefined()
    await user.type(screen.getByRole('textbox', { name: 'Why do you need it?' }), 'Form 1099 check')
    await user.click(screen.getByRole('button', { name: 'Reveal it' }))
    expect(await screen.findByText('900-12-7697')).toBeVisible()
    expect(sentences).toEqual(['You look at the tax id of Eleanor Whitfield. Reason: Form 1099 check'])
    expect(lastAsked('RevealSensitive')).toEqual({ input: { subjectId: 'p1', field: 'TAX_ID', reason: 'Form 1099 check' } })
    await user.click(screen.getByRole('button', { name: 'Hide' }))
    expect(screen.queryByText('900-12-7697')).toBeNull()
  })

  it('cannot be asked for without the right to', async () => {
    renderRoom('/parties/p1', { answers: [read({ viewerCan: [] })] })
    await screen.findByText('•••••7697')
    expect(screen.queryByRole('button', { name: /Reveal/ })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Add a tag' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'New note' })).toBeNull()
  })
})

describe('notes and tags', () => {
  const note: NotePartsFragment = {
    __typename: 'Note',
    id: 'n1',
    body: 'Prefers calls after four.',
    isPinned: true,
    createdAt: '2021-03-30T15:00:00Z',
    editedAt: null,
    version: 1,
    author: { __typename: 'ActorRef', kind: 'USER', id: 'u1', name: 'Priya Raman' },
  }
  const notes = (all: NotePartsFragment[]) => answer(NotesDocument, () => ({ __typename: 'Query' as const, notes: connection('NoteConnection', all) }))

  it('adds a note after it was written, and never an empty one', async () => {
    const added = answer(AddNoteDocument, () => ({ __typename: 'Mutation' as const, addNote: { __typename: 'AddNoteSuccess' as const, note } }))
    const { user, lastAsked, setAnswer } = renderRoom('/parties/p1', { answers: [read(), notes([]), added] })
    expect(await screen.findByText('No note yet')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'New note' }))
    await user.click(screen.getByRole('button', { name: 'Add the note' }))
    expect(screen.getByText('A note needs some words.')).toBeVisible()
    expect(lastAsked('AddNote')).toBeUndefined()
    await user.type(screen.getByRole('textbox', { name: 'New note' }), 'Prefers calls after four.')
    setAnswer(notes([note]))
    await user.click(screen.getByRole('button', { name: 'Add the note' }))
    expect(await screen.findByText('Priya Raman, 30 Mar 2021, 11:00')).toBeVisible()
    expect(screen.getByText('Pinned')).toBeVisible()
    expect(lastAsked('AddNote')).toEqual({ input: { subjectId: 'p1', body: 'Prefers calls after four.' } })
  })

  it('puts tags on and takes one off', async () => {
    const tagged = answer(TagSubjectsDocument, () => ({ __typename: 'Mutation' as const, tagSubjects: { __typename: 'TagSubjectsSuccess' as const, subjectCount: 1 } }))
    const untagged = answer(UntagSubjectsDocument, () => ({ __typename: 'Mutation' as const, untagSubjects: { __typename: 'UntagSubjectsSuccess' as const, subjectCount: 1 } }))
    const { user, lastAsked, setAnswer } = renderRoom('/parties/p1', { answers: [read(), tagged, untagged] })
    await user.click(await screen.findByRole('button', { name: 'Add a tag' }))
    await user.type(await screen.findByRole('textbox', { name: 'Tags, parted by commas' }), 'Estate plan, Review')
    setAnswer(read({ tags: ['VIP', 'Estate plan', 'Review'] }))
    await user.click(screen.getByRole('button', { name: 'Put the tags on' }))
    expect(await screen.findByText('Estate plan')).toBeVisible()
    expect(lastAsked('TagSubjects')).toEqual({ input: { subjectIds: ['p1'], tagNames: ['Estate plan', 'Review'] } })
    setAnswer(read({ tags: [] }))
    await user.click(screen.getByRole('button', { name: 'Take off the tag VIP' }))
    await waitFor(() => expect(screen.queryByText('VIP')).toBeNull())
    expect(lastAsked('UntagSubjects')).toEqual({ input: { subjectIds: ['p1'], tagNames: ['VIP'] } })
  })
})
