import type { Room } from '@/data/routes'

/** Pages that stand outside their room's own address. */
const ELSEWHERE: readonly (readonly [prefix: string, roomPath: string])[] = [
  ['/households/', '/book'],
  ['/accounts/', '/book'],
  ['/parties/', '/book'],
  ['/securities/', '/book'],
  ['/debts/', '/book'],
  ['/onboard', '/book'],
  ['/work', '/'],
  ['/findings', '/'],
  ['/approvals', '/'],
  ['/jobs', '/settings'],
  ['/close', '/settings'],
  ['/imports', '/settings'],
]

/** The room an address belongs to: the longest path that begins it. */
export function roomAt(pathname: string, rooms: readonly Room[]): Room | undefined {
  const home = ELSEWHERE.find(([prefix]) => pathname.startsWith(prefix))?.[1] ?? pathname
  return rooms
    .filter((room) => home === room.path || (room.path !== '/' && home.startsWith(`${room.path}/`)))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
}
