/** Where a search hit opens. */
export const SEARCHED_KINDS = ['HOUSEHOLD', 'PARTY', 'ACCOUNT', 'SECURITY', 'USER'] as const

export function pathOfHit(kind: string, id: string): string {
  switch (kind) {
    case 'HOUSEHOLD':
      return `/households/${encodeURIComponent(id)}`
    case 'ACCOUNT':
      return `/accounts/${encodeURIComponent(id)}`
    case 'PARTY':
      return `/parties/${encodeURIComponent(id)}`
    case 'SECURITY':
      return `/securities/${encodeURIComponent(id)}`
    default:
      return `/settings/users?user=${encodeURIComponent(id)}`
  }
}
