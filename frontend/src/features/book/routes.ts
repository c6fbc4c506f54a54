import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import UsersRound from 'lucide-react/icons/users-round'
import { shellRoute, startRead, roomWords, type Room } from '@/data'
import { BookTilesDocument, BookTotalDocument } from '@/generated/graphql'
import { baseFilter, bookSearch, compact, filterOf } from './search'

export const bookRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/book',
  validateSearch: bookSearch,
  loaderDeps: ({ search: { q, min, max, needs, cash, tag, book, standing } }) => compact({ q, min, max, needs, cash, tag, book, standing }),
  loader: ({ context, deps }) => {
    startRead(context.client, BookTotalDocument, { filter: filterOf(deps) })
    startRead(context.client, BookTilesDocument, { filter: baseFilter(deps) })
  },
  component: lazyRouteComponent(() => import('./BookPage'), 'BookPage'),
})

export const bookRoutes = [bookRoute] as const

export const bookRoom: Room = { id: 'book', path: '/book', label: () => roomWords('book'), icon: UsersRound, permission: 'households.read' }
