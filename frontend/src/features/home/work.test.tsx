import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  AssignWorkItemDocument,
  CompleteWorkItemDocument,
  FindingListDocument,
  ResolveFindingDocument,
  WorkAssigneesDocument,
  WorkKindsDocument,
  WorkListDocument,
  type CompleteWorkItemMutation,
  type FindingRowFragment,
  type ResolveFindingMutation,
  type WorkRowFragment,
} from '@/generated/graphql'
import { answer, connection, failing, refusal, renderRoom } from '../../../tests/rooms'
import { findingsSearch, homeSearch, workFilter, workSearch } from './search'

function item(over: Partial<WorkRowFragment> = {}): WorkRowFragment {
  return {
    __typename: 'WorkItem',
    id: 'w1',
    kind: 'feeds.review_findings',
    title: 'Review 2 findings of the import',
    detail: 'From Summit demo book',
    severity: 'WARNING',
    state: 'OPEN',
    createdAt: '2021-03-31T14:00:00Z',
    dueAt: null,
    ownerRole: 'OPERATIONS',
    actionLabel: 'Review',
    actionPath: '/findings?job=j1',
    version: 1,
    viewerCan: ['COMPLETE_WORK_ITEM', 'ASSIGN_WORK_ITEM'],
    subject: null,
    assignee: null,
    ...over,
  }
}

const list = (rows: WorkRowFragment[]) => answer(WorkListDocument, () => ({ __typename: 'Query' as const, workItems: connection('WorkItemConnection', rows) }))
const kinds = answer(WorkKindsDocument, () => ({
  __typename: 'Query' as const,
  workSummary: { __typename: 'WorkSummary' as const, openCount: 1, groups: [{ __typename: 'WorkGroup' as const, kind: 'feeds.review_findings', label: 'Import findings to review', count: 1 }] },
}))
const open = async (view: ReturnType<typeof renderRoom>) => view.user.click(await screen.findByRole('img', { name: /Show details of Review 2 findings/ }))

describe('the work list', () => {
  it('is the queue’s row opened: filtered by the address, each with one way on', async () => {
    const { lastAsked } = renderRoom('/work?kind=feeds.review_findings&scope=mine', { answers: [list([item()]), kinds] })
    const grid = await screen.findByRole('grid', { name: 'Work items' })
    expect(within(grid).getByRole('link', { name: 'Review: Review 2 findings of the import' })).toHaveAttribute('href', '/findings?job=j1')
    expect(within(grid).getByText('6 h')).toBeVisible()
    expect(within(grid).getByText('Operations')).toBeVisible()
    expect(lastAsked('WorkList')).toMatchObject({ filter: { kinds: ['feeds.review_findings'], states: ['OPEN', 'IN_PROGRESS'], scope: 'MINE', subjectId: null } })
    expect(await screen.findByText('Import findings to review')).toBeVisible()
  })

  it('shows the work of a household and its accounts when it is opened from there', async () => {
    const { lastAsked } = renderRoom('/work?household=h1', { answers: [list([item()]), kinds] })
    await screen.findByRole('grid', { name: 'Work items' })
    expect(lastAsked('WorkList')).toMatchObject({ filter: { householdId: 'h1', subjectId: null, states: ['OPEN', 'IN_PROGRESS'] } })
  })

  it('marks an item as done with the version that was read', async () => {
    const done = answer(CompleteWorkItemDocument, (): CompleteWorkItemMutation => ({ __typename: 'Mutation', completeWorkItem: { __typename: 'CompleteWorkItemSuccess', workItem: item({ state: 'DONE' }) } }))
    const view = renderRoom('/work', { answers: [list([item()]), kinds, done] })
    await open(view)
    view.setAnswer(list([]))
    await view.user.click(await screen.findByRole('button', { name: 'Mark as done' }))
    expect(await screen.findByText('“Review 2 findings of the import” is done.')).toBeVisible()
    expect(view.lastAsked('CompleteWorkItem')).toEqual({ input: { workItemId: 'w1', expectedVersion: 1 } })
    expect(await screen.findByText('No work yet')).toBeVisible()
  })

  it('shows a refusal beside the action', async () => {
    const denied = answer(CompleteWorkItemDocument, (): CompleteWorkItemMutation => ({
      __typename: 'Mutation',
      completeWorkItem: { __typename: 'PermissionDenied', code: 'PERMISSION_DENIED', message: 'Only Operations may close this.', path: null },
    }))
    const view = renderRoom('/work', { answers: [list([item()]), kinds, denied] })
    await open(view)
    await view.user.click(await screen.findByRole('button', { name: 'Mark as done' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Only Operations may close this.')
  })

  it('gives an item to somebody', async () => {
    const people = answer(WorkAssigneesDocument, () => {
      const { totalCount: _totalCount, pageInfo: _pageInfo, ...users } = connection('UserConnection', [{ __typename: 'User' as const, id: 'u7', name: 'Marcus Teller' }])
      return { __typename: 'Query' as const, users }
    })
    const given = answer(AssignWorkItemDocument, () => ({
      __typename: 'Mutation' as const,
      assignWorkItem: { __typename: 'AssignWorkItemSuccess' as const, workItem: item({ assignee: { __typename: 'ActorRef', kind: 'user', id: 'u7', name: 'Marcus Teller' } }) },
    }))
    const view = renderRoom('/work', { answers: [list([item()]), kinds, people, given] })
    await open(view)
    await view.user.click(await screen.findByRole('button', { name: 'Give to' }))
    const dialog = await screen.findByRole('dialog', { name: 'Give to' })
    await view.user.click(await within(dialog).findByRole('button', { name: /Give this to/ }))
    await view.user.click(await screen.findByRole('option', { name: 'Marcus Teller' }))
    await view.user.click(screen.getByRole('button', { name: 'Give it' }))
    expect(await screen.findByText('“Review 2 findings of the import” now belongs to Marcus Teller.')).toBeVisible()
    expect(view.lastAsked('AssignWorkItem')).toEqual({ input: { workItemId: 'w1', assigneeId: 'u7', expectedVersion: 1 } })
  })

  it('offers nothing the server does not grant, and nothing on what is closed', async () => {
    const view = renderRoom('/work?state=all', { answers: [list([item({ viewerCan: [] })]), kinds] })
    await open(view)
    await screen.findByText('From Summit demo book')
    expect(screen.queryByRole('button', { name: 'Mark as done' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Give to' })).toBeNull()
  })

  it('tells no results from no permission', async () => {
    const first = renderRoom('/work?kind=x', { answers: [list([]), kinds] })
    expect(await screen.findByText('No item matches')).toBeVisible()
    first.unmount()
    renderRoom('/work', { answers: [failing(WorkListDocument, refusal('FORBIDDEN', 'Your roles do not allow it.')), kinds] })
    expect(await screen.findByText('You may not see the work of the firm')).toBeVisible()
  })
})

function finding(over: Partial<FindingRowFragment> = {}): FindingRowFragment {
  return {
    __typename: 'Finding',
    id: 'f1',
    code: 'UNPRICED',
    severity: 'BREACH',
    category: 'data_quality',
    message: 'Art collection has no price',
    state: 'OPEN',
    detectedAt: '2021-03-31T14:00:00Z',
    resolvedAt: null,
    resolutionReason: null,
    version: 1,
    viewerCan: ['RESOLVE_FINDING'],
    subject: { __typename: 'SubjectRef', id: 's', kind: 'security', label: 'Art collection, 14 works' },
    evidence: [{ __typename: 'FindingEvidence', label: 'Held by', value: 'Abernathy Trust' }],
    fix: { __typename: 'FindingFix', label: 'Enter a price', path: '/book' },
    ...over,
  }
}
const findings = (rows: FindingRowFragment[]) => answer(FindingListDocument, () => ({ __typename: 'Query' as const, findings: connection('FindingConnection', rows) }))

describe('findings', () => {
  it('say what, about what, with evidence and one fix', async () => {
    renderRoom('/findings?severity=breach', { answers: [findings([finding()])] })
    const each = await screen.findByRole('list', { name: 'Findings' })
    expect(within(each).getByText(/Art collection has no price/)).toBeVisible()
    expect(within(each).getByText('Art collection, 14 works')).toBeVisible()
    expect(within(each).getByText('Abernathy Trust')).toBeVisible()
    expect(within(each).getByRole('link', { name: 'Enter a price' })).toHaveAttribute('href', '/book')
  })

  it('are dismissed with a reason only, and a conflict keeps the words', async () => {
    const conflict = answer(ResolveFindingDocument, (): ResolveFindingMutation => ({
      __typename: 'Mutation',
      resolveFinding: { __typename: 'Conflict', code: 'CONFLICT', message: 'Somebody settled it meanwhile.', path: null, currentVersion: 2 },
    }))
    const view = renderRoom('/findings', { answers: [findings([finding()]), conflict] })
    await view.user.click(await screen.findByRole('button', { name: 'Dismiss' }))
    const dialog = await screen.findByRole('dialog', { name: 'Dismiss this finding' })
    await view.user.click(within(dialog).getByRole('button', { name: 'Dismiss' }))
    expect(await within(dialog).findByText('Say why: the reason is kept with the finding.')).toBeVisible()
    await view.user.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'Valued yearly by agreement')
    await view.user.click(within(dialog).getByRole('button', { name: 'Dismiss' }))
    expect(await within(dialog).findByText('Somebody settled it meanwhile.')).toBeVisible()
    expect(within(dialog).getByRole('textbox', { name: 'Reason' })).toHaveValue('Valued yearly by agreement')
    expect(view.lastAsked('ResolveFinding')).toEqual({ input: { findingId: 'f1', resolution: 'DISMISSED', reason: 'Valued yearly by agreement', expectedVersion: 1 } })
  })

  it('that are settled say when and why', async () => {
    renderRoom('/findings?state=resolved', { answers: [findings([finding({ state: 'RESOLVED', resolvedAt: '2021-03-31T15:00:00Z', resolutionReason: 'Priced', viewerCan: [] })])] })
    expect(await screen.findByText('Settled 31 Mar 2021, 11:00: Priced')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull()
  })

  it('tell first use from no results', async () => {
    const first = renderRoom('/findings', { answers: [findings([])] })
    expect(await screen.findByText(/Findings appear when an import/)).toBeVisible()
    first.unmount()
    renderRoom('/findings?severity=info', { answers: [findings([])] })
    await waitFor(() => expect(screen.getByText('No finding matches')).toBeVisible())
  })
})

it('drops what the addresses of this room may not say', () => {
  expect(homeSearch({ scope: 'everybody' })).toEqual({})
  expect(homeSearch({ scope: 'TEAM' })).toEqual({ scope: 'team' })
  expect(workSearch({ state: 'open', scope: 'firm', kind: '', subject: 7 })).toEqual({})
  expect(workFilter({ state: 'all' })).toEqual({ kinds: null, states: null, scope: 'FIRM', subjectId: null, householdId: null })
  expect(findingsSearch({ severity: 'loud', state: 'dismissed', job: 'j' })).toEqual({ state: 'dismissed', job: 'j' })
})
