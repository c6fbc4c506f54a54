/** What the signed-in person may do, as the server said; the server decides again on every request. */
export interface Viewer {
  id: string
  name: string
  email: string
  kind: 'STAFF' | 'CLIENT'
  roles: readonly string[]
  permissions: readonly string[]
  scope: 'FIRM' | 'LIMITED'
}

/** Acts on the firm as a whole: whoever sees a part of it is refused them, whatever the roles. */
const FIRM_ONLY: readonly string[] = ['imports.run', 'users.invite']

export function may(viewer: Pick<Viewer, 'permissions' | 'scope'>, permission: string | undefined): boolean {
  if (permission === undefined) return true
  return viewer.permissions.includes(permission) && (viewer.scope === 'FIRM' || !FIRM_ONLY.includes(permission))
}

/** A new household is seen by nobody who sees a part of the firm only: they are refused it. */
export function mayMakeHouseholds(viewer: Pick<Viewer, 'permissions' | 'scope'>): boolean {
  return viewer.scope === 'FIRM' && viewer.permissions.includes('households.edit')
}

/** A capability on one object (`viewerCan`), as opposed to a permission of the person. */
export function can<C extends string>(subject: { viewerCan: readonly C[] }, capability: C): boolean {
  return subject.viewerCan.includes(capability)
}

/** "Priya Raman" is "PR". */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = words[0]?.[0] ?? ''
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? '') : ''
  return (first + last).toUpperCase()
}
