import { useCallback, useMemo, type ReactNode } from 'react'
import { useClient, type TypedDocumentNode } from 'urql'
import { useRead } from '@/data'
import { AccountSearchDocument, FamilyAtHandDocument, HouseholdSearchDocument, PartySearchDocument, type PartyKind } from '@/generated/graphql'
import { SearchPicker, type Found } from '@/ui/SearchPicker'
import { partyWord } from '@/ui/party/words'
import { c } from './words'

interface Hits {
  search: { groups: readonly { hits: readonly { id: string; title: string; subtitle: string | null }[] }[] }
}

function useHits<D extends Hits>(document: TypedDocumentNode<D, { query: string }>): (query: string, signal: AbortSignal) => Promise<Found[]> {
  const client = useClient()
  return useCallback(
    async (query, signal) => {
      const { data } = await client.query(document, { query }, { requestPolicy: 'network-only', fetchOptions: { signal, credentials: 'same-origin' } }).toPromise()
      return (data?.search.groups ?? []).flatMap((group) => group.hits.map((hit) => ({ id: hit.id, label: hit.title, detail: hit.subtitle })))
    },
    [client, document],
  )
}

export interface Member extends Found {
  kind: PartyKind
  role: string
}

const NOBODY: readonly Member[] = []

/** The people and entities of a household, for pickers; nobody without one. */
export function useMembers(householdId: string | null): readonly Member[] {
  const { data } = useRead(FamilyAtHandDocument, { id: householdId ?? '' }, { pause: householdId === null })
  const members = data?.household?.members
  return useMemo(() => members?.map(({ party, role }) => ({ id: party.id, label: party.name, kind: party.kind, role, detail: `${partyWord('kind', party.kind)}, ${partyWord('member', role)}` })) ?? NOBODY, [members])
}

/** The accounts of a household, for pickers. */
export function useAccountsAtHand(householdId: string): readonly Found[] {
  const { data } = useRead(FamilyAtHandDocument, { id: householdId })
  const edges = data?.household?.accounts.edges
  return useMemo(() => edges?.map(({ node }) => ({ id: node.id, label: node.name, detail: node.accountNumberLast4 })) ?? [], [edges])
}

interface PickerProps {
  label: ReactNode
  value: Found | null
  onChange: (value: Found | null) => void
  error?: ReactNode
  description?: ReactNode
  suggested?: readonly Found[]
  className?: string
}

/** One person or entity of the firm's; those of the household first. */
export function PartyPicker(props: PickerProps) {
  const search = useHits(PartySearchDocument)
  return <SearchPicker {...props} search={search} placeholder={c('pickParty')} none={c('pickNobody')} />
}

export function AccountPicker(props: PickerProps) {
  const search = useHits(AccountSearchDocument)
  return <SearchPicker {...props} search={search} placeholder={c('pickAccount')} none={c('pickNoAccount')} />
}

export function HouseholdPicker(props: PickerProps) {
  const search = useHits(HouseholdSearchDocument)
  return <SearchPicker {...props} search={search} placeholder={c('pickHousehold')} none={c('pickNoHousehold')} />
}
