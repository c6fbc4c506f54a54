import { useCallback } from 'react'
import { useClient } from 'urql'
import { GrantSubjectsDocument, UserChoicesDocument, type UserChoicesQuery } from '@/generated/graphql'
import type { Found } from '@/ui/SearchPicker'

type Choice = UserChoicesQuery['users']['edges'][number]['node']

/** Somebody to share with: what they may be to it follows from being staff or client. */
export interface Somebody extends Found {
  kind: Choice['kind']
  scope: Choice['scope']
}

/** Something to share. */
export interface Something extends Found {
  kind: string
}

const asks = (signal: AbortSignal) => ({ requestPolicy: 'network-only', fetchOptions: { signal, credentials: 'same-origin' } }) as const

export function somebody({ id, name, email, kind, scope }: Choice): Somebody {
  return { id, label: name, detail: email, kind, scope }
}

/** People by name or address, for pickers; not those who can no longer sign in. */
export function usePeopleSearch(): (query: string, signal: AbortSignal) => Promise<Somebody[]> {
  const client = useClient()
  return useCallback(
    async (query, signal) => {
      const { data } = await client.query(UserChoicesDocument, { nameContains: query }, asks(signal)).toPromise()
      return (data?.users.edges ?? []).map(({ node }) => somebody(node))
    },
    [client],
  )
}

/** Households, people and accounts by name. */
export function useSubjectSearch(): (query: string, signal: AbortSignal) => Promise<Something[]> {
  const client = useClient()
  return useCallback(
    async (query, signal) => {
      const { data } = await client.query(GrantSubjectsDocument, { query }, asks(signal)).toPromise()
      return (data?.search.groups ?? []).flatMap((group) => group.hits.map((hit) => ({ id: hit.id, label: hit.title, detail: hit.subtitle, kind: hit.kind.toLowerCase() })))
    },
    [client],
  )
}
