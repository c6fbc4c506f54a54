import { codeName } from '@/ui/codeWords'
import type { Stage } from '@/ui/StageRail'
import type { StatusKind } from '@/ui/Status'

export const JOB_STATES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const
export type JobStateName = (typeof JOB_STATES)[number]

export const JOB_SHAPES: Record<JobStateName, StatusKind> = {
  QUEUED: 'waiting',
  RUNNING: 'progress',
  SUCCEEDED: 'fine',
  FAILED: 'breach',
  CANCELLED: 'cancelled',
}

export function isOver(state: JobStateName): boolean {
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED'
}

interface Staged {
  state: JobStateName
  stage: string
}

/** The names of the ends of the rail come from the catalogue; what happens between comes from the job itself. */
export function jobStages(job: Staged, seen: readonly string[], names: { queued: string; finished: string }): Stage[] {
  const over = isOver(job.state)
  const between = seen.filter((stage) => stage !== '' && !['queued', 'finished', 'done'].includes(stage.toLowerCase()))
  const at = between.indexOf(job.stage)
  return [
    { id: 'queued', name: names.queued, state: job.state === 'QUEUED' ? 'current' : 'done' },
    ...between.map(
      (stage, index): Stage => ({
        id: stage,
        name: codeName(stage),
        state: over || (at >= 0 && index < at) ? 'done' : stage === job.stage && job.state === 'RUNNING' ? 'current' : 'ahead',
      }),
    ),
    { id: 'finished', name: names.finished, state: over ? 'current' : 'ahead' },
  ]
}

/** The stages a job has gone through, in the order they were first seen. */
export function withStage(seen: readonly string[], stage: string): readonly string[] {
  return seen.includes(stage) ? seen : [...seen, stage]
}
