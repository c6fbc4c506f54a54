import type { PartyKind, RelationshipKind } from '@/generated/graphql'
import { Select } from '@/ui/Select'
import type { Found } from '@/ui/SearchPicker'
import { FIRST_STANDING, standingsOf } from './partyForm'
import { PartyPicker } from './pick'
import { rowKey, Rows } from './rows'
import { c } from './words'

export interface RelationRow {
  key: number
  standing: string
  who: Found | null
}

export const freshRelation = (kind: PartyKind): RelationRow => ({ key: rowKey(), standing: FIRST_STANDING[kind] ?? 'SPOUSE', who: null })

/** "is parent of", "has as trustee": how the new one stands to the other. */
export const standingWord = (id: string): string => c(`stands_${id}` as 'stands_SPOUSE')

interface RelationRowsProps {
  kind: PartyKind
  rows: readonly RelationRow[]
  onChange: (rows: RelationRow[]) => void
  suggested: readonly Found[]
  touched: boolean
  said: (place: number, ...fields: string[]) => string | undefined
}

/** What the new party is to others, read from it: "is parent of", "has as trustee". */
export function RelationRows({ kind, rows, onChange, suggested, touched, said }: RelationRowsProps) {
  const choices = standingsOf(kind).map((one) => ({ value: one.id, label: standingWord(one.id) }))
  return (
    <Rows rows={rows} onChange={onChange} fresh={() => freshRelation(kind)} add={c('addRelation')} remove={(place) => c('removeRelation', { place })}>
      {(row, place, set) => (
        <>
          <Select label={c('standing')} value={row.standing} onChange={(standing) => set({ standing })} choices={choices} error={said(place, 'kind')} className="sm:col-span-3" />
          <PartyPicker
            label={c('standingWho')}
            value={row.who}
            onChange={(who) => set({ who })}
            suggested={suggested}
            error={(touched && !row.who ? c('whoNeeded') : undefined) ?? said(place, 'otherId', 'relatedId', 'partyId')}
            className="sm:col-span-3"
          />
        </>
      )}
    </Rows>
  )
}

/** As the API takes it: `kind` is what the other one is to the new party; inverse, what the new one is to the other. */
export function relationInput(kind: PartyKind, row: RelationRow): { otherId: string; kind: RelationshipKind; isInverse: boolean } | null {
  const standing = standingsOf(kind).find((one) => one.id === row.standing)
  return row.who && standing ? { otherId: row.who.id, kind: standing.kind, isInverse: !standing.isInverse } : null
}
