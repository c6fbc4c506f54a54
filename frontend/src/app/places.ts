/** Where a search hit opens. A kind without a page of its own is not offered. */
export const SEARCHED_KINDS = ['HOUSEHOLD', 'ACCOUNT', 'USER'] as const

export function pathOfHit(kind: string, id: string): string {
  switch (kind) {
    case 'HOUSEHOLD':
      return `/households/${encodeURIComponent(id)}`
    case 'ACCOUNT':
      return `/accounts/${encodeURIComponent(id)}`
    default:
      return `/settings/users?user=${encodeURIComponent(id)}`
  }
}
