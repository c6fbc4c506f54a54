import type { PerformanceScope } from '@/generated/graphql'
import type { Access } from './Capacity'

/** Whose returns are shown: what was opened in the capacity chosen, or everything that is open together. */
export function scopeOf(accesses: readonly Access[], capacity: string | null): PerformanceScope {
  const open = accesses.filter((each) => each.state === 'IN_FORCE')
  const access = capacity === null ? (open.length === 1 ? open[0] : undefined) : accesses.find((each) => each.id === capacity)
  const subject = access?.subject
  switch (subject?.kind) {
    case 'household':
      return { householdId: subject.id }
    case 'account':
      return { accountId: subject.id }
    case 'party':
      return { partyId: subject.id }
    default:
      return { firm: true }
  }
}

/** Whether everything that is shown was opened to the person as their own. */
export function isOwnIn(accesses: readonly Access[], capacity: string | null): boolean {
  const shown = accesses.filter((each) => (capacity === null ? each.state === 'IN_FORCE' : each.id === capacity))
  return shown.length > 0 && shown.every((each) => each.relationship === 'SELF')
}
