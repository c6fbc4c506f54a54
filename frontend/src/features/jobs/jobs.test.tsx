import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { CancelJobDocument, JobDetailDocument, JobListDocument, JobProgressDocument, type JobDetailQuery, type JobRowFragment } from '@/generated/graphql'
import { answer, connection, failing, push, refusal, renderRoom } from '../../../tests/rooms'
import { jobStages, withStage } from './stages'

function job(over: Partial<JobRowFragment> = {}): JobRowFragment {
  return {
    __typename: 'Job',
    id: 'j1',
    kind: 'feeds.import_bundle',
    title: 'Import of spring.zip',
    stage: 'validating',
    done: '200',
    total: '1000',
    state: 'RUNNING',
    requestedAt: '2021-03-31T19:00:00Z',
    startedAt: '2021-03-31T19:00:01Z',
    finishedAt: null,
    cancelRequested: false,
    error: null,
    viewerCan: ['CANCEL_JOB'],
    requestedBy: { __typename: 'ActorRef', kind: 'user', id: 'u1', name: 'Marcus Teller' },
    ...over,
  }
}

const NO_FINDINGS = { __typename: 'FindingConnection' as const, totalCount: 0, edges: [] }
const detail = (over: Partial<JobRowFragment> = {}, rest: Partial<Pick<NonNullable<JobDetailQuery['job']>, 'result' | 'findings'>> = {}) =>
  answer(JobDetailDocument, () => ({ __typename: 'Query' as const, job: { ...job(over), result: null, findings: NO_FINDINGS, ...rest } }))

const progress = (over: Partial<JobRowFragment>) => ({ __typename: 'Subscription' as const, jobProgress: { __typename: 'JobProgressEvent' as const, seq: '9', resync: false, job: job(over) } })

describe('a job', () => {
  it('stands on a rail of stages with its counts, and moves as the server says', async () => {
    renderRoom('/jobs/j1', { answers: [detail()] })
    expect(await screen.findByRole('heading', { level: 1, name: 'Import of spring.zip' })).toBeVisible()
    expect(screen.getByRole('progressbar', { name: 'Progress' })).toHaveAttribute('aria-valuenow', '20')
    const rail = screen.getByRole('list', { name: 'Stages' })
    expect(within(rail).getByText('Validating').closest('li')).toHaveAttribute('aria-current', 'step')
    await push(JobProgressDocument, progress({ stage: 'writing', done: '900' }))
    expect(await within(rail).findByText('Writing')).toBeVisible()
    expect(screen.getByRole('progressbar', { name: 'Progress' })).toHaveAttribute('aria-valuenow', '90')
    expect(within(rail).getByText('Writing').closest('li')).toHaveAttribute('aria-current', 'step')
  })

  it('reads its result and findings once it has ended', async () => {
    const { setAnswer } = renderRoom('/jobs/j1', { answers: [detail()] })
    await screen.findByRole('progressbar')
    const result = { dryRun: false, counts: { households: { created: 4, changed: 0, unchanged: 1 } }, problems: 0, warnings: 0, bookVersion: 8, problemList: [] }
    setAnswer(detail({ state: 'SUCCEEDED', stage: 'done', finishedAt: '2021-03-31T19:00:31Z', viewerCan: [] }, { result }))
    await push(JobProgressDocument, progress({ state: 'SUCCEEDED', stage: 'done' }))
    expect(await screen.findByText('The bundle is in the books.')).toBeVisible()
    expect(screen.getByText('Book version 8')).toBeVisible()
    expect(screen.getByText('Took 30 seconds')).toBeVisible()
    expect(screen.queryByRole('progressbar')).toBeNull()
  })

  it('can be cancelled by those who may, and says what becomes of its work', async () => {
    const cancelled = answer(CancelJobDocument, () => ({ __typename: 'Mutation' as const, cancelJob: { __typename: 'CancelJobSuccess' as const, job: job({ cancelRequested: true }) } }))
    const { user, setAnswer, lastAsked } = renderRoom('/jobs/j1', { answers: [detail(), cancelled] })
    const button = await screen.findByRole('button', { name: 'Cancel the job' })
    setAnswer(detail({ cancelRequested: true }))
    await user.click(button)
    expect(await screen.findByText('Stopping at the next safe point. What it did is undone.')).toBeVisible()
    expect(lastAsked('CancelJob')).toEqual({ input: { jobId: 'j1' } })
    expect(screen.queryByRole('button', { name: 'Cancel the job' })).toBeNull()
  })

  it('says why it failed and that nothing of it remains', async () => {
    renderRoom('/jobs/j1', { answers: [detail({ state: 'FAILED', error: 'prices.csv could not be read.', viewerCan: [] })] })
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('prices.csv could not be read.')
    expect(alert).toHaveTextContent('Nothing of it remains in the books.')
  })

  it('that may not be seen is not told from one that is not there', async () => {
    renderRoom('/jobs/zz', { answers: [failing(JobDetailDocument, refusal('NOT_FOUND', 'No such job for you.'))] })
    expect(await screen.findByRole('heading', { name: 'This job cannot be shown' })).toBeVisible()
  })
})

describe('the list of jobs', () => {
  const list = (rows: JobRowFragment[]) => answer(JobListDocument, () => ({ __typename: 'Query' as const, jobs: connection('JobConnection', rows) }))

  it('is filtered by the address', async () => {
    const { lastAsked } = renderRoom('/jobs?state=failed', { answers: [list([job({ state: 'FAILED' })])] })
    expect(await screen.findByRole('link', { name: 'Import of spring.zip' })).toHaveAttribute('href', '/jobs/j1')
    expect(lastAsked('JobList')).toMatchObject({ filter: { kinds: null, states: ['FAILED'] } })
  })

  it('tells first use from no results', async () => {
    const first = renderRoom('/jobs', { answers: [list([])] })
    expect(await screen.findByText('No jobs yet')).toBeVisible()
    first.unmount()
    renderRoom('/jobs?state=running', { answers: [list([])] })
    await waitFor(() => expect(screen.getByText('No job matches')).toBeVisible())
  })
})

describe('stages', () => {
  const names = { queued: 'Queued', finished: 'Finished' }
  it.each([
    [{ state: 'QUEUED' as const, stage: 'queued' }, ['queued'], 'Queued:current Finished:ahead'],
    [{ state: 'RUNNING' as const, stage: 'writing' }, ['queued', 'validating', 'writing'], 'Queued:done Validating:done Writing:current Finished:ahead'],
    [{ state: 'SUCCEEDED' as const, stage: 'done' }, ['validating', 'done'], 'Queued:done Validating:done Finished:current'],
  ])('%j after %j', (at, seen, expected) => {
    expect(jobStages(at, seen, names).map(({ name, state }) => `${name}:${state}`).join(' ')).toBe(expected)
  })
  it('are remembered in the order they were seen', () => {
    expect(withStage(withStage(['a'], 'b'), 'a')).toEqual(['a', 'b'])
  })
})
